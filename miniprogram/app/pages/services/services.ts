import { services } from "../../lib/api";
import type { Offer } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { span } from "../../lib/words";

/** Services that one was asked for or has accepted, the next one first. */
Component({
  data: { ...ASKING, rows: [] as (Offer & { when: string })[], isEmpty: false },
  methods: {
    async onShow() {
      dress(this);
      await attempt(this, async () => {
        const rows = (await services()).map((offer) => ({ ...offer, when: span(offer.begins_at, offer.ends_at) }));
        this.setData({ rows, isEmpty: !rows.length });
      });
    },
    async onPullDownRefresh() {
      await this.onShow();
      wx.stopPullDownRefresh();
    },
    open(event: WechatMiniprogram.BaseEvent) {
      const { number } = event.currentTarget.dataset as { number: string };
      wx.navigateTo({ url: `/pages/service/service?number=${number}` });
    },
    go(event: WechatMiniprogram.BaseEvent) {
      wx.navigateTo({ url: (event.currentTarget.dataset as { path: string }).path });
    },
  },
});
