import { messages, more, readMessages } from "../../lib/api";
import type { Message } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { pageFor } from "../../lib/going";
import { moment } from "../../lib/words";

type Row = Message & { when: string };

function rowsOf(results: Message[]): Row[] {
  return results.map((message) => ({ ...message, when: moment(message.told_at) }));
}

/** One's messages, newest first. Who has them on the screen has read them. */
Component({
  data: { ...ASKING, rows: [] as Row[], next: null as string | null, isEmpty: false },
  methods: {
    async onShow() {
      dress(this);
      await attempt(this, async () => {
        const { results, next } = await messages();
        this.setData({ rows: rowsOf(results), next, isEmpty: !results.length });
        if (results.some(({ is_read }) => !is_read)) await readMessages();
      });
    },
    async onPullDownRefresh() {
      await this.onShow();
      wx.stopPullDownRefresh();
    },
    async onReachBottom() {
      const { next } = this.data;
      if (!next || this.data.isBusy) return;
      await attempt(this, async () => {
        const page = await more<Message>(next);
        this.setData({ rows: [...this.data.rows, ...rowsOf(page.results)], next: page.next });
      });
    },
    open(event: WechatMiniprogram.BaseEvent) {
      wx.navigateTo({ url: pageFor((event.currentTarget.dataset as { path: string }).path) });
    },
  },
});
