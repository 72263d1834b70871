// The way back to the sale that was just rung up, while the next one is being made.

import * as money from "./money.js";

const STORED = "smartduka.last-sale";

/** `link` leads there; it is hidden while this till has sold nothing. */
export function lastSale(link) {
  function show({ number, change, url }) {
    link.textContent = `${number} · change ${money.show(money.parse(change))}`;
    link.href = url;
    link.hidden = false;
  }

  try {
    const stored = JSON.parse(localStorage.getItem(STORED));
    if (stored) show(stored);
  } catch {
    // Nothing that was kept can be read: then there is no way back but the list of sales.
  }

  return {
    keep(sale) {
      show(sale);
      try {
        localStorage.setItem(STORED, JSON.stringify(sale));
      } catch {
        // A browser that keeps nothing shows it until the next reload.
      }
    },
  };
}
