"use strict";
/* The client against a real server, without WeChat: node real.js BUILD SERVER PHONE file|NUMBER PHOTO…, prints what came of
   it. tests/zhenghe/miniprogram/test_miniprogram.py starts the server and looks what is there afterwards. */
const fs = require("node:fs");
const path = require("node:path");

const [build, server, phone, what, ...photos] = process.argv.slice(2);
const storage = new Map();
let sent = 0;
let breaks = 0;

global.getCurrentPages = () => [];
global.wx = {
  getStorageSync: (name) => storage.get(name) || "",
  setStorageSync: (name, value) => storage.set(name, value),
  removeStorageSync: (name) => storage.delete(name),
  getFileSystemManager: () => ({ readFileSync: (name) => new Uint8Array(fs.readFileSync(name)).buffer }),
  async request({ url, method, header, data, success, fail }) {
    const answer = await fetch(url, { method, headers: header, body: data });
    const text = await answer.text();
    if (url.endsWith("/requests/")) sent += 1;
    if (breaks > 0 && url.endsWith("/requests/")) {
      breaks -= 1;
      return fail({ errMsg: "request:fail" }); // it was done, and the answer is lost
    }
    let body = text;
    try {
      body = JSON.parse(text);
    } catch {
      // as WeChat does: what is no JSON stays text
    }
    return success({ statusCode: answer.status, data: body, header: Object.fromEntries(answer.headers) });
  },
};

require(path.join(build, "config")).SERVER = server;
const client = require(path.join(build, "lib/client"));
const api = require(path.join(build, "lib/api"));
const { newKey } = require(path.join(build, "lib/keys"));

async function main() {
  const { shown_code } = await client.signInStep("phone", { phone });
  await client.signInStep("code", { code: shown_code });
  if (what === "file") {
    const estate = (await api.places()).find(({ name }) => name === "宜和佳苑");
    const [house] = await api.buildings(estate.id);
    const key = newKey();
    const words = "楼道灯坏了，👵看不见\n三天了";
    breaks = 1;
    const request = { place: estate.id, building: house.id, words, key, is_anonymous: false };
    const { number } = await api.file(request, photos, key);
    return { sent, number };
  }
  const { version } = await api.matter(what);
  await api.act(what, "note", { version, words: "还有这里" }, photos, newKey());
  const { holder, story } = await api.matter(what);
  const [shown] = story[0].photos;
  const answer = await fetch(client.API + shown.url, { headers: { Authorization: `Bearer ${storage.get("token")}` } });
  const begins = Buffer.from(await answer.arrayBuffer()).subarray(0, 3).toString("hex");
  const refused = await api.act(what, "note", { version: version + 1 }, [], newKey()).catch((refusal) => refusal.fields.words);
  return { holder, photos: story[0].photos.length, begins, refused };
}

main().then(
  (told) => console.log(JSON.stringify(told)),
  (fault) => {
    console.error(fault);
    process.exit(1);
  },
);
