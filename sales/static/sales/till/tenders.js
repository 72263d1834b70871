// What was handed over against what is due: arithmetic only.

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

const sum = (amounts) => amounts.reduce((total, amount) => total + (amount ?? 0), 0);
