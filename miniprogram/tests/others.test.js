"use strict";
/* Home, messages, my grid, call-outs, services, settings, and pages of the web. */
const { ANSWERS, SERVER } = require("./support/wx");
const { openPage, settle, tap, tell } = require("./support/page");

const SERVICE = ANSWERS.service_offered.body;
const ONE = `/services/${SERVICE.number}/`;
const bodyOf = ({ requests }, path) => requests.filter((sent) => sent.path === path).map(({ data }) => data);
const NONE = { status: 200, body: [] };
const NO_MESSAGES = { status: 200, body: { next: null, previous: null, results: [] } };

describe("home", () => {
  test("shows everything to somebody who is not signed in, and asks for nothing", async () => {
    const { component, text, told } = await openPage("home", { storage: { token: "" } });
    for (const words of ["反映问题", "我的事项", "我的网格", "消息", "志愿服务"]) expect(text()).toMatch(words);
    expect(told.requests).toEqual([]);
    await tap(component, "反映问题");
    await tap(component, "约法律、心理专家");
    expect(told.went).toEqual(["to /pages/file/file", "to /pages/open/open?path=%2Fexperts%2F"]);
  });

  test("says what is unread and who is called", async () => {
    const answers = { "GET /notices/": "messages", "GET /calls/": "calls" };
    const { component, text, told } = await openPage("home", { answers });
    expect(text()).toMatch(`${ANSWERS.messages.body.results.length} 条未读`);
    await tap(component, "紧急动员：");
    expect(told.went).toEqual(["to /pages/calls/calls"]);
  });

  test("works without a line", async () => {
    const broken = { status: 500, body: {} };
    const { text } = await openPage("home", { answers: { "GET /notices/": broken, "GET /calls/": NONE } });
    expect(text()).toMatch("反映问题");
  });
});

describe("large print", () => {
  const large = ({ component }) => component.dom.querySelector(".main--large") !== null;

  test("as WeChat is set, unless chosen otherwise", async () => {
    const wx = { getAppBaseInfo: () => ({ fontSizeScaleFactor: 1.4 }) };
    expect(large(await openPage("home", { storage: { token: "" } }))).toBe(false);
    expect(large(await openPage("home", { storage: { token: "" }, wx }))).toBe(true);
    expect(large(await openPage("home", { storage: { token: "", print: "normal" }, wx }))).toBe(false);
    expect(large(await openPage("home", { storage: { token: "", print: "large" } }))).toBe(true);
  });
});

