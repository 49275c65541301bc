/** From page to page, and from addresses of the portal to pages here. */
import { SERVER } from "../config";

const HOME = "/pages/home/home";
const SIGN_IN = "/pages/signin/signin";
const NUMBER = "(ZH-[2-9A-Z]{4}-[2-9A-Z]{4})";

const NATIVE: [RegExp, (found: string) => string][] = [
  [new RegExp(`^/(?:cases|requests)/${NUMBER}/(?:done/)?$`), (number) => `/pages/matter/matter?number=${number}`],
  [new RegExp(`^/volunteers/orders/${NUMBER}/$`), (number) => `/pages/service/service?number=${number}`],
  [/^\/callouts\/([0-9a-f-]{36})\/mine\/$/, (key) => `/pages/calls/calls?key=${key}`],
  [/^\/cases\/$/, () => "/pages/matters/matters"],
  [/^\/notices\/$/, () => "/pages/messages/messages"],
  [/^\/notices\/choices\/$/, () => "/pages/settings/settings"],
  [/^\/my-grid\/$/, () => "/pages/grid/grid"],
  [/^\/requests\/new\/$/, () => "/pages/file/file"],
  [/^\/$/, () => HOME],
];

/** Pages of the web that ask nobody for a sign-in. */
const OPEN =
  /^\/(privacy|centres|here|activities|projects|brands|topics|covenants|net|open-data|papers\/verify|t|c|volunteers\/rules)(\/|$)/;

/** The page here for an address of the portal; null: only the web has it. */
export function nativePage(path: string): string | null {
  const bare = path.replace(/[?#].*$/, "");
  for (const [pattern, page] of NATIVE) {
    const match = pattern.exec(bare);
    if (match) return page(match[1] || "");
  }
  return null;
}

/** The page that shows this address, here or in the web-view. */
export function pageFor(path: string): string {
  return nativePage(path) || `/pages/open/open?path=${encodeURIComponent(path)}`;
}

export function isOpenToEverybody(path: string): boolean {
  return OPEN.test(path);
}

/** An address of our own from a scanned code; null for anybody else's. */
export function scannedPath(url: string): string | null {
  if (url === SERVER) return "/";
  const isOurs = url.startsWith(`${SERVER}/`) && !url.startsWith(`${SERVER}//`);
  return isOurs ? url.slice(SERVER.length) : null;
}

/** Once: several calls of a page may be refused together. */
export function goToSignIn(): void {
  const pages = getCurrentPages();
  const top = pages[pages.length - 1];
  if (top && `/${top.route}` === SIGN_IN) return;
  wx.navigateTo({ url: SIGN_IN });
}

/** Back to where one was. */
export function comeBack(): void {
  if (getCurrentPages().length > 1) wx.navigateBack();
  else goHome();
}

export function goHome(): void {
  wx.reLaunch({ url: HOME });
}
