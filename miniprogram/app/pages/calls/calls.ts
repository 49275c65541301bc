import { answerCall, calls } from "../../lib/api";
import type { CallOut } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { moment } from "../../lib/words";

const ANSWERS = [
  { value: "yes", words: "能到" },
  { value: "no", words: "不能" },
  { value: "here", words: "已到" },
];

type Row = CallOut & { when: string; answered: string };

/** Calls in an emergency or a drill: one tap answers. The one that was opened stands first. */
Component({
  data: { ...ASKING, first: "", rows: [] as Row[], answers: ANSWERS, isEmpty: false },
  methods: {
    onLoad({ key }: { key?: string }) {
      this.setData({ first: key || "" });
    },
    async onShow() {
      dress(this);
      await attempt(this, () => this.read());
    },
    async onPullDownRefresh() {
      await this.onShow();
      wx.stopPullDownRefresh();
    },
    async read() {
      const rows = (await calls()).map((call) => ({
        ...call,
        when: moment(call.called_at),
        answered: (ANSWERS.find(({ value }) => value === call.answer) || { words: "" }).words,
      }));
      const isFirst = ({ key }: Row) => key === this.data.first;
      this.setData({ rows: [...rows.filter(isFirst), ...rows.filter((row) => !isFirst(row))], isEmpty: !rows.length });
    },
    answer(event: WechatMiniprogram.BaseEvent) {
      const { key, answer } = event.currentTarget.dataset as { key: string; answer: string };
      return attempt(this, async () => {
        await answerCall(key, answer);
        await this.read();
      });
    },
  },
});
