"use strict";
/* What can be read from the files: every control says what it is, print and targets are large enough, contrast holds,
   nothing is asked of the phone that is not used. */
const fs = require("node:fs");
const path = require("node:path");

const APP = path.join(__dirname, "../app");
const read = (ending) =>
  fs
    .readdirSync(APP, { recursive: true })
    .filter((file) => file.endsWith(ending))
    .map((file) => [file, fs.readFileSync(path.join(APP, file), "utf8")]);
const tags = (text, name) => [...text.matchAll(new RegExp(`<${name}\\b([^>]*?)(/>|>([\\s\\S]*?)</${name}>)`, "g"))];

test.each(read(".wxml"))("%s: every control says what it is", (_, text) => {
  for (const name of ["input", "textarea", "switch", "image"]) {
    for (const [tag, attributes] of tags(text, name)) expect([tag, attributes.includes("aria-label=")]).toEqual([tag, true]);
  }
  for (const [tag, attributes, , inner = ""] of tags(text, "button")) {
    expect([tag, attributes.includes("aria-label=") || inner.trim() !== ""]).toEqual([tag, true]);
  }
  for (const [tag, attributes] of tags(text, "view")) {
    if (/bindtap=/.test(attributes)) expect([tag, /aria-role="(button|link)"/.test(attributes)]).toEqual([tag, true]);
  }
});

test.each(read(".wxss"))("%s: nothing is smaller than 16 px, no target fixed below 48 px", (_, text) => {
  for (const [, size] of text.matchAll(/(?:font-size|--text[\w-]*): (\d+)px/g)) expect(Number(size)).toBeGreaterThanOrEqual(16);
  for (const [, size] of text.matchAll(/(?:--target|min-height): (\d+)px/g)) expect(Number(size)).toBeGreaterThanOrEqual(48);
  for (const [rule, width] of text.matchAll(/[^-]width: (\d+)px/g)) expect([rule, Number(width) <= 320]).toEqual([rule, true]);
});

test("large print begins at 20 px, its targets at 60 px", () => {
  const [, rules] = /\.page\.large \{([^}]*)\}/.exec(fs.readFileSync(path.join(APP, "app.wxss"), "utf8"));
  for (const [, size] of rules.matchAll(/--text[\w-]*: (\d+)px/g)) expect(Number(size)).toBeGreaterThanOrEqual(20);
  expect(Number(/--target: (\d+)px/.exec(rules)[1])).toBeGreaterThanOrEqual(60);
});

test("the colours are those of the web", () => {
  const web = fs.readFileSync(path.join(APP, "../../static/css/tokens.css"), "utf8");
  const mini = fs.readFileSync(path.join(APP, "app.wxss"), "utf8");
  const colours = [...mini.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)];
  expect(colours.length).toBeGreaterThan(10);
  for (const [, name, colour] of colours) expect(web).toMatch(`${name}: ${colour};`);
});

test.each([
  ["--ink", "--paper"], ["--ink-soft", "--paper"], ["--ink", "--cinnabar-soft"], ["--cinnabar", "--paper"],
  ["--tea", "--card"], ["--card", "--tea"], ["--amber", "--card"], ["--lake", "--paper"], ["--tea", "--tea-soft"],
])("%s on %s can be read", (text, ground) => {
  const style = fs.readFileSync(path.join(APP, "app.wxss"), "utf8");
  const light = (name) => {
    const hex = new RegExp(`${name}: #([0-9a-f]{6});`).exec(style)[1];
    const [r, g, b] = [0, 2, 4].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [light(text), light(ground)].sort((a, b) => b - a);
  expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(4.5);
});

test("every page is listed and has its four files", () => {
  const { pages } = JSON.parse(fs.readFileSync(path.join(APP, "app.json"), "utf8"));
  expect(pages.map((page) => page.split("/")[1]).sort()).toEqual(fs.readdirSync(path.join(APP, "pages")).sort());
  for (const page of pages) {
    for (const kind of ["ts", "json", "wxml", "wxss"]) expect(fs.existsSync(path.join(APP, `${page}.${kind}`))).toBe(true);
  }
});

test("what the phone is asked for is declared, and nothing else", () => {
  const settings = JSON.parse(fs.readFileSync(path.join(APP, "app.json"), "utf8"));
  const code = read(".ts").map(([, text]) => text).join("\n");
  const asks = ["getLocation", "chooseLocation", "getFuzzyLocation", "chooseAddress", "startLocationUpdate"];
  expect(settings.requiredPrivateInfos).toEqual(asks.filter((name) => code.includes(`wx.${name}(`)));
  expect(Object.keys(settings.permission)).toEqual(["scope.userLocation"]);
  expect(settings.__usePrivacyCheck__).toBe(true);
  expect(code).not.toMatch(/reportAnalytics|reportEvent|getUserProfile|getUserInfo|getClipboardData|getDeviceInfo/);
});
