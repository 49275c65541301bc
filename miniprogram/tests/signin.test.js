"use strict";
/* Signing in: each way, each step, and back to where one was. */
const { openPage, tap, tell } = require("./support/page");

const OUT = { token: "" };
const TWO = [{ route: "pages/file/file" }, { route: "pages/signin/signin" }];
const bodies = ({ requests }) => requests.map(({ path, data }) => [path, data]);

async function typed(component, name, value) {
  const inputs = component.querySelectorAll(".input");
  const input = inputs.find(({ dom }) => dom.dataset.name === name);
  input.dispatchEvent("input", { detail: { value } });
}

test("by WeChat's button: known at once", async () => {
  const answers = { "POST /sign-in/wechat/": "signed_in" };
  const { component, told, storage } = await openPage("signin", { answers, storage: OUT, pages: TWO });
  await tap(component, "用微信登录");
  expect(storage.get("token")).toBeTruthy();
  expect(told.went).toEqual(["back"]);
});

test("by WeChat's phone button, where nobody is known yet", async () => {
  const answers = { "POST /sign-in/wechat/": "wechat_unknown", "POST /sign-in/wechat-phone/": "signed_in" };
  const { component, told, storage } = await openPage("signin", { answers, storage: OUT });
  await tap(component, "用微信登录");
  expect(storage.get("token")).toBe("");
  await tell(component, ".act", "getphonenumber", { errMsg: "getPhoneNumber:fail user deny" });
  expect(told.requests).toHaveLength(1);
  await tell(component, ".act", "getphonenumber", { code: "p-1" });
  expect(bodies(told)[1]).toEqual(["/sign-in/wechat-phone/", { code: "p-1" }]);
  expect(told.went).toEqual(["anew /pages/home/home"]);
});

test("by a code: wrong is said at the field, right signs in", async () => {
  const answers = { "POST /sign-in/phone/": "phone", "POST /sign-in/code/": ["code_wrong", "signed_in"] };
  const { component, told, text, storage } = await openPage("signin", { answers, storage: OUT, pages: TWO });
  await tap(component, "用短信验证码登录");
  await typed(component, "phone", "13800130001");
  await tap(component, "获取验证码");
  await typed(component, "code", "000000");
  await tap(component, "登录");
  expect(text()).toMatch("验证码");
  expect(storage.get("token")).toBe("");
  await typed(component, "code", "123456");
  await tap(component, "登录");
  expect(bodies(told).map(([path]) => path)).toEqual(["/sign-in/phone/", "/sign-in/code/", "/sign-in/code/"]);
  expect(told.went).toEqual(["back"]);
});

test("somebody new says a name and agrees; a child's guardian agrees", async () => {
  const answers = {
    "POST /sign-in/wechat/": "newcomer",
    "POST /sign-in/newcomer/": ["newcomer_refused", "child"],
    "POST /sign-in/guardian-phone/": "guardian_phone",
    "POST /sign-in/guardian/": "child_signed_in",
  };
  const { component, page, told, text, storage } = await openPage("signin", { answers, storage: OUT });
  await tap(component, "用微信登录");
  await typed(component, "name", "小林");
  await tap(component, "好了，登录");
  expect(text()).toMatch("请看过个人信息处理告知，同意再打勾。");
  page.setData({ "values.is_child": true, "values.birth_date": "2018-05-01" });
  await tap(component, "好了，登录");
  await typed(component, "guardian_name", "林大");
  await typed(component, "guardian_phone", "13850990078");
  await tap(component, "发验证码给监护人");
  await typed(component, "code", "123456");
  page.setData({ "values.has_agreed": true });
  await tap(component, "监护人同意，登录");
  expect(bodies(told).slice(1)).toEqual([
    ["/sign-in/newcomer/", { name: "小林" }],
    ["/sign-in/newcomer/", { name: "小林", is_child: true, birth_date: "2018-05-01" }],
    ["/sign-in/guardian-phone/", { guardian_name: "林大", guardian_phone: "13850990078" }],
    [
      "/sign-in/guardian/",
      { guardian_name: "林大", guardian_phone: "13850990078", code: "123456", has_agreed: true },
    ],
  ]);
  expect(storage.get("token")).toBeTruthy();
});

test("nobody agrees by having been shown a tick", async () => {
  const { component, page } = await openPage("signin", { answers: { "POST /sign-in/wechat/": "newcomer" }, storage: OUT });
  await tap(component, "用微信登录");
  expect(page.data.values.has_agreed).toBeUndefined();
  const ticks = component.dom.querySelectorAll("wx-switch");
  expect(ticks).toHaveLength(2);
});

test("staff need their second factor", async () => {
  const answers = { "POST /sign-in/wechat/": "second_factor", "POST /sign-in/second-factor/": "signed_in" };
  const { component, told, storage } = await openPage("signin", { answers, storage: OUT });
  await tap(component, "用微信登录");
  expect(storage.get("token")).toBe("");
  await typed(component, "code", "654321");
  await tap(component, "登录");
  expect(bodies(told)[1]).toEqual(["/sign-in/second-factor/", { code: "654321" }]);
  expect(storage.get("token")).toBeTruthy();
});

test("gone back without signing in leads home, not round in a circle", async () => {
  const { page, told } = await openPage("signin", { storage: OUT });
  page.onUnload();
  expect(told.went).toEqual(["anew /pages/home/home"]);
});
