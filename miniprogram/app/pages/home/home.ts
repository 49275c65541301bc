import { calls, messages } from "../../lib/api";
import type { CallOut } from "../../lib/api";
import { ASKING, dress } from "../../lib/asking";
import { pageFor } from "../../lib/going";
import { shown } from "../../lib/refusals";
import { isSignedIn } from "../../lib/session";

/** Where everything begins. Nobody has to sign in to look at it. */
Component({
  data: {
    ...ASKING,
    calling: null as CallOut | null,
    unread: 0,
    tiles: [
      { words: "我的事项", path: "/pages/matters/matters" },
      { words: "我的网格", path: "/pages/grid/grid" },
      { words: "志愿服务", path: "/pages/services/services" },
    ],
    web: [
      { words: "申请调解纠纷", path: "/disputes/new/" },
      { words: "约法律、心理专家", path: "/experts/" },
      { words: "身边的阵地和活动", path: "/centres/" },
      { words: "我预约的场地", path: "/bookings/" },
      { words: "大家议事和表决", path: "/topics/" },
      { words: "居民公约", path: "/covenants/" },
      { words: "请我参加的会", path: "/conferences/invitations/" },
    ],
  },
  methods: {
    async onShow() {
      dress(this);
      if (!isSignedIn()) return this.setData({ calling: null, unread: 0 });
      try {
        const [{ results }, called] = await Promise.all([messages(), calls()]);
        const unread = results.filter(({ is_read }) => !is_read).length;
        this.setData({ unread, calling: called.find((call) => !call.is_over && !call.answer) || null });
      } catch (refusal) {
        shown(refusal); // the buttons work all the same, and each page says what is wrong
      }
    },
    go(event: WechatMiniprogram.BaseEvent) {
      wx.navigateTo({ url: (event.currentTarget.dataset as { path: string }).path });
    },
    open(event: WechatMiniprogram.BaseEvent) {
      wx.navigateTo({ url: pageFor((event.currentTarget.dataset as { path: string }).path) });
    },
  },
});
