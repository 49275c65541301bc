"use strict";
/* Filing a request, following it, rating it: what a resident comes for. */
const { ANSWERS } = require("./support/wx");
const { openPage, openComponent, settle, tap, tell } = require("./support/page");

const DOOR = { place: 3, building: 1, words: "宜和佳苑 3幢 1单元" };
const MATTER = ANSWERS.matter.body;
const ACT = (verb) => `POST /cases/${MATTER.number}/acts/${verb}/`;
const READ = `GET /cases/${MATTER.number}/`;
const bodyOf = ({ requests }, path) => requests.filter((sent) => sent.path === path).map(({ data }) => data);

describe("filing", () => {
  const answers = {
    "GET /places/": "places",
    "POST /requests/": "filed",
    "GET /subscriptions/": "templates",
    "POST /subscriptions/": "subscribed",
    [`GET /cases/${ANSWERS.filed.body.number}/`]: { status: 200, body: { ...MATTER, number: ANSWERS.filed.body.number } },
  };
  const draft = { key: "9b2f4b1e-8f55-4a4e-9d4e-0a7a3f1b2c3d", door: DOOR, words: "楼道灯坏了三天" };

  test("what is written is kept, and is there again", async () => {
    const { component, storage } = await openPage("file", { answers });
    await tell(component, ".area", "input", { value: "灯坏了" });
    await tell(component, "#place", "change", { value: DOOR });
    await tell(component, "#photos", "change", { value: ["wxfile://store/1", "wxfile://gone/2"] });
    const kept = storage.get("draft");
    expect(kept).toMatchObject({ words: "灯坏了", door: DOOR });
    const again = await openPage("file", { answers, storage: { draft: kept } });
    expect(again.page.data.draft).toMatchObject({ key: kept.key, words: "灯坏了", photos: ["wxfile://store/1"] });
    expect(again.text()).toMatch("宜和佳苑 3幢 1单元");
  });

  test("who is responsible and by when is said at once, the draft is gone", async () => {
    const { component, text, told, storage } = await openPage("file", { answers, storage: { draft } });
    await tap(component, "提交");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await settle();
    const [sent] = bodyOf(told, "/requests/");
    expect(sent).toMatchObject({ place: 3, building: 1, words: "楼道灯坏了三天", key: draft.key, is_anonymous: false });
    expect(told.requests.find(({ path }) => path === "/requests/").header["Idempotency-Key"]).toBe(draft.key);
    expect(text()).toMatch(/由 ?宜和佳苑1号网格长 李强 ?负责/);
    expect(text()).toMatch(/最迟 ?.*\d\d:\d\d ?答复您/);
    expect(storage.has("draft")).toBe(false);
  });

  test("however often the line breaks it is one key", async () => {
    const broken = { ...answers, "POST /requests/": "fail" };
    const first = await openPage("file", { answers: broken, storage: { draft } });
    tap(first.component, "提交");
    await new Promise((resolve) => setTimeout(resolve, 2800));
    await settle();
    expect(first.text()).toMatch("网络不太通");
    const second = await openPage("file", { answers, storage: { draft: first.storage.get("draft") || draft } });
    await tap(second.component, "提交");
    const keys = [...first.told.requests, ...second.told.requests]
      .filter(({ path }) => path === "/requests/")
      .map(({ header, data }) => [header["Idempotency-Key"], data.key]);
    expect(keys).toHaveLength(4);
    expect(new Set(keys.flat())).toEqual(new Set([draft.key]));
  });

  test("what came before the words were changed is not filed again", async () => {
    const other = { status: 422, body: { detail: "已经用于另一次内容不同的请求。" } };
    const changed = { ...answers, "POST /requests/": [other, "filed"] };
    const { component, text, told } = await openPage("file", { answers: changed, storage: { draft } });
    await tap(component, "提交");
    expect(text()).toMatch(ANSWERS.filed.body.number);
    expect(bodyOf(told, "/requests/").map(({ key }) => key)).toEqual([draft.key, draft.key]);
  });

  test("what is missing is said where it is missing, and nothing is lost", async () => {
    const refused = { ...answers, "POST /requests/": "refused" };
    const { component, text, storage } = await openPage("file", { answers: refused, storage: { draft } });
    await tap(component, "提交");
    expect(text()).toMatch("请用您自己的话说说是什么事、在哪里。");
    await tell(component, ".input", "input", { value: "502 室" });
    expect(storage.get("draft")).toMatchObject({ note: "502 室", key: draft.key });
  });

  test("one is told in WeChat by the templates one agreed to", async () => {
    const asked = [];
    const requestSubscribeMessage = ({ tmplIds, success }) => {
      asked.push(tmplIds);
      success({ "T-1": "accept", errMsg: "ok" });
    };
    const given = { answers, storage: { draft }, wx: { requestSubscribeMessage } };
    const { component, text, told } = await openPage("file", given);
    await tap(component, "提交");
    await tap(component, "有进展时在微信里告诉我");
    expect(asked).toEqual([["T-1"]]);
    expect(bodyOf(told, "/subscriptions/").pop()).toEqual({ accepted: ["T-1"] });
    expect(text()).toMatch("有进展会在微信里告诉您");
  });
});

