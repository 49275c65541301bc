/** Moments in plain words, on the county's clock wherever the phone is. */

const DAY = 86400000;
const SHANGHAI = 8 * 3600000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** "今天 18:00", "周五 18:00" within a week ahead, else "12月4日 18:00"; "" for none. */
export function moment(iso: string | null, now: number = Date.now()): string {
  if (!iso) return "";
  const at = new Date(Date.parse(iso) + SHANGHAI);
  const days = Math.floor(at.getTime() / DAY) - Math.floor((now + SHANGHAI) / DAY);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  const near: Record<string, string> = { "-1": "昨天", "0": "今天", "1": "明天" };
  if (near[days]) return `${near[days]} ${time}`;
  if (days > 1 && days < 7) return `${WEEKDAYS[at.getUTCDay()]} ${time}`;
  const year = new Date(now + SHANGHAI).getUTCFullYear() === at.getUTCFullYear() ? "" : `${at.getUTCFullYear()}年`;
  return `${year}${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${time}`;
}

/** Of a limit: one that ends at midnight ends with the day before, at 24:00. */
export function until(iso: string | null, now: number = Date.now()): string {
  if (!iso || (Date.parse(iso) + SHANGHAI) % DAY) return moment(iso, now);
  return moment(new Date(Date.parse(iso) - 60000).toISOString(), now).replace("23:59", "24:00");
}

/** "周三 09:00 到 11:00". */
export function span(begins: string, ends: string, now: number = Date.now()): string {
  const [from, until] = [moment(begins, now), moment(ends, now)];
  const [day, time] = until.split(" ");
  return from.startsWith(day) ? `${from} 到 ${time}` : `${from} 到 ${until}`;
}

/** "还有 2 天", "还有 5 小时", "已超时"; "" where nothing is waited for. */
export function timeLeft(
  { closed_at, due_at, is_late }: { closed_at: string | null; due_at: string | null; is_late: boolean },
  now: number = Date.now(),
): string {
  if (closed_at || !due_at) return "";
  if (is_late) return "已超时";
  const left = Date.parse(due_at) - now;
  if (left < 0) return "";
  return left >= DAY ? `还有 ${Math.floor(left / DAY)} 天` : `还有 ${Math.max(1, Math.floor(left / 3600000))} 小时`;
}
