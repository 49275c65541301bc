"use strict";
/* Moments in plain words, wherever the phone is. */
const { moment, span, timeLeft, until } = require("../.build/lib/words");

const NOW = Date.parse("2026-11-24T15:00:00+08:00"); // a Tuesday

test.each([
  ["2026-11-24T18:00:00+08:00", "今天 18:00"],
  ["2026-11-24T16:30:00Z", "明天 00:30"],
  ["2026-11-23T09:05:00+08:00", "昨天 09:05"],
  ["2026-11-27T18:00:00+08:00", "周五 18:00"],
  ["2026-12-04T18:00:00+08:00", "12月4日 18:00"],
  ["2027-01-04T18:00:00+08:00", "2027年1月4日 18:00"],
  [null, ""],
])("%s is %s", (iso, words) => expect(moment(iso, NOW)).toBe(words));

test("a limit at midnight ends with the day before", () => {
  expect(until("2026-11-26T00:00:00+08:00", NOW)).toBe("明天 24:00");
  expect(until("2026-11-26T18:00:00+08:00", NOW)).toBe("周四 18:00");
  expect(until(null, NOW)).toBe("");
});

test("from when to when", () => {
  expect(span("2026-11-25T09:00:00+08:00", "2026-11-25T11:00:00+08:00", NOW)).toBe("明天 09:00 到 11:00");
  expect(span("2026-11-25T22:00:00+08:00", "2026-11-26T01:00:00+08:00", NOW)).toBe("明天 22:00 到 周四 01:00");
});

test.each([
  [{ due_at: "2026-11-27T18:00:00+08:00" }, "还有 3 天"],
  [{ due_at: "2026-11-24T18:00:00+08:00" }, "还有 3 小时"],
  [{ due_at: "2026-11-24T15:10:00+08:00" }, "还有 1 小时"],
  [{ due_at: "2026-11-24T14:00:00+08:00", is_late: true }, "已超时"],
  [{ due_at: "2026-11-24T14:00:00+08:00" }, ""],
  [{ due_at: "2026-11-27T18:00:00+08:00", closed_at: "2026-11-24T14:00:00+08:00" }, ""],
  [{ due_at: null }, ""],
])("of %j", (card, words) => expect(timeLeft({ closed_at: null, is_late: false, ...card }, NOW)).toBe(words));
