import type { Card } from "../../lib/api";
import { timeLeft } from "../../lib/words";

/** A matter in a list: what, where, who holds it, how much time is left. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: { card: { type: Object, value: null as unknown as Card } },
  data: { left: "" },
  observers: {
    card(card: Card | null) {
      this.setData({ left: card ? timeLeft(card) : "" });
    },
  },
  methods: {
    open() {
      wx.navigateTo({ url: `/pages/matter/matter?number=${this.data.card.number}` });
    },
  },
});
