import type { Line } from "../../lib/api";
import { picture } from "../../lib/client";
import { moment } from "../../lib/words";

/** What happened, newest first, with its photos: fetched one by one, for only this person may see them. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: { story: { type: Array, value: [] as Line[] } },
  data: { lines: [] as (Line & { when: string })[], pictures: {} as Record<string, string> },
  observers: {
    story(story: Line[]) {
      this.setData({ lines: story.map((line) => ({ ...line, when: moment(line.at) })) });
      this.fetch(story);
    },
  },
  methods: {
    async fetch(story: Line[]) {
      for (const line of story) {
        for (const { note, thumbnail_url } of line.photos) {
          if (note || this.data.pictures[thumbnail_url]) continue;
          try {
            this.setData({ pictures: { ...this.data.pictures, [thumbnail_url]: await picture(thumbnail_url) } });
          } catch {
            return; // the words are there; the next look fetches what is missing
          }
        }
      }
    },
    async enlarge(event: WechatMiniprogram.BaseEvent) {
      const { url } = event.currentTarget.dataset as { url: string };
      try {
        wx.previewImage({ urls: [await picture(url)] });
      } catch {
        wx.showToast({ title: "照片没有取到，请再点一次", icon: "none" });
      }
    },
  },
});
