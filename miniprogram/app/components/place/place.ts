import { buildings, places } from "../../lib/api";
import type { Door, Place } from "../../lib/api";
import { shown } from "../../lib/refusals";
import { isSignedIn } from "../../lib/session";

const COMMUNITY = 1; // level of the tree; estates lie below
const FEW = 8; // so many fit a screen: more are searched

type Row = Place & { words: string };

function inWords(nodes: Place[]): Row[] {
  const names: Record<number, string> = {};
  for (const node of nodes) names[node.id] = node.name;
  return nodes.map((node) => {
    const above = node.level === COMMUNITY ? "（不在小区里）" : `（${names[node.parent || 0] || ""}）`;
    return { ...node, words: node.name + above };
  });
}

/** Where: the estate (or community) first, then its building. Tells `change` with { value: Door | null }. */
Component({
  options: { styleIsolation: "apply-shared" },
  properties: { value: { type: Object, value: null as unknown as Door } },
  data: {
    all: [] as Row[],
    houses: [] as Place[],
    rows: [] as Place[],
    hasMore: false,
    few: FEW,
    estate: null as Place | null,
    search: "",
    problem: "",
  },
  lifetimes: {
    attached() {
      this.load();
    },
  },
  pageLifetimes: {
    show() {
      if (isSignedIn() && !this.data.all.length) this.load();
    },
  },
  methods: {
    async load() {
      try {
        this.setData({ all: inWords(await places()), problem: "" });
        this.show("");
      } catch (refusal) {
        this.setData({ problem: shown(refusal).problem });
      }
    },
    look(event: WechatMiniprogram.Input) {
      this.show(event.detail.value);
    },
    show(search: string) {
      const of: Place[] = this.data.estate ? this.data.houses : this.data.all;
      const matching = of.filter(({ name }) => name.includes(search.trim()));
      this.setData({ search, rows: matching.slice(0, FEW), hasMore: matching.length > FEW });
    },
    async choosePlace(event: WechatMiniprogram.BaseEvent) {
      const { id } = event.currentTarget.dataset as { id: number };
      const place = this.data.all.find((node) => node.id === id);
      if (!place) return;
      if (place.level === COMMUNITY) return this.tell({ place: id, building: null, words: place.name });
      try {
        this.setData({ houses: await buildings(id), estate: place });
        this.show("");
      } catch (refusal) {
        this.setData({ problem: shown(refusal).problem });
      }
    },
    chooseHouse(event: WechatMiniprogram.BaseEvent) {
      const { id, name } = event.currentTarget.dataset as { id: number; name: string };
      const estate = this.data.estate as Place;
      this.tell({ place: estate.id, building: Number(id) || null, words: [estate.name, name].join(" ").trim() });
    },
    again() {
      this.setData({ estate: null });
      this.show("");
      this.tell(null);
    },
    tell(value: Door | null) {
      this.triggerEvent("change", { value });
    },
  },
});