describe("choosing", () => {
  test("the estate by its name, then the building", async () => {
    const answers = { "GET /places/": ["places", "buildings"] };
    const { component, events, told, text } = await openComponent("place", { value: null }, { answers });
    await tell(component, ".input", "input", { value: "佳苑" });
    expect(text()).not.toMatch("东平");
    await tap(component, "宜和佳苑");
    expect(told.requests[1].path).toBe(`/places/?place=${ANSWERS.places.body.find(({ name }) => name === "宜和佳苑").id}`);
    await tap(component, ANSWERS.buildings.body[0].name);
    expect(events.pop()).toMatchObject({ building: ANSWERS.buildings.body[0].id });
  });

  test("a community has no building", async () => {
    const { component, events } = await openComponent("place", {}, { answers: { "GET /places/": "places" } });
    await tap(component, "宜和社区");
    expect(events.pop()).toMatchObject({ building: null, words: "宜和社区" });
  });

  test("photos are made small, at most nine, and can be left out", async () => {
    const { component, events, told } = await openComponent("photos", { value: ["wxfile://store/0"] });
    await tap(component, "再加照片");
    expect(told.shown).toContain("asks for 8");
    expect(told.shown).toContain('compresses to {"quality":80,"compressedHeight":1600}');
    expect(events.pop()).toEqual(["wxfile://store/0", "wxfile://store/1", "wxfile://store/2"]);
    await tap(component, "去掉");
    expect(events.pop()).toEqual([]);
  });
});

