import { matters, more } from "../../lib/api";
import type { Card } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";

/** What one has asked for, newest first. */
Component({
  data: { ...ASKING, rows: [] as Card[], next: null as string | null, isEmpty: false },
  methods: {
    async onShow() {
      dress(this);
      await attempt(this, async () => {
        const { results, next } = await matters();
        this.setData({ rows: results, next, isEmpty: !results.length });
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
        const page = await more<Card>(next);
        this.setData({ rows: [...this.data.rows, ...page.results], next: page.next });
      });
    },
    file() {
      wx.navigateTo({ url: "/pages/file/file" });
    },
  },
});
