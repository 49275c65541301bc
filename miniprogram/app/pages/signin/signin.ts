import { ASKING, attempt, dress } from "../../lib/asking";
import { signInStep, weChatCode } from "../../lib/client";
import type { Body, SignedIn } from "../../lib/client";
import { comeBack, goHome, pageFor } from "../../lib/going";
import { isSignedIn } from "../../lib/session";

const OF_STEP: Record<string, string[]> = {
  sms: ["phone"],
  code: ["code"],
  newcomer: ["name", "is_child", "birth_date", "has_agreed"],
  guardian: ["guardian_name", "guardian_phone", "code", "has_agreed"],
  second_factor: ["code"],
};

/** Signing in, a step at a time; which one is next the portal says. Then back to where one was. */
Component({
  data: {
    ...ASKING,
    step: "start",
    shownCode: "",
    isSent: false,
    today: "",
    values: {} as Record<string, string | boolean>,
  },
  methods: {
    onLoad() {
      this.setData({ today: new Date().toISOString().slice(0, 10) });
    },
    onShow() {
      dress(this);
    },
    /** Gone back without signing in: the page below would send them here again. */
    onUnload() {
      if (!isSignedIn()) goHome();
    },
    type(event: WechatMiniprogram.CustomEvent<{ value: string | boolean }>) {
      const { name } = event.currentTarget.dataset as { name: string };
      this.setData({ [`values.${name}`]: event.detail.value });
    },
    openNotice() {
      wx.navigateTo({ url: pageFor("/privacy/") });
    },
    bySms() {
      this.setData({ step: "sms", shownCode: "" });
    },
    byWeChat() {
      return this.take(async () => signInStep("wechat", { code: await weChatCode() }));
    },
    async byWeChatPhone(event: WechatMiniprogram.CustomEvent<{ code?: string }>) {
      const { code } = event.detail; // none: the person would rather not
      if (code) await this.take(() => signInStep("wechat-phone", { code }));
    },
    sendCode() {
      return this.step("phone", ["phone"]);
    },
    proveCode() {
      return this.step("code", ["code"]);
    },
    introduce() {
      return this.step("newcomer", OF_STEP.newcomer);
    },
    async askGuardian() {
      const isSent = await this.step("guardian-phone", ["guardian_name", "guardian_phone"]);
      if (isSent) this.setData({ isSent });
    },
    guardianAgrees() {
      return this.step("guardian", OF_STEP.guardian);
    },
    proveSecondFactor() {
      return this.step("second-factor", ["code"]);
    },
    /** Sends these of what was typed; a tick that is not set is not said. */
    step(name: string, of: string[]) {
      const body: Body = {};
      for (const field of of) if (this.data.values[field]) body[field] = this.data.values[field];
      return this.take(() => signInStep(name, body));
    },
    take(ask: () => Promise<SignedIn>) {
      return attempt(
        this,
        async () => {
          const { next, shown_code } = await ask();
          if (next === "") return comeBack();
          this.setData({ step: next, shownCode: shown_code, "values.code": "" });
        },
        OF_STEP[this.data.step],
      );
    },
  },
});
