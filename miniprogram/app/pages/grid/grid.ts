import { myGrid } from "../../lib/api";
import type { Answering, Door, MyGrid } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";

const DOOR = "door";

function inWords(posts: Answering[]) {
  return posts.map((post) => ({ ...post, who: post.names.join("、") || "暂缺" }));
}

/** Who answers for one's own door, with a button to call them. The door is remembered on this phone alone. */
Component({
  data: {
    ...ASKING,
    door: null as Door | null,
    answering: null as MyGrid | null,
    lines: [] as { name: string; posts: ReturnType<typeof inWords> }[],
  },
  methods: {
    onLoad() {
      this.setData({ door: wx.getStorageSync(DOOR) || null });
    },
    async onShow() {
      dress(this);
      await this.read();
    },
    async choose(event: WechatMiniprogram.CustomEvent<{ value: Door | null }>) {
      const door = event.detail.value;
      this.setData({ door, answering: null });
      if (door) wx.setStorageSync(DOOR, door);
      await this.read();
    },
    async read() {
      const { door } = this.data;
      if (!door) return;
      await attempt(this, async () => {
        const answering = await myGrid(door);
        const lines = [
          { name: "党组织和网格", posts: inWords(answering.party) },
          { name: "五长", posts: inWords(answering.territory) },
        ];
        this.setData({ answering, lines: lines.filter(({ posts }) => posts.length) });
      });
    },
    call(event: WechatMiniprogram.BaseEvent) {
      const { phone } = event.currentTarget.dataset as { phone: string };
      wx.makePhoneCall({ phoneNumber: String(phone), fail: () => undefined }); // the person would rather not
    },
  },
});
