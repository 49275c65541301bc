/** What every page has: its print, whether it waits for an answer, and what was refused. */
import { print } from "./print";
import { NOTHING, shown } from "./refusals";

export const ASKING = { print: "", isBusy: false, ...NOTHING };

interface Asking {
  setData(data: Record<string, unknown>): void;
}

/** When a page comes to the front: the print may have been chosen meanwhile. */
export function dress(page: Asking): void {
  page.setData({ print: print() });
}

/** Does what was asked; a refusal is shown on the page, at its `own` fields or at the top. False: it was refused. */
export async function attempt(page: Asking, work: () => Promise<void>, own: string[] = []): Promise<boolean> {
  page.setData({ isBusy: true, ...NOTHING });
  try {
    await work();
    return true;
  } catch (refusal) {
    page.setData({ ...shown(refusal, own) });
    return false;
  } finally {
    page.setData({ isBusy: false });
  }
}
