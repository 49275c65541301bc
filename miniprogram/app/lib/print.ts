/** 长辈版: larger print and larger targets. */

const CHOSEN = "print";
const LARGER = 1.2;

/** As chosen here; where nothing was, as large as this person has set WeChat. */
export function isLarge(): boolean {
  const chosen = wx.getStorageSync(CHOSEN);
  if (chosen) return chosen === "large";
  return Number(wx.getAppBaseInfo().fontSizeScaleFactor || 1) >= LARGER;
}

export function choosePrint(large: boolean): void {
  wx.setStorageSync(CHOSEN, large ? "large" : "normal");
}

/** Class of a page. */
export function print(): string {
  return isLarge() ? "large" : "";
}
