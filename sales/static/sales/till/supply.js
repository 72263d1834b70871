// The catalogue, read when the till opens and again when it may be old.

import { load, LoggedOut } from "./catalogue.js";

const FRESH = 60_000;

/** `arrived(catalogue, earlier)` is called when there is another one, `missing(isLoggedOut)` when it cannot be read. */
export function supply(url, { arrived, missing }) {
  let catalogue = null;
  let loadedAt = 0;
  let loading = null;

  async function read() {
    const earlier = catalogue;
    try {
      catalogue = await load(url, earlier);
    } catch (error) {
      return missing(error instanceof LoggedOut);
    }
    loadedAt = Date.now();
    if (catalogue !== earlier) arrived(catalogue, earlier);
  }

  return {
    /** Null until the first one has arrived. */
    catalogue: () => catalogue,
    isOld: () => Boolean(catalogue) && Date.now() - loadedAt > FRESH,
    /** Read it again; one reading at a time. */
    refresh: () => (loading ??= read().finally(() => (loading = null))),
  };
}
