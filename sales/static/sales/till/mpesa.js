// Reading an M-Pesa message. The wording differs by product and year, so it is read by pieces, and shown before
// anything is saved: whoever sold looks at it, for a message is easily forged.

import * as money from "./money.js";

const LONGEST = 2000;
const OLD = 24 * 3_600_000;
const AHEAD = 5 * 60_000; // clocks differ
const NAIROBI = 3; // hours before UTC; M-Pesa writes the time of Kenya wherever the till stands

const SUM = String.raw`(?:ksh?s?|kes)\.?\s*((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?)`;
const CODES = /(?<![A-Z0-9])([A-Z0-9]{10})[\s.,:]*(?:confirmed|imethibitishwa)/gi;
const CODE_FIRST = /^(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{10}(?=\s)/i;
const RECEIVED = [
  new RegExp(String.raw`(?:received|umepokea)\s*${SUM}`, "i"),
  new RegExp(String.raw`${SUM}\s*(?:has been\s+)?(?:received|paid by|imepokelewa)`, "i"),
];
const WENT_OUT = /sent to|paid\b.{0,30}\bto\b|withdraw|you bought|give .{0,30} cash to|moved from|reversed|imetumwa|umetoa|umelipa|umenunua/i;
const FROM = /(?:from|paid by|kutoka(?: kwa)?)\s*(\S.*?)(?=\s*(?:(?:on|mnamo|tarehe)\s*[0-9]{1,2}\/|\.?\s*new\b|for account|account\b|via\b|\.\s|\.$|baki|salio|$))/i;
const PHONE = /\+?(?:254|0)[17*][0-9*x]{5,9}(?![0-9*])/i;
const DAY = /(?<![0-9])([0-9]{1,2})\/([0-9]{1,2})\/(20[0-9]{2}|[0-9]{2})(?:\s*(?:at|saa)?\s*([0-9]{1,2}):([0-9]{2})(?:\s*([ap])\.?m)?)?/i;

/** What a message says: `{code, isSeveral, way, amount, sender, phone, at, when}`; null for what is no message.
 *
 *  `way` is "in", "out", or "" when nothing is said of it; `amount` (cents received) and `at` (an instant) are
 *  null, and texts empty, where nothing is found. `isSeveral`: messages of several payments were pasted. */
export function read(text) {
  const plain = tidy(text);
  const codes = new Set([...plain.matchAll(CODES)].map(([, code]) => code.toUpperCase()));
  const code = [...codes][0] ?? CODE_FIRST.exec(plain)?.[0].toUpperCase();
  if (!code || plain.length === code.length) return null;
  const amount = received(plain);
  const from = amount === null ? "" : (FROM.exec(plain)?.[1] ?? "");
  const phone = PHONE.exec(from)?.[0] ?? "";
  return {
    code,
    isSeveral: codes.size > 1,
    way: amount !== null ? "in" : WENT_OUT.test(plain) ? "out" : "",
    amount,
    sender: from.replace(phone, "").replace(/\s+/g, " ").replace(/^[\s.,-]+|[\s.,-]+$/g, ""),
    phone,
    ...moment(plain),
  };
}

/** What the seller should know before taking it, as sentences; `due` is what its row has to bring, in cents. */
export function doubts({ isSeveral, way, amount, at, when }, due, now = Date.now()) {
  if (isSeveral) return ["These are several messages: paste the one of this sale."];
  const found = [];
  if (way === "out") found.push("This message is of money that went out: nothing was received.");
  if (way === "") found.push("This message does not say that money was received.");
  if (amount !== null && amount !== due)
    found.push(`The message says ${money.show(amount)}, and ${money.show(due)} is due here.`);
  if (at !== null && at > now + AHEAD) found.push(`Its time is still to come: ${when}.`);
  if (at !== null && at < now - OLD) found.push(`It is more than a day old: ${when}.`);
  return found;
}

/** Said alike however it was copied: wide letters and blanks as plain ones, nothing invisible. */
function tidy(text) {
  const plain = text.slice(0, LONGEST).normalize("NFKC").replace(/\p{Cf}/gu, "");
  return plain.replace(/\s+/g, " ").trim();
}

/** The sum that was received, in cents: never a balance, a cost or a sum that went out. */
function received(plain) {
  for (const each of RECEIVED) {
    const sum = each.exec(plain)?.[1];
    if (sum) return money.parse(sum);
  }
  return null;
}

function moment(plain) {
  const [when, day, month, year, hour, minute, half] = DAY.exec(plain) ?? [""];
  const nothing = { at: null, when: "" };
  if (!when) return nothing;
  if (!hour) return { at: null, when };
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0) : Number(hour);
  const years = year.length === 2 ? 2000 + Number(year) : Number(year);
  const asUtc = new Date(Date.UTC(years, Number(month) - 1, Number(day), hours, Number(minute)));
  // There is no 31st of February, and no 25 o'clock.
  const exists = asUtc.getUTCMonth() === Number(month) - 1 && asUtc.getUTCDate() === Number(day) && minute < 60;
  if (!exists || (half && (hour < 1 || hour > 12))) return nothing;
  return { at: asUtc.getTime() - NAIROBI * 3_600_000, when };
}
