"use strict";
/* WeChat's side of the tests: answers calls of the API as recorded from the real one, and remembers what was asked of it. */
const ANSWERS = require("../fixtures/answers.json");

const SERVER = "https://zhenghe.example.gov.cn";

/** `answers`: "GET /cases/" -> names of recorded answers, the last one again and again; "fail" is a broken line. */
function makeWx(answers = {}, more = {}) {
  const storage = new Map();
  const told = { requests: [], went: [], shown: [], files: new Map() };
  const left = Object.fromEntries(Object.entries(answers).map(([call, names]) => [call, [].concat(names)]));

  const next = (call) => {
    const names = left[call];
    if (!names) throw new Error(`nobody answers ${call}`);
    return names.length > 1 ? names.shift() : names[0];
  };
  const goes = (how) => (to) => told.went.push(to ? `${how} ${to.url}` : how);

  const wx = {
    getStorageSync: (name) => storage.get(name) ?? "",
    setStorageSync: (name, value) => storage.set(name, JSON.parse(JSON.stringify(value))),
    removeStorageSync: (name) => storage.delete(name),
    getAppBaseInfo: () => ({ fontSizeScaleFactor: 1 }),
    request({ url, method, header, data, success, fail }) {
      const path = url.replace(`${SERVER}/api/v1`, "");
      told.requests.push({ method, path, header, data: typeof data === "string" ? JSON.parse(data) : data });
      const name = next(`${method} ${path.replace(/\?.*/, "")}`);
      if (name === "fail") return void Promise.resolve().then(() => fail({ errMsg: "request:fail" }));
      const { status, body, header: answered } = typeof name === "string" ? ANSWERS[name] : name;
      const copy = body === null ? "" : JSON.parse(JSON.stringify(body));
      return void Promise.resolve().then(() => success({ statusCode: status, data: copy, header: answered || {} }));
    },
    downloadFile({ url, header, success }) {
      told.requests.push({ method: "GET", path: url.replace(`${SERVER}/api/v1`, ""), header });
      success({ statusCode: 200, tempFilePath: `wxfile://tmp${url.replace(/\W/g, "")}` });
    },
    getFileSystemManager: () => ({
      readFileSync: (path) => told.files.get(path) || new Uint8Array([0xff, 0xd8, 0xff]).buffer,
      saveFileSync: (path) => path.replace("tmp", "store"),
      accessSync: (path) => {
        if (path.includes("gone")) throw new Error("no such file");
      },
      removeSavedFile: ({ filePath }) => told.shown.push(`removed ${filePath}`),
    }),
    login: ({ success }) => success({ code: "code-o-1" }),
    navigateTo: goes("to"),
    redirectTo: goes("instead"),
    reLaunch: goes("anew"),
    navigateBack: goes("back"),
    stopPullDownRefresh: () => told.shown.push("refreshed"),
    showToast: ({ title }) => told.shown.push(title),
    makePhoneCall: ({ phoneNumber }) => told.shown.push(`calls ${phoneNumber}`),
    previewImage: ({ urls }) => told.shown.push(`shows ${urls}`),
    openPrivacyContract: () => told.shown.push("privacy contract"),
    chooseMedia: ({ count, success }) => {
      told.shown.push(`asks for ${count}`);
      success({ tempFiles: [{ tempFilePath: "wxfile://tmp/1" }, { tempFilePath: "wxfile://tmp/2" }] });
    },
    getImageInfo: ({ success }) => success({ width: 3000, height: 4000 }),
    compressImage: ({ src, success, ...how }) => {
      told.shown.push(`compresses to ${JSON.stringify(how)}`);
      success({ tempFilePath: src });
    },
    ...more,
  };
  return { wx, told, storage };
}

module.exports = { ANSWERS, SERVER, makeWx };
