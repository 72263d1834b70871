// What was handed over against what is due: arithmetic, and what there is to say about it.

import * as money from "./money.js";

// No customer gets more back: such an amount is a slip, or a scanned code.
const MOST_CHANGE = 10_000_000;

/** How rows of tenders stand to a total. An empty amount takes what is left of it.
 *
 *  `amounts` are cents per row, null for one that cannot be read; `state` is "exact", "change", "missing",
 *  "too much" (change is given only for cash that was needed) or "unreadable"; `difference` goes with it. */
export function settle(rows, total) {
  const typed = rows.map(({ text }) => (text.trim() ? money.parse(text) : undefined));
  if (typed.includes(null)) return { amounts: typed, state: "unreadable", difference: 0 };
  const rest = Math.max(0, total - sum(typed));
  const first = typed.indexOf(undefined);
  const amounts = typed.map((amount, at) => amount ?? (at === first ? rest : 0));
  const difference = sum(amounts) - total;
  if (difference < 0) return { amounts, state: "missing", difference: -difference };
  if (difference === 0) return { amounts, state: "exact", difference };
  const cash = sum(amounts.filter((_, at) => rows[at].kind.is_cash));
  return { amounts, state: difference < cash && difference <= MOST_CHANGE ? "change" : "too much", difference };
}

/** Why it is too much, as `text`, and what would cure it: that row `at` brings `amount`. Null unless it is. */
export function excess(rows, total) {
  const { amounts, state, difference } = settle(rows, total);
  if (state !== "too much") return null;
  const isCash = (at) => rows[at].kind.is_cash;
  const over = sum(amounts.filter((_, at) => !isCash(at))) - total;
  if (over < 0) return { text: "Nobody gets so much change: look at the cash again.", at: -1, amount: 0 };
  if (over === 0)
    return { text: "All is paid without the cash: give it back.", at: amounts.findLastIndex((_, at) => isCash(at)), amount: 0 };
  const at = amounts.findLastIndex((amount, each) => !isCash(each) && amount >= difference);
  const more = money.show(difference);
  const text =
    `${at < 0 ? "This" : rows[at].kind.label} is ${more} more than is due, and change is given only for cash. ` +
    `Sell goods for it, or take what is due and send the ${more} back.`;
  return { text, at, amount: at < 0 ? 0 : amounts[at] - difference };
}

const sum = (amounts) => amounts.reduce((total, amount) => total + (amount ?? 0), 0);
