// Shillings and cents, the twin of smartduka/money.py. An amount is a whole number of cents.

const SHAPE = /^([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?$/;
const LARGEST = 999_999_999_999;

/** What a person typed, or the server sent, as cents: "1,000.5" is 100050. Null for anything else. */
export function parse(text) {
  const stripped = text.trim();
  if (!SHAPE.test(stripped)) return null;
  const [shillings, cents = ""] = stripped.replaceAll(",", "").split(".");
  const amount = Number(shillings + cents.padEnd(2, "0"));
  return amount <= LARGEST ? amount : null;
}

/** For people: 1,000.50; whole shillings lose their cents. */
export function show(cents) {
  const shillings = String(Math.floor(cents / 100)).replace(/\B(?=([0-9]{3})+$)/g, ",");
  return cents % 100 ? `${shillings}.${String(cents % 100).padStart(2, "0")}` : shillings;
}

/** For the server: "1000.50". */
export function toWire(cents) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** As a person types it: "1000.50", "1000". */
export const toTyped = (cents) => toWire(cents).replace(/\.00$/, "");

/** What so many base units come to at a price for `pricedPer` of them, half up to the cent. */
export function price(base, pricedPer, cents) {
  // The product of a large quantity and a large price does not fit a Number.
  const twice = 2n * BigInt(base) * BigInt(cents);
  return Number((twice + BigInt(pricedPer)) / (2n * BigInt(pricedPer)));
}

/** The nearest multiple of `step` shillings, half up. */
export function roundToStep(cents, step) {
  return Math.floor((cents + step * 50) / (step * 100)) * step * 100;
}
