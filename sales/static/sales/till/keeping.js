// What this browser keeps: the basket in hand and the parked ones, through reloads, closed tabs and power cuts.

import { keyOf } from "./catalogue.js";
import { bring, fromDisk } from "./disk.js";

const BASKET = "smartduka.basket";
const PARKED = "smartduka.parked";

/** Take from the disk what reached it and localStorage forgot, as after a power cut. */
export async function recover() {
  for (const name of [BASKET, PARKED]) {
    const record = await fromDisk(name);
    if (record && record.turn > turnOf(name)) store(name, record);
  }
}

/** Keep the basket in hand; null when there is none. A browser that keeps nothing still sells. */
export const keep = (snapshot) => write(BASKET, snapshot);

/** The basket that was kept, also by an earlier version of this code; null when there is none that can be read. */
export const kept = () => readable(read(BASKET));

/** The parked baskets, the oldest first: what `parked` says of each, and its snapshot. */
export const parked = () => (Array.isArray(read(PARKED)) ? read(PARKED).filter((each) => readable(each?.basket)) : []);

/** Keep these parked baskets, and whether the browser did. */
export const keepParked = (baskets) => write(PARKED, baskets.length ? baskets : null);

/** Whether an event of the browser says that another window changed the basket, or the parked ones. */
export const isBasketChange = (event) => event.key === BASKET;
export const isParkedChange = (event) => event.key === PARKED;

export const lineToKeep = ({ article, base, asked, price, discount }) => [
  article.product.id,
  article.pack?.id ?? null,
  base,
  asked,
  price,
  discount,
];

/** The line that was kept; null when it is no longer sold. Lines of an earlier version end after their quantity. */
export function lineFrom([product, pack, base, asked = null, price = null, discount = null], { byKey }) {
  const article = byKey.get(keyOf(product, pack));
  return article ? { article, base, asked, price, discount } : null;
}

function readable(basket) {
  const isLine = (line) => Array.isArray(line) && Number.isInteger(line[2]) && line[2] > 0;
  const isBasket = typeof basket?.clientRef === "string" && Array.isArray(basket.lines) && basket.lines.every(isLine);
  return isBasket ? basket : null;
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, content) {
  const record = { turn: turnOf(name) + 1, text: content === null ? null : JSON.stringify(content) };
  bring(name, record);
  return store(name, record);
}

/** How often it was written: the higher of two records is the newer one, whatever the clock says. */
const turnOf = (name) => read(`${name}.turn`) ?? 0;

function store(name, { turn, text }) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
    localStorage.setItem(`${name}.turn`, turn);
    return true;
  } catch {
    return false;
  }
}
