/** Why a call did not go through, in words for people. */

/** What the portal answered (RFC 9457): `fields` has the words by name of field. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly words: string,
    readonly fields: Record<string, string>,
  ) {
    super(words);
  }
}

/** No answer came, or none that can be read. */
export class NoLine extends Error {
  constructor() {
    super("网络不太通，请检查一下网络，再试一次。");
  }
}

/** Whoever is there has to sign in; the page for that is opening. */
export class SignInFirst extends Error {
  constructor() {
    super("请先登录。");
  }
}

export function problemOf(status: number, body: unknown): Problem {
  const told = (typeof body === "object" && body ? body : {}) as {
    detail?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const fields: Record<string, string> = {};
  for (const { pointer, detail } of told.errors || []) {
    const name = pointer.replace("#/", "").replace(/~1/g, "/").replace(/~0/g, "~");
    fields[name] = fields[name] ? `${fields[name]} ${detail}` : detail;
  }
  return new Problem(status, told.detail || "系统出了点问题，请过几分钟再试。", fields);
}

/** For the `data` of a page: words for the whole, and by field. */
export interface Shown {
  problem: string;
  fields: Record<string, string>;
}

export const NOTHING: Shown = { problem: "", fields: {} };

/** Of what was thrown. `own`: the fields that this page shows; words of others go to the top. */
export function shown(thrown: unknown, own: string[] = []): Shown {
  if (thrown instanceof Problem) {
    const others = Object.keys(thrown.fields).filter((name) => !own.includes(name));
    return { problem: [thrown.words, ...others.map((name) => thrown.fields[name])].join(" "), fields: thrown.fields };
  }
  if (thrown instanceof SignInFirst) return { problem: "", fields: {} };
  if (thrown instanceof NoLine) return { problem: thrown.message, fields: {} };
  throw thrown;
}
