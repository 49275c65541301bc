/** Who is signed in here: the token, kept until one signs out; of the steps of signing in, until the last one. */

const TOKEN = "token";

/** The person's own, which goes when they sign out. */
const OWN = [TOKEN, "draft", "door"];

let step = "";

export function token(): string {
  return wx.getStorageSync(TOKEN) || "";
}

export function isSignedIn(): boolean {
  return token() !== "";
}

/** Of a step that is not the last: the server knows by it how far this person has come. */
export function stepToken(): string {
  return step;
}

export function keepStep(given: string): void {
  step = given;
}

export function keepToken(given: string): void {
  step = "";
  wx.setStorageSync(TOKEN, given);
}

/** The token is none any more; what this person has written stays, for they sign in again. */
export function forgetToken(): void {
  wx.removeStorageSync(TOKEN);
}

export function forgetPerson(): void {
  step = "";
  for (const name of OWN) wx.removeStorageSync(name);
}
