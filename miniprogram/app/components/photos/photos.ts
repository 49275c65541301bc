import { choosePhotos, MOST } from "../../lib/photos";

/** Up to nine photos, each shown with a way to leave it out. Tells `change` with { value }. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: { value: { type: Array, value: [] as string[] } },
  data: { most: MOST, isBusy: false },
  methods: {
    async add() {
      this.setData({ isBusy: true });
      const chosen = await choosePhotos(MOST - this.data.value.length);
      this.setData({ isBusy: false });
      if (chosen.length) this.tell([...this.data.value, ...chosen]);
    },
    drop(event: WechatMiniprogram.BaseEvent) {
      const { index } = event.currentTarget.dataset as { index: number };
      this.tell(this.data.value.filter((_, at) => at !== index));
    },
    tell(value: string[]) {
      this.triggerEvent("change", { value });
    },
  },
});
