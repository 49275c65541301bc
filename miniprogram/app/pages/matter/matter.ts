import { act, matter } from "../../lib/api";
import type { Arrow, Matter } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { newKey } from "../../lib/keys";
import { dropPhotos } from "../../lib/photos";
import { Problem } from "../../lib/refusals";
import { timeLeft, until } from "../../lib/words";

const ASKED_HERE = ["words", "photos", "score", "is_solved"];
const MOVED_ON = [409, 422]; // somebody was faster; what was sent before has come: either way what is shown is old

interface Given {
  words: string;
  score?: number;
  is_solved?: boolean;
}

function fieldsOf({ needs, may_say }: Arrow): string[] {
  return [...needs, ...may_say];
}

function starsOf(score: number) {
  return [1, 2, 3, 4, 5].map((value) => ({
    value,
    sign: value > score ? "☆" : "★",
    words: `${value} 星${value === score ? "，已选" : ""}`,
  }));
}

/** One matter: how it stands, what happened, and what this person may do next. */
Component({
  data: {
    ...ASKING,
    number: "",
    matter: null as Matter | null,
    left: "",
    by: "",
    done: "",
    stars: starsOf(0),
    chosen: null as Arrow | null,
    asks: {} as Record<string, boolean>,
    given: { words: "" } as Given,
    photos: [] as string[],
    key: "",
  },
  methods: {
    onLoad({ number }: { number: string }) {
      this.setData({ number });
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
      const read = await matter(this.data.number);
      const asksMe = read.arrows.some(({ verb }) => verb === "rate");
      const limit = read.closed_at ? "" : until(read.due_at);
      const by = limit && (asksMe ? `请在 ${limit} 前评价` : `最迟 ${limit}`);
      this.setData({ matter: read, left: timeLeft(read), by });
    },
    choose(event: WechatMiniprogram.BaseEvent) {
      const { verb } = event.currentTarget.dataset as { verb: string };
      const chosen = (this.data.matter as Matter).arrows.find((arrow) => arrow.verb === verb) as Arrow;
      const fields = fieldsOf(chosen);
      const isHere = !chosen.has_page && fields.every((name) => ASKED_HERE.includes(name));
      if (!isHere) return this.web(`/cases/${this.data.number}/${verb}/`);
      const asks: Record<string, boolean> = { needsWords: chosen.needs.includes("words") };
      for (const name of fields) asks[name] = true;
      this.setData({ chosen, asks, given: { words: "" }, stars: starsOf(0), photos: [] });
      this.setData({ key: newKey(), done: "" });
    },
    type(event: WechatMiniprogram.Input) {
      this.setData({ "given.words": event.detail.value });
    },
    pick(event: WechatMiniprogram.BaseEvent) {
      const { name, value } = event.currentTarget.dataset as { name: string; value: number | boolean };
      this.setData({ [`given.${name}`]: value });
      if (name === "score") this.setData({ stars: starsOf(Number(value)) });
    },
    choosePhotos(event: WechatMiniprogram.CustomEvent<{ value: string[] }>) {
      dropPhotos(this.data.photos.filter((photo) => !event.detail.value.includes(photo)));
      this.setData({ photos: event.detail.value });
    },
    leave() {
      dropPhotos(this.data.photos);
      this.setData({ chosen: null, photos: [], problem: "", fields: {} });
    },
    async send() {
      if (this.data.isBusy) return;
      const { chosen, given, photos, key, number } = this.data;
      const { verb, label } = chosen as Arrow;
      const body = { ...given, version: (this.data.matter as Matter).version };
      await attempt(
        this,
        async () => {
          try {
            await act(number, verb, body, photos, key);
          } catch (refusal) {
            if (refusal instanceof Problem && MOVED_ON.includes(refusal.status)) {
              this.leave();
              await this.read();
            }
            throw refusal;
          }
          this.leave();
          this.setData({ done: `好了：${label}。` });
          await this.read();
        },
        ASKED_HERE,
      );
    },
    openWeb(event: WechatMiniprogram.BaseEvent) {
      this.web((event.currentTarget.dataset as { path: string }).path);
    },
    web(path: string) {
      wx.navigateTo({ url: `/pages/open/open?web=1&path=${encodeURIComponent(path)}` });
    },
  },
});
