import { answerService, checkIn, checkOut, service } from "../../lib/api";
import type { Service } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { newKey } from "../../lib/keys";
import { dropPhotos } from "../../lib/photos";
import { span } from "../../lib/words";

const OWN = ["code", "words", "photos"];
const CODE = /(?:^|\D)(\d{6})(?!\d)/;

function position(): Promise<{ latitude: number; longitude: number } | null> {
  return new Promise((resolve) => {
    const success = ({ latitude, longitude }: WechatMiniprogram.GetLocationSuccessCallbackResult) =>
      resolve({ latitude, longitude });
    wx.getLocation({ type: "wgs84", success, fail: () => resolve(null) });
  });
}

/** One service of a volunteer: answered, signed in to, signed out of. */
Component({
  data: {
    ...ASKING,
    number: "",
    service: null as Service | null,
    when: "",
    mates: "",
    done: "",
    code: "",
    words: "",
    photos: [] as string[],
    key: "",
  },
  methods: {
    onLoad({ number }: { number: string }) {
      this.setData({ number, key: newKey() });
    },
    async onShow() {
      dress(this);
      await attempt(this, async () => this.show(await service(this.data.number)));
    },
    async onPullDownRefresh() {
      await this.onShow();
      wx.stopPullDownRefresh();
    },
    show(shown: Service, done = "") {
      const when = span(shown.begins_at, shown.ends_at);
      this.setData({ service: shown, when, mates: shown.mates.join("、"), done, key: newKey() });
    },
    /** Under the key of before until it has come: sent again, it is done once. */
    tell(send: (key: string) => Promise<Service>, done: string) {
      return attempt(this, async () => this.show(await send(this.data.key), done), OWN);
    },
    answer(event: WechatMiniprogram.BaseEvent) {
      const { answer } = event.currentTarget.dataset as { answer: "accept" | "decline" };
      const done = answer === "accept" ? "谢谢您，到时候见。" : "知道了，没关系，下次再请您。";
      return this.tell((key) => answerService(this.data.number, answer, key), done);
    },
    scan() {
      wx.scanCode({
        success: ({ result }) => {
          const match = CODE.exec(result);
          if (match) this.arrive(match[1]);
          else this.setData({ problem: "这不是签到码。请扫门口的码，或填 6 位数字。" });
        },
      });
    },
    typeCode(event: WechatMiniprogram.Input) {
      this.setData({ code: event.detail.value });
    },
    arriveByCode() {
      return this.arrive(this.data.code);
    },
    arrive(code: string) {
      this.setData({ code });
      return this.tell((key) => checkIn(this.data.number, { code }, key), "签到好了。");
    },
    async arriveHere() {
      const here = await position();
      if (here) return this.tell((key) => checkIn(this.data.number, { ...here }, key), "签到好了。");
      return this.setData({ problem: "没有取到位置。请在微信的设置里允许这一次，或请社区帮您签到。" });
    },
    typeWords(event: WechatMiniprogram.Input) {
      this.setData({ words: event.detail.value });
    },
    choosePhotos(event: WechatMiniprogram.CustomEvent<{ value: string[] }>) {
      dropPhotos(this.data.photos.filter((photo) => !event.detail.value.includes(photo)));
      this.setData({ photos: event.detail.value });
    },
    async depart() {
      if (this.data.isBusy) return;
      const { number, words, photos } = this.data;
      const send = (key: string) => checkOut(number, words, photos, key);
      if (await this.tell(send, "签退好了，辛苦您！时数公示 3 个工作日后计入。")) dropPhotos(photos);
    },
    openWeb() {
      const path = encodeURIComponent(`/volunteers/orders/${this.data.number}/`);
      wx.navigateTo({ url: `/pages/open/open?web=1&path=${path}` });
    },
  },
});
