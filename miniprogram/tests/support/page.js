"use strict";
/* A page as WeChat would run it: made, loaded, shown; then tapped and typed into. */
const path = require("node:path");
const simulate = require("miniprogram-simulate");
const { makeWx } = require("./wx");

const later = setTimeout; // the real one: tests that let time fly replace it
const BUILD = path.join(__dirname, "../../.build");

/** `given`: { answers, storage, query, wx, pages }. Signed in unless storage says otherwise. */
async function openPage(name, given = {}) {
  leave();
  jest.resetModules();
  const made = makeWx(given.answers, given.wx);
  for (const [key, value] of Object.entries({ token: "t", ...given.storage })) made.storage.set(key, value);
  Object.assign(global.wx, made.wx);
  global.getCurrentPages = () => given.pages || [{ route: `pages/${name}/${name}` }];
  const id = simulate.load(path.join(BUILD, "pages", name, name), "main", { compiler: "simulate", rootPath: BUILD });
  const component = simulate.render(id);
  component.attach(document.createElement("div"));
  const page = component.instance;
  opened = page;
  if (page.onLoad) page.onLoad(given.query || {});
  if (page.onShow) await page.onShow();
  await settle();
  return { component, page, ...made, text: () => component.dom.textContent.replace(/\s+/g, " ") };
}

let opened = null;

/** The page of before, as if one had gone back from it. */
function leave() {
  if (opened && opened.onUnload) opened.onUnload();
  opened = null;
}

/** Until everything that was asked has been answered. */
async function settle() {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => later(resolve, 0));
}

const TAPPED = [".act", ".second", ".tile", ".calling", ".choice", ".link", ".star", ".drop", ".add", ".card"];

/** Taps what says these words (a card: begins with them). */
async function tap(component, words) {
  const all = TAPPED.flatMap((kind) => component.querySelectorAll(kind));
  const wordsOf = ({ dom }) => dom.textContent.replace(/\s+/g, " ").trim();
  const tapped = all.find((each) => wordsOf(each) === words) || all.find((each) => wordsOf(each).startsWith(words));
  if (!tapped) throw new Error(`nothing to tap says ${words}: ${component.dom.textContent}`);
  tapped.dispatchEvent("tap");
  await settle();
}

/** A control or component of this page tells something, as WeChat's own do. */
async function tell(component, selector, event, detail) {
  const tells = component.querySelector(selector);
  if (!tells) throw new Error(`no ${selector}: ${component.dom.textContent}`);
  tells.dispatchEvent(event, { detail });
  await settle();
}

/** One of our components by itself; `events` has what it told. */
async function openComponent(name, properties = {}, given = {}) {
  jest.resetModules();
  const made = makeWx(given.answers, given.wx);
  made.storage.set("token", "t");
  Object.assign(global.wx, made.wx);
  global.getCurrentPages = () => [];
  const where = path.join(BUILD, "components", name, name);
  const id = simulate.load(where, "main", { compiler: "simulate", rootPath: BUILD });
  const component = simulate.render(id, properties);
  const events = [];
  component.addEventListener("change", (event) => events.push(event.detail.value));
  component.attach(document.createElement("div"));
  await settle();
  return { component, events, ...made, text: () => component.dom.textContent.replace(/\s+/g, " ") };
}

module.exports = { openPage, openComponent, settle, tap, tell };
