"use strict";
/* Addresses of the portal and pages here. */
const going = require("../.build/lib/going");

const KEY = "9b2f4b1e-8f55-4a4e-9d4e-0a7a3f1b2c3d";

test.each([
  ["/cases/ZH-7K3M-9QXT/", "/pages/matter/matter?number=ZH-7K3M-9QXT"],
  ["/requests/ZH-7K3M-9QXT/done/", "/pages/matter/matter?number=ZH-7K3M-9QXT"],
  ["/volunteers/orders/ZH-7K3M-9QXT/", "/pages/service/service?number=ZH-7K3M-9QXT"],
  [`/callouts/${KEY}/mine/`, `/pages/calls/calls?key=${KEY}`],
  ["/cases/?tab=todo", "/pages/matters/matters"],
  ["/notices/", "/pages/messages/messages"],
  ["/my-grid/", "/pages/grid/grid"],
  ["/", "/pages/home/home"],
])("%s is a page here", (path, page) => expect(going.nativePage(path)).toBe(page));

test.each(["/experts/", "/cases/ZH-7K3M-9QXT/sign/", "/volunteers/me/", `/votes/${KEY}/`, `/callouts/${KEY}/`])(
  "%s is the web's",
  (path) => {
    expect(going.nativePage(path)).toBeNull();
    expect(going.pageFor(path)).toBe(`/pages/open/open?path=${encodeURIComponent(path)}`);
  },
);

test.each([
  ["https://zhenghe.example.gov.cn/here/abc/?x=1", "/here/abc/?x=1"],
  ["https://zhenghe.example.gov.cn", "/"],
  ["https://zhenghe.example.gov.cn.evil.cn/here/", null],
  ["https://zhenghe.example.gov.cn//evil.cn/", null],
  ["http://zhenghe.example.gov.cn/here/", null],
  ["123456", null],
])("of a scanned %s", (url, path) => expect(going.scannedPath(url)).toBe(path));

test("only what everybody may read opens without a sign-in", () => {
  expect(["/privacy/", "/centres/3/", "/t/ZH-7K3M-9QXT/x/"].every(going.isOpenToEverybody)).toBe(true);
  expect(["/my-data/", "/bookings/", "/topics-of-mine/", "/"].some(going.isOpenToEverybody)).toBe(false);
});
