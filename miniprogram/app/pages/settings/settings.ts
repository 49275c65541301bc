import { choices, choose, devices, signOutDevice } from "../../lib/api";
import type { Choices, Device } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { goHome, goToSignIn, pageFor } from "../../lib/going";
import { choosePrint } from "../../lib/print";
import { forgetPerson, isSignedIn } from "../../lib/session";
import { moment } from "../../lib/words";

const WAYS: Record<string, string> = { wechat: "微信小程序", official: "微信公众号", sms: "短信" };
const HOURS = [8, 11, 14, 17, 20];

/** How one wants to be told, where one is signed in, and how large the print is. */
Component({
  data: {
    ...ASKING,
    isSignedIn: false,
    done: "",
    chosen: null as Choices | null,
    ways: [] as { value: string; words: string; is_on: boolean }[],
    hours: [] as { value: number; is_on: boolean }[],
    devices: [] as (Device & { when: string })[],
  },
  methods: {
    async onShow() {
      dress(this);
      this.setData({ isSignedIn: isSignedIn() });
      if (this.data.isSignedIn) await attempt(this, () => this.read());
    },
    async read() {
      const [chosen, rows] = await Promise.all([choices(), devices()]);
      this.setData({ devices: rows.map((device) => ({ ...device, when: moment(device.signed_in_at) })) });
      this.show(chosen);
    },
    show(chosen: Choices) {
      this.setData({
        chosen,
        ways: Object.keys(WAYS).map((value) => ({ value, words: WAYS[value], is_on: chosen.ways.includes(value) })),
        hours: HOURS.map((value) => ({ value, is_on: chosen.digest_hours.includes(value) })),
      });
    },
    choosePrint(event: WechatMiniprogram.SwitchChange) {
      choosePrint(event.detail.value);
      dress(this);
    },
    chooseWay(event: WechatMiniprogram.SwitchChange) {
      const { value } = event.currentTarget.dataset as { value: string };
      const { ways, digest_hours } = this.data.chosen as Choices;
      const others = ways.filter((way) => way !== value);
      return this.keep({ ways: event.detail.value ? [...others, value] : others, digest_hours });
    },
    chooseHour(event: WechatMiniprogram.SwitchChange) {
      const { value } = event.currentTarget.dataset as { value: number };
      const { ways, digest_hours } = this.data.chosen as Choices;
      const others = digest_hours.filter((hour) => hour !== value);
      return this.keep({ ways, digest_hours: event.detail.value ? [...others, value] : others });
    },
    /** At once; what was refused goes back to how it was. */
    async keep(chosen: Choices) {
      const before = this.data.chosen as Choices;
      this.show(chosen);
      const isKept = await attempt(this, () => choose(chosen));
      if (isKept) this.setData({ done: "记下了。" });
      else this.show(before);
    },
    signOutOther(event: WechatMiniprogram.BaseEvent) {
      const { id } = event.currentTarget.dataset as { id: number };
      return attempt(this, async () => {
        await signOutDevice(id);
        await this.read();
      });
    },
    /** The token ends at the portal too; without a line it is at least gone from here. */
    async signOut() {
      const own = this.data.devices.find(({ is_this }) => is_this);
      if (own) await attempt(this, () => signOutDevice(own.id));
      forgetPerson();
      goHome();
    },
    signIn() {
      goToSignIn();
    },
    open(event: WechatMiniprogram.BaseEvent) {
      wx.navigateTo({ url: pageFor((event.currentTarget.dataset as { path: string }).path) });
    },
    openPrivacyContract() {
      wx.openPrivacyContract({ fail: () => undefined }); // WeChat itself says that it could not
    },
  },
});
