"use strict";
/* The one client of the API: tried again where that is safe, done once, signed in again, refused in words. */
const { makeWx } = require("./support/wx");

const FILED = { status: 201, body: { number: "ZH-2222-2222" } };
const PROBLEM = { status: 400, body: { detail: "有的内容需要更正。", errors: [{ pointer: "#/words", detail: "写几句。" }] } };
const DEAD = { status: 401, body: { detail: "请先登录。" } };
const KNOWN = { status: 200, body: { token: "new", next: "", shown_code: "", person: null } };
const UNKNOWN = { status: 200, body: { token: "half", next: "phone", shown_code: "", person: null } };

let told;
let storage;
let client;

function begin(answers, { token = "t", top = "pages/file/file" } = {}) {
  jest.resetModules();
  const made = makeWx(answers);
  ({ told, storage } = made);
  storage.set("token", token);
  global.wx = made.wx;
  global.getCurrentPages = () => [{ route: top }];
  client = require("../.build/lib/client");
}

/** Time flies while this is waited for. */
async function flown(promise) {
  const end = promise.then(
    (value) => ({ value }),
    (refusal) => ({ refusal }),
  );
  await jest.advanceTimersByTimeAsync(10000);
  return end;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a call carries the token and is answered", async () => {
  begin({ "POST /requests/": FILED });
  const { value } = await flown(client.post("/requests/", { words: "灯坏了" }, "k-1"));
  expect(value.number).toBe("ZH-2222-2222");
  expect(told.requests[0].header).toMatchObject({ Authorization: "Bearer t", "Idempotency-Key": "k-1" });
});

test("what is lost on the way is sent again under the same key", async () => {
  begin({ "POST /requests/": ["fail", "fail", FILED] });
  const { value } = await flown(client.post("/requests/", { words: "灯坏了" }));
  expect(value.number).toBe("ZH-2222-2222");
  const keys = told.requests.map(({ header }) => header["Idempotency-Key"]);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("two calls of their own have two keys", async () => {
  begin({ "POST /notices/": { status: 204, body: null } });
  await flown(Promise.all([client.post("/notices/"), client.post("/notices/")]));
  const keys = told.requests.map(({ header }) => header["Idempotency-Key"]);
  expect(new Set(keys).size).toBe(2);
});

test.each([502, 503, 504])("a server that is just away (%i) is asked again", async (status) => {
  begin({ "GET /cases/": [{ status, body: "<html>" }, { status: 200, body: { results: [] } }] });
  expect((await flown(client.get("/cases/"))).value).toEqual({ results: [] });
});

test("who met somebody at the same rows tries again, a stale page does not", async () => {
  begin({ "POST /x/": [{ status: 409, body: {}, header: { "Retry-After": "1" } }, FILED] });
  expect((await flown(client.post("/x/"))).value).toEqual(FILED.body);
  begin({ "POST /x/": [{ status: 409, body: { detail: "已被他人处理" } }, FILED] });
  expect((await flown(client.post("/x/"))).refusal.words).toBe("已被他人处理");
  expect(told.requests).toHaveLength(1);
});

test("a line that stays broken is said after three tries", async () => {
  begin({ "GET /cases/": "fail" });
  const { refusal } = await flown(client.get("/cases/"));
  expect(refusal.message).toMatch("网络不太通");
  expect(told.requests).toHaveLength(3);
});

test("a refusal is said at its field and not sent again", async () => {
  begin({ "POST /requests/": PROBLEM });
  const { refusal } = await flown(client.post("/requests/"));
  expect(refusal.words).toBe("有的内容需要更正。");
  expect(refusal.fields).toEqual({ words: "写几句。" });
  expect(told.requests).toHaveLength(1);
});

test("a dead token is renewed by WeChat, and the call goes through", async () => {
  begin({ "GET /cases/": [DEAD, { status: 200, body: [] }], "POST /sign-in/wechat/": KNOWN });
  expect((await flown(client.get("/cases/"))).value).toEqual([]);
  expect(told.requests[2].header.Authorization).toBe("Bearer new");
  expect(storage.get("token")).toBe("new");
  expect(told.went).toEqual([]);
});

test("several calls with a dead token sign in once", async () => {
  begin({ "GET /a/": [DEAD, FILED], "GET /b/": [DEAD, FILED], "POST /sign-in/wechat/": KNOWN });
  await flown(Promise.all([client.get("/a/"), client.get("/b/")]));
  expect(told.requests.filter(({ path }) => path === "/sign-in/wechat/")).toHaveLength(1);
});

test("where WeChat does not know them they sign in, and the draft stays", async () => {
  begin({ "GET /cases/": DEAD, "POST /sign-in/wechat/": UNKNOWN });
  storage.set("draft", { words: "灯坏了" });
  const { refusal } = await flown(client.get("/cases/"));
  expect(refusal.constructor.name).toBe("SignInFirst");
  expect(told.went).toEqual(["to /pages/signin/signin"]);
  expect(storage.get("token")).toBeUndefined();
  expect(storage.get("draft")).toEqual({ words: "灯坏了" });
});

test("without a token nothing is asked", async () => {
  begin({}, { token: "" });
  expect((await flown(client.get("/cases/"))).refusal.constructor.name).toBe("SignInFirst");
  expect(told.requests).toEqual([]);
  expect(told.went).toEqual(["to /pages/signin/signin"]);
});

test("on the page of signing in nobody is sent there", async () => {
  begin({}, { token: "", top: "pages/signin/signin" });
  await flown(client.get("/cases/"));
  expect(told.went).toEqual([]);
});

test("a step of signing in goes on with the token of the one before, which opens nothing else", async () => {
  begin({ "POST /sign-in/wechat/": UNKNOWN, "POST /sign-in/wechat-phone/": KNOWN }, { token: "" });
  await flown(client.signInStep("wechat", { code: "c" }));
  expect(storage.get("token")).toBe("");
  await flown(client.signInStep("wechat-phone", { code: "p" }));
  expect(told.requests[0].header.Authorization).toBeUndefined();
  expect(told.requests[1].header.Authorization).toBe("Bearer half");
  expect(storage.get("token")).toBe("new");
});

test("the next page is asked for at its own address", async () => {
  begin({ "GET /cases/": { status: 200, body: {} } });
  await flown(client.get("http://inside/api/v1/cases/?cursor=cD0y&list=mine"));
  expect(told.requests[0].path).toBe("/cases/?cursor=cD0y&list=mine");
});

test("photos go along in one call, what is not said does not", async () => {
  begin({ "POST /requests/": FILED });
  told.files.set("wxfile://a", new Uint8Array([1, 2, 3]).buffer);
  await flown(client.postWithPhotos("/requests/", { words: "灯", building: null }, ["wxfile://a", "wxfile://b"], "k-1"));
  const { header, data } = told.requests[0];
  const text = Buffer.from(data).toString("latin1");
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(header["Content-Type"])[1];
  expect(text.split(`--${boundary}`)).toHaveLength(5);
  expect(text.match(/name="photos"; filename="\d\.jpg"/g)).toHaveLength(2);
  expect(text).not.toMatch("building");
  expect(header["Idempotency-Key"]).toBe("k-1");
});

test.each(["灯坏了", "", "a%20b\r\n", "👵🏠", "半个\ud83d字"])("UTF-8 of %j is what others make of it", (text) => {
  const { utf8 } = require("../.build/lib/multipart");
  expect(Buffer.from(utf8(text)).toString("hex")).toBe(Buffer.from(text, "utf8").toString("hex"));
});
