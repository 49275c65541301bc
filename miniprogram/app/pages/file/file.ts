import { file, matter, subscribed, templates } from "../../lib/api";
import type { Card, Door } from "../../lib/api";
import { ASKING, attempt, dress } from "../../lib/asking";
import { newKey } from "../../lib/keys";
import { dropPhotos, isThere } from "../../lib/photos";
import { Problem, shown } from "../../lib/refusals";
import { until } from "../../lib/words";

const DRAFT = "draft";
const OWN = ["place", "building", "address_note", "words", "photos"];
const MOST_TEMPLATES = 3; // WeChat takes no more at a time
const LOOKS = 5; // a second apart: routing takes less

interface Draft {
  key: string;
  door: Door | null;
  note: string;
  words: string;
  photos: string[];
  isAnonymous: boolean;
}

function kept(): Draft {
  const draft = (wx.getStorageSync(DRAFT) || {}) as Partial<Draft>;
  const empty: Draft = { key: newKey(), door: null, note: "", words: "", photos: [], isAnonymous: false };
  return { ...empty, ...draft, photos: (draft.photos || []).filter(isThere) };
}

/** Under the draft's key it is one request, whatever breaks. 422: what was sent before has come, with other words. */
async function sent({ key, door, note, words, photos, isAnonymous }: Draft): Promise<Card> {
  const place = door ? { place: door.place, building: door.building } : {};
  const request = { ...place, words, address_note: note, is_anonymous: isAnonymous, key };
  try {
    return await file(request, photos, key);
  } catch (refusal) {
    if (refusal instanceof Problem && refusal.status === 422) return file(request, photos, newKey());
    throw refusal;
  }
}

/** Filing a request: a draft until it is sent, then who is responsible and by when. */
Component({
  data: {
    ...ASKING,
    draft: null as unknown as Draft,
    filed: null as Card | null,
    isRouted: false,
    isLeft: false,
    by: "",
    templates: [] as string[],
    isSubscribed: false,
  },
  methods: {
    onLoad() {
      this.setData({ draft: kept() });
    },
    onShow() {
      dress(this);
    },
    onUnload() {
      this.setData({ isLeft: true });
    },
    keep(change: Partial<Draft>) {
      const draft = { ...this.data.draft, ...change };
      this.setData({ draft });
      wx.setStorageSync(DRAFT, draft);
    },
    type(event: WechatMiniprogram.CustomEvent<{ value: string | boolean }>) {
      const { name } = event.currentTarget.dataset as { name: string };
      this.keep({ [name]: event.detail.value });
    },
    chooseDoor(event: WechatMiniprogram.CustomEvent<{ value: Door | null }>) {
      this.keep({ door: event.detail.value });
    },
    choosePhotos(event: WechatMiniprogram.CustomEvent<{ value: string[] }>) {
      dropPhotos(this.data.draft.photos.filter((photo) => !event.detail.value.includes(photo)));
      this.keep({ photos: event.detail.value });
    },
    aboutStaff() {
      wx.navigateTo({ url: `/pages/open/open?web=1&path=${encodeURIComponent("/requests/new/")}` });
    },
    async send() {
      if (this.data.isBusy) return;
      const { draft } = this.data;
      const isSent = await attempt(this, async () => this.show(await sent(draft)), OWN);
      if (!isSent) return;
      wx.removeStorageSync(DRAFT);
      dropPhotos(draft.photos);
      await this.askTemplates();
      await this.waitForRouting();
    },
    show(filed: Card) {
      const by = until(filed.finish_by_at || filed.due_at);
      this.setData({ filed, by, isRouted: filed.state !== "submitted" });
    },
    async waitForRouting() {
      for (let look = 0; look < LOOKS && !this.data.isRouted; look++) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        if (this.data.isLeft) return;
        try {
          this.show(await matter((this.data.filed as Card).number));
        } catch (refusal) {
          shown(refusal); // it is filed; who holds it stands with the matter
        }
      }
    },
    /** Before the tap: WeChat asks only in the very moment of one. */
    async askTemplates() {
      try {
        this.setData({ templates: (await templates()).map(({ template_id }) => template_id).slice(0, MOST_TEMPLATES) });
      } catch (refusal) {
        shown(refusal); // then it is not offered
      }
    },
    subscribe() {
      wx.requestSubscribeMessage({
        tmplIds: this.data.templates,
        success: async (answers) => {
          const accepted = this.data.templates.filter((name) => answers[name] === "accept");
          if (accepted.length) await attempt(this, () => subscribed(accepted));
          this.setData({ isSubscribed: accepted.length > 0 && !this.data.problem });
        },
      });
    },
    follow() {
      wx.redirectTo({ url: `/pages/matter/matter?number=${(this.data.filed as Card).number}` });
    },
  },
});
