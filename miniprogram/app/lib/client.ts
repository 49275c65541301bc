/** Calls of the portal's API: with the token, tried again where that is safe, refused in words. */
import { SERVER } from "../config";
import { goToSignIn } from "./going";
import { newKey } from "./keys";
import { multipart } from "./multipart";
import type { Part } from "./multipart";
import { NoLine, problemOf, SignInFirst } from "./refusals";
import { forgetToken, isSignedIn, keepStep, keepToken, stepToken, token } from "./session";

export const API = `${SERVER}/api/v1`;
const TIME_OUT = 20000; // ms: a photo on a slow line takes its time
const PAUSES = [500, 2000]; // ms before the second and the third try
const PASSING = [502, 503, 504];

export type Body = Record<string, unknown>;

interface Sent {
  method: "GET" | "POST";
  path: string;
  header: Record<string, string>;
  data?: string | ArrayBuffer;
}

interface Answer {
  status: number;
  body: unknown;
  retryAfter: string;
}

export interface SignedIn {
  token: string;
  next: "" | "code" | "phone" | "second_factor" | "newcomer" | "guardian";
  shown_code: string;
  person: { name: string; phone: string; is_staff: boolean } | null;
}

/** Reads. `path` with its slash in front, or the address of a next page. */
export function get<T>(path: string, about: Record<string, string | number> = {}): Promise<T> {
  const pairs = Object.entries(about).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const bare = path.indexOf("/api/v1/") >= 0 ? path.slice(path.indexOf("/api/v1/") + "/api/v1".length) : path;
  return asked<T>({ method: "GET", path: bare + (pairs.length ? `?${pairs.join("&")}` : ""), header: {} });
}

/** Does something, once: sent again only under the same key. Give a `key` of your own for what outlives this call. */
export function post<T>(path: string, body: Body = {}, key: string = newKey()): Promise<T> {
  const header = { "Content-Type": "application/json", "Idempotency-Key": key };
  return asked<T>({ method: "POST", path, header, data: JSON.stringify(body) });
}

/** As `post`, with the photos at these paths. Without any it is JSON. */
export function postWithPhotos<T>(path: string, body: Body, photos: string[], key: string): Promise<T> {
  if (!photos.length) return post<T>(path, body, key);
  const files = wx.getFileSystemManager();
  const parts: Part[] = photos.map((photo, number) => ({
    name: "photos",
    filename: `${number + 1}.jpg`,
    bytes: files.readFileSync(photo) as ArrayBuffer,
  }));
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined && value !== null) fields[name] = String(value);
  }
  const form = multipart(fields, parts, `zhenghe${newKey()}`);
  const header = { "Content-Type": form.type, "Idempotency-Key": key };
  return asked<T>({ method: "POST", path, header, data: form.body });
}

/** A step of signing in; the last one signs in. */
export async function signInStep(step: string, body: Body): Promise<SignedIn> {
  const header: Record<string, string> = { "Content-Type": "application/json" };
  if (stepToken()) header.Authorization = `Bearer ${stepToken()}`;
  const answer = await send({ method: "POST", path: `/sign-in/${step}/`, header, data: JSON.stringify(body) });
  if (answer.status >= 400) throw problemOf(answer.status, answer.body);
  const told = answer.body as SignedIn;
  if (told.next === "") keepToken(told.token);
  else keepStep(told.token);
  return told;
}

/** A picture that only this person may see, as a file on the phone. Its `url` is the one of the web's page. */
export function picture(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: API + url,
      header: { Authorization: `Bearer ${token()}` },
      timeout: TIME_OUT,
      success: (told) => (told.statusCode === 200 ? resolve(told.tempFilePath) : reject(problemOf(told.statusCode, null))),
      fail: () => reject(new NoLine()),
    });
  });
}

async function asked<T>(sent: Sent): Promise<T> {
  if (!isSignedIn()) return toSignIn();
  let answer = await tried(sent);
  if (answer.status === 401) {
    forgetToken();
    if (!(await renewed())) return toSignIn();
    answer = await tried(sent);
  }
  if (answer.status >= 400) throw problemOf(answer.status, answer.body);
  return answer.body as T;
}

function toSignIn(): never {
  goToSignIn();
  throw new SignInFirst();
}

let renewing: Promise<boolean> | null = null;

/** Whether WeChat says at once who this is: then nobody has to do anything. Several calls wait for one answer. */
function renewed(): Promise<boolean> {
  renewing = renewing || renew().finally(() => (renewing = null));
  return renewing;
}

async function renew(): Promise<boolean> {
  try {
    const told = await signInStep("wechat", { code: await weChatCode() });
    return told.next === "";
  } catch {
    return false;
  }
}

/** Of wx.login. Raises NoLine. */
export function weChatCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => resolve(code), fail: () => reject(new NoLine()) });
  });
}

/** Until it is answered: reads and what has a key may be sent again. */
async function tried(sent: Sent): Promise<Answer> {
  for (const pause of PAUSES) {
    try {
      const answer = await send(withToken(sent));
      const meetsSomebody = answer.status === 409 && answer.retryAfter !== "";
      if (!PASSING.includes(answer.status) && !meetsSomebody) return answer;
    } catch (fault) {
      if (!(fault instanceof NoLine)) throw fault;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return send(withToken(sent));
}

function withToken(sent: Sent): Sent {
  return { ...sent, header: { ...sent.header, Authorization: `Bearer ${token()}` } };
}

function send({ method, path, header, data }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: API + path,
      method,
      header,
      data,
      dataType: "json",
      timeout: TIME_OUT,
      success: ({ statusCode, data: body, header: told }) => {
        const retryAfter = String((told || {})["Retry-After"] || (told || {})["retry-after"] || "");
        resolve({ status: statusCode, body, retryAfter });
      },
      fail: () => reject(new NoLine()),
    });
  });
}
