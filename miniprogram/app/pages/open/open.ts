import { SERVER } from "../../config";
import { ticket } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { isOpenToEverybody, nativePage, scannedPath } from "../../lib/going";
import { isSignedIn } from "../../lib/session";

interface Asked {
  path?: string;
  q?: string; // a QR code of our own site, scanned with WeChat
  scene?: string; // a mini-program code: the path without the slashes around it
  web?: string; // the page of the web, also where there is one here
}

/** "/" where it leads nowhere of ours. */
function pathOf({ path, q, scene }: Asked): string {
  if (path) {
    const asked = decodeURIComponent(path);
    return /^\/(?![/\\])/.test(asked) ? asked : "/";
  }
  if (q) return scannedPath(decodeURIComponent(q)) || "/";
  return scene ? `/${decodeURIComponent(scene).replace(/^\/+|\/+$/g, "")}/` : "/";
}

/** A page of the portal: the one here where there is one, else the web's, opened signed in by a ticket that is good once. */
Component({
  data: { ...ASKING, path: "/", isNative: false, url: "" },
  methods: {
    onLoad(asked: Asked) {
      const path = pathOf(asked);
      const native = asked.web ? null : nativePage(path);
      this.setData({ path, isNative: native !== null });
      if (native) wx.redirectTo({ url: native, fail: () => wx.reLaunch({ url: native }) });
    },
    /** Again after a sign-in. The ticket of before is spent: what is open stays open. */
    onShow() {
      dress(this);
      if (!this.data.url && !this.data.isBusy && !this.data.isNative) this.open();
    },
    async open() {
      if (!isSignedIn() && isOpenToEverybody(this.data.path)) return this.setData({ url: SERVER + this.data.path });
      await attempt(this, async () => this.setData({ url: (await ticket(this.data.path)).url }));
    },
    onWebError() {
      this.setData({ url: "", problem: "这一页没有打开，请检查网络，再试一次。" });
    },
    /** The path, never the ticket: whoever gets it opens it as themselves. */
    onShareAppMessage() {
      return { title: "政和社区治理", path: `/pages/open/open?path=${encodeURIComponent(this.data.path)}` };
    },
  },
});