describe("messages", () => {
  test("are read once they are seen, and lead to their thing", async () => {
    const answers = { "GET /notices/": "messages", "POST /notices/": { status: 204, body: null } };
    const { component, told } = await openPage("messages", { answers });
    expect(told.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    const [first] = ANSWERS.messages.body.results;
    await tap(component, `新${first.words}`.slice(0, 8));
    expect(told.went[0]).toBe(`to /pages/matter/matter?number=${first.path.split("/")[2]}`);
  });

  test("none of them: nothing is marked", async () => {
    const { told, text } = await openPage("messages", { answers: { "GET /notices/": NO_MESSAGES } });
    expect(told.requests).toHaveLength(1);
    expect(text()).toMatch("您的事有了进展，这里会告诉您。");
  });
});

describe("my grid", () => {
  const door = { place: 3, building: 1, words: "宜和佳苑 3幢 1单元" };
  const phones = JSON.parse(JSON.stringify(ANSWERS.my_grid));
  phones.body.party[0].phone = "0599-3320000";

  test("who answers for the door that was chosen, and a call", async () => {
    const answers = { "GET /places/": "places", "GET /my-grid/": phones };
    const { component, text, told, storage } = await openPage("grid", { answers });
    await tell(component, "#place", "change", { value: door });
    expect(text()).toMatch("李强");
    expect(told.requests.pop().path).toBe("/my-grid/?place=3&building=1");
    expect(storage.get("door")).toEqual(door);
    await tap(component, "打电话 0599-3320000");
    expect(told.shown).toContain("calls 0599-3320000");
  });

  test("is there again the next time", async () => {
    const answers = { "GET /places/": "places", "GET /my-grid/": "my_grid" };
    const { text } = await openPage("grid", { answers, storage: { door } });
    expect(text()).toMatch("李强");
    expect(text()).not.toMatch("打电话");
  });
});

test("a call-out is answered by one tap", async () => {
  const { key } = ANSWERS.calls.body[0];
  const answered = [{ ...ANSWERS.calls.body[0], answer: "yes" }];
  const answers = {
    "GET /calls/": ["calls", { status: 200, body: answered }],
    [`POST /calls/${key}/answer/`]: "call_answered",
  };
  const { component, text, told } = await openPage("calls", { answers, query: { key } });
  expect(text()).toMatch("河水上涨");
  await tap(component, "能到");
  expect(bodyOf(told, `/calls/${key}/answer/`)).toEqual([{ answer: "yes" }]);
  expect(text()).toMatch("您答了“能到”");
});

describe("services", () => {
  const scanCode = (result) => ({ scanCode: ({ success }) => success({ result }) });

  test("a list, and what to do without any", async () => {
    const { component, text, told } = await openPage("services", { answers: { "GET /services/": "services" } });
    expect(text()).toMatch("等您答复");
    await tap(component, SERVICE.title);
    expect(told.went).toEqual([`to /pages/service/service?number=${SERVICE.number}`]);
    expect((await openPage("services", { answers: { "GET /services/": NONE } })).text()).toMatch("登记成志愿者");
  });

  test("accepting", async () => {
    const answers = { [`GET ${ONE}`]: "service_offered", [`POST ${ONE}answer/`]: "service_accepted" };
    const { component, text, told } = await openPage("service", { answers, query: { number: SERVICE.number } });
    await tap(component, "我去");
    expect(bodyOf(told, `${ONE}answer/`)).toEqual([{ answer: "accept" }]);
    expect(text()).toMatch("谢谢您");
    expect(text()).not.toMatch("我去");
  });

  test.each(["654321", `${SERVER}/check/?code=654321`])("signing in by the code at the door (%s)", async (result) => {
    const answers = { [`GET ${ONE}`]: "service_today", [`POST ${ONE}check-in/`]: "checked_in" };
    const given = { answers, query: { number: SERVICE.number }, wx: scanCode(result) };
    const { component, told, text } = await openPage("service", given);
    await tap(component, "扫门口的码签到");
    expect(bodyOf(told, `${ONE}check-in/`)).toEqual([{ code: "654321" }]);
    expect(text()).toMatch("签退");
  });

  test("another code is none, a wrong one is said at the field", async () => {
    const answers = { [`GET ${ONE}`]: "service_today", [`POST ${ONE}check-in/`]: "check_in_wrong" };
    const given = { answers, query: { number: SERVICE.number }, wx: scanCode("13800130001") };
    const { component, told, text } = await openPage("service", given);
    await tap(component, "扫门口的码签到");
    expect(text()).toMatch("这不是签到码");
    expect(told.requests).toHaveLength(1);
    await tell(component, ".input", "input", { value: "000000" });
    await tap(component, "签到");
    expect(text()).toMatch("签到码不对");
  });

  test("signing in by being there asks once for the position", async () => {
    const here = { ...ANSWERS.service_today.body, check_in_by: "place" };
    const answers = { [`GET ${ONE}`]: { status: 200, body: here }, [`POST ${ONE}check-in/`]: "checked_in" };
    const getLocation = ({ type, success }) => success({ type, latitude: 27.36, longitude: 118.85 });
    const given = { answers, query: { number: SERVICE.number }, wx: { getLocation } };
    const { component, told } = await openPage("service", given);
    await tap(component, "我到了，签到");
    expect(bodyOf(told, `${ONE}check-in/`)).toEqual([{ latitude: 27.36, longitude: 118.85 }]);
    const denied = await openPage("service", { ...given, wx: { getLocation: ({ fail }) => fail() } });
    await tap(denied.component, "我到了，签到");
    expect(denied.text()).toMatch("没有取到位置");
  });

  test("signing out with words; sent again it has the same key", async () => {
    const broken = { status: 500, body: { detail: "请过几分钟再试。" } };
    const answers = { [`GET ${ONE}`]: "checked_in", [`POST ${ONE}check-out/`]: [broken, "checked_out"] };
    const { component, told, text } = await openPage("service", { answers, query: { number: SERVICE.number } });
    await tell(component, ".area", "input", { value: "陪着去了医院" });
    await tap(component, "签退");
    expect(text()).toMatch("请过几分钟再试。");
    await tap(component, "签退");
    expect(bodyOf(told, `${ONE}check-out/`)).toEqual([{ words: "陪着去了医院" }, { words: "陪着去了医院" }]);
    const keys = told.requests.slice(1).map(({ header }) => header["Idempotency-Key"]);
    expect(new Set(keys).size).toBe(1);
    expect(text()).toMatch("签退好了");
  });
});

describe("settings", () => {
  const [own] = ANSWERS.devices.body;
  const other = { ...own, id: own.id + 1, is_this: false, agent: "另一台" };
  const answers = {
    "GET /devices/": { status: 200, body: [own, other] },
    "GET /notices/choices/": "choices",
    "POST /notices/choices/": "chosen",
    [`POST /devices/${own.id}/sign-out/`]: { status: 204, body: null },
    [`POST /devices/${other.id}/sign-out/`]: { status: 204, body: null },
  };

  test("large print is chosen, also by somebody who is not signed in", async () => {
    const { component, storage } = await openPage("settings", { storage: { token: "" } });
    await tell(component, "#print", "change", { value: true });
    expect(storage.get("print")).toBe("large");
    expect(component.dom.querySelector(".main--large")).not.toBeNull();
  });

  test("ways and hours are kept at once; what is refused goes back", async () => {
    const refused = { ...answers, "POST /notices/choices/": ["chosen", { status: 400, body: { detail: "不行。" } }] };
    const { page, told, text } = await openPage("settings", { answers: refused });
    const change = (value, is_on) => ({ currentTarget: { dataset: { value } }, detail: { value: is_on } });
    await page.chooseWay(change("sms", false));
    expect(bodyOf(told, "/notices/choices/")[1]).toEqual({ ways: ["wechat", "official"], digest_hours: [] });
    await page.chooseHour(change(8, true));
    expect(page.data.chosen).toEqual({ ways: ["wechat", "official"], digest_hours: [] });
    expect(text()).toMatch("不行。");
  });

  test("another device is signed out", async () => {
    const { component, told } = await openPage("settings", { answers });
    await tap(component, "让它退出");
    expect(told.requests.map(({ path }) => path)).toContain(`/devices/${other.id}/sign-out/`);
  });

  test("signing out ends the token and leaves nothing of the person", async () => {
    const kept = { draft: { words: "x" }, door: { place: 3 }, print: "large" };
    const { component, told, storage } = await openPage("settings", { answers, storage: kept });
    await tap(component, "退出登录");
    expect(told.requests.map(({ path }) => path)).toContain(`/devices/${own.id}/sign-out/`);
    expect([...storage.keys()]).toEqual(["print"]);
    expect(told.went).toEqual(["anew /pages/home/home"]);
  });
});

describe("pages of the web", () => {
  const src = (page) => page.data.url;
  const answers = { "POST /tickets/": "ticket" };
  const path = (of) => ({ path: encodeURIComponent(of) });

  test("open signed in by a ticket, and are shared without it", async () => {
    const { component, page, told } = await openPage("open", { answers, query: path("/experts/?kind=law") });
    expect(bodyOf(told, "/tickets/")).toEqual([{ path: "/experts/?kind=law" }]);
    expect(src(page)).toBe(ANSWERS.ticket.body.url);
    expect(component.dom.querySelector("wx-web-view")).not.toBeNull();
    expect(page.onShareAppMessage().path).toBe(`/pages/open/open?path=${encodeURIComponent("/experts/?kind=law")}`);
    await page.onShow();
    expect(told.requests).toHaveLength(1);
  });

  test("a page that is here opens here, unless the web's is asked for", async () => {
    const query = path("/cases/ZH-7K3M-9QXT/");
    const { told } = await openPage("open", { query });
    expect(told.went).toEqual(["instead /pages/matter/matter?number=ZH-7K3M-9QXT"]);
    expect(told.requests).toEqual([]);
    const { page } = await openPage("open", { query: { ...query, web: "1" }, answers });
    expect(src(page)).toBe(ANSWERS.ticket.body.url);
  });

  test.each([
    [{ q: encodeURIComponent(`${SERVER}/here/abc/`) }, "/here/abc/"],
    [{ scene: encodeURIComponent("here/abc") }, "/here/abc/"],
  ])("from a code (%j)", async (query, wanted) => {
    const { told } = await openPage("open", { query, answers });
    expect(bodyOf(told, "/tickets/")).toEqual([{ path: wanted }]);
  });

  test.each([
    [{ q: encodeURIComponent("https://evil.cn/x/") }],
    [path("//evil.cn/")],
    [path("https://evil.cn/")],
    [path("/\\evil.cn")],
    [{}],
  ])("what is not ours leads home (%j)", async (query) => {
    const { told } = await openPage("open", { query });
    expect(told.went).toEqual(["instead /pages/home/home"]);
  });

  test("what everybody may read asks for no sign-in; anything else comes back after it", async () => {
    const open = await openPage("open", { query: path("/privacy/"), storage: { token: "" } });
    expect(src(open.page)).toBe(`${SERVER}/privacy/`);
    const closed = await openPage("open", { query: path("/bookings/"), storage: { token: "" }, answers });
    expect(closed.told.went).toEqual(["to /pages/signin/signin"]);
    closed.storage.set("token", "t");
    closed.page.onShow();
    await settle();
    expect(src(closed.page)).toBe(ANSWERS.ticket.body.url);
  });

  test("what did not open can be tried again, with a new ticket", async () => {
    const { component, page, told, text } = await openPage("open", { query: path("/experts/"), answers });
    page.onWebError();
    expect(text()).toMatch("这一页没有打开");
    await tap(component, "再试一次");
    expect(told.requests).toHaveLength(2);
    expect(src(page)).toBe(ANSWERS.ticket.body.url);
  });
});