describe("following", () => {
  test("my matters: late ones are marked, pulled down they are read again, the next page follows", async () => {
    const first = { ...ANSWERS.matters.body, next: "http://x/api/v1/cases/?cursor=c&list=mine" };
    const answers = { "GET /cases/": [{ status: 200, body: first }, "matters", "matters"] };
    const { component, page, told, text } = await openPage("matters", { answers });
    expect(text()).toMatch("楼道灯坏了三天");
    expect(text()).toMatch("已超时");
    await page.onReachBottom();
    expect(told.requests[1].path).toBe("/cases/?cursor=c&list=mine");
    expect(page.data.rows).toHaveLength(2);
    await page.onPullDownRefresh();
    expect(told.shown).toContain("refreshed");
    expect(component.dom.querySelectorAll("wx-button")).toHaveLength(0);
  });

  test("without any it is said how it begins", async () => {
    const none = { status: 200, body: { next: null, previous: null, results: [] } };
    const { component, told } = await openPage("matters", { answers: { "GET /cases/": none } });
    await tap(component, "反映问题");
    expect(told.went).toEqual(["to /pages/file/file"]);
  });

  test("a card leads to its matter", async () => {
    const { component, told } = await openComponent("card", { card: ANSWERS.matters.body.results[0] });
    await tap(component, "楼道灯");
    expect(told.went).toEqual([`to /pages/matter/matter?number=${MATTER.number}`]);
  });

  test("a matter: who, until when, what happened, and its photos with the token", async () => {
    const query = { number: MATTER.number };
    const { text, told } = await openPage("matter", { query, answers: { [READ]: "matter" } });
    expect(text()).toMatch(/由 ?宜和佳苑1号网格长 李强 ?负责/);
    expect(text()).toMatch("还有这里");
    const fetched = told.requests.find(({ path }) => path.endsWith("/thumbnail/"));
    expect(fetched.path).toBe(MATTER.story[0].photos[0].thumbnail_url);
    expect(fetched.header.Authorization).toBe("Bearer t");
  });

  test("a note takes words and photos", async () => {
    const answers = { [READ]: "matter", [ACT("note")]: "noted" };
    const { component, told, text } = await openPage("matter", { query: { number: MATTER.number }, answers });
    await tap(component, MATTER.arrows.find(({ verb }) => verb === "note").label);
    await tell(component, ".area", "input", { value: "灯又闪了" });
    await tell(component, "#photos", "change", { value: ["wxfile://store/1"] });
    await tap(component, "确定");
    const sent = told.requests.find(({ method, path }) => method === "POST" && path.endsWith("/acts/note/"));
    const form = Buffer.from(sent.data).toString();
    expect(form).toMatch("灯又闪了");
    expect(form).toMatch(`name="version"\r\n\r\n${MATTER.version}\r\n`);
    expect(text()).toMatch("好了：");
    expect(told.shown).toContain("removed wxfile://store/1");
  });

  test("withdrawing asks for nothing but a yes", async () => {
    const answers = { [READ]: "matter", [ACT("withdraw")]: "noted" };
    const { component, told } = await openPage("matter", { query: { number: MATTER.number }, answers });
    await tap(component, MATTER.arrows.find(({ verb }) => verb === "withdraw").label);
    expect(bodyOf(told, `/cases/${MATTER.number}/acts/withdraw/`)).toEqual([]);
    await tap(component, "确定");
    expect(bodyOf(told, `/cases/${MATTER.number}/acts/withdraw/`)[0]).toMatchObject({ version: MATTER.version });
  });

  test("rating: stars, and whether it is solved", async () => {
    const { number } = ANSWERS.matter_to_rate.body;
    const rate = `/cases/${number}/acts/rate/`;
    const answers = { [`GET /cases/${number}/`]: "matter_to_rate", [`POST ${rate}`]: "rated" };
    const { component, told, text } = await openPage("matter", { query: { number }, answers });
    expect(text()).toMatch(/请在 .* 前评价/);
    const { arrows, version } = ANSWERS.matter_to_rate.body;
    await tap(component, arrows.find(({ verb }) => verb === "rate").label);
    component.querySelectorAll(".star")[3].dispatchEvent("tap");
    await tap(component, "还没有解决");
    await tap(component, "解决了");
    await tap(component, "确定");
    expect(bodyOf(told, rate)[0]).toEqual({ words: "", version, score: 4, is_solved: true });
    expect(arrows.map(({ verb }) => verb)).toContain("redo");
  });

  test("where somebody was faster it is read again and said", async () => {
    const answers = { [READ]: "matter", [ACT("note")]: "stale" };
    const { component, told, text } = await openPage("matter", { query: { number: MATTER.number }, answers });
    await tap(component, MATTER.arrows.find(({ verb }) => verb === "note").label);
    await tap(component, "确定");
    expect(text()).toMatch("已被他人处理");
    expect(told.requests.filter(({ path }) => path === `/cases/${MATTER.number}/`)).toHaveLength(2);
  });

  test.each([
    { needs: ["post", "words"], has_page: false },
    { needs: [], has_page: true },
  ])("what asks for more than is here is done on the page of the web (%j)", async (asks) => {
    const more = { verb: "transfer", label: "转办", may_say: [], is_main: false, ...asks };
    const answers = { [READ]: { status: 200, body: { ...MATTER, arrows: [more] } } };
    const { component, told } = await openPage("matter", { query: { number: MATTER.number }, answers });
    await tap(component, "转办");
    const path = encodeURIComponent(`/cases/${MATTER.number}/transfer/`);
    expect(told.went).toEqual([`to /pages/open/open?web=1&path=${path}`]);
  });

  test("a photo is shown large", async () => {
    const { component, told } = await openComponent("story", { story: MATTER.story });
    component.querySelector(".picture").dispatchEvent("tap");
    await settle();
    expect(told.shown[0]).toMatch(/^shows wxfile/);
  });
});
