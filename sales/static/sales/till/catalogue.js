// What the till sells, held in memory.

import * as money from "./money.js";
import { index } from "./search.js";

const SLICE = 8;

export class LoggedOut extends Error {}

/** Fetch the catalogue; the browser asks with the ETag it has, so an unchanged one costs no body. `earlier` is
 *  answered when it is still as the server has it. */
export async function load(url, earlier = null) {
  const response = await fetch(url, { cache: "no-cache", headers: { Accept: "application/json" } });
  if (response.status === 401) throw new LoggedOut();
  if (!response.ok) throw new Error(`The catalogue cannot be read (${response.status}).`);
  const version = response.headers.get("ETag");
  if (version && version === earlier?.version) return earlier;
  return { ...(await build(await response.json())), version };
}

/** The server's document with its goods as a flat list of what can be put into a basket: products and packs. It is
 *  made in slices, between which the till answers to keys. */
export async function build({ products: given, tenders, rounding_step: step, may }) {
  const goods = [];
  const pause = breather();
  const products = Array.isArray(given) ? given : await turned(given, pause);
  for (const [at, product] of products.entries()) {
    const whole = article(product, null);
    whole.packs = product.packs.map((pack) => article(product, pack));
    goods.push(whole, ...whole.packs);
    if (at % 500 === 0) await pause();
  }
  return {
    step,
    tenders,
    may,
    goods,
    byKey: new Map(goods.map((each) => [each.key, each])),
    search: await index(goods, pause),
    categories: [...new Set(products.map((product) => product.category))].sort((a, b) => a.localeCompare(b)),
  };
}

/** The products, one by one, of which the server told column by column: that is a third less to carry. */
async function turned(columns, pause) {
  const keys = Object.keys(columns);
  const products = [];
  for (const at of columns.id.keys()) {
    products.push(Object.fromEntries(keys.map((key) => [key, columns[key][at]])));
    if (at % 500 === 0) await pause();
  }
  return products;
}

/** What identifies a product or one of its packs. */
export const keyOf = (productId, packId) => (packId ? `${productId}/${packId}` : `${productId}`);

function article(product, pack) {
  return {
    key: keyOf(product.id, pack?.id),
    product,
    pack,
    packs: [],
    name: pack ? `${product.name} · ${pack.name}` : product.name,
    per: pack ? pack.size : product.base_units,
    price: money.parse(pack ? pack.price : product.price),
    barcode: pack ? pack.barcode : product.barcode,
    sku: pack ? null : product.sku,
    isDivisible: !pack && product.base_units > 1,
  };
}

/** Awaited often, it lets the browser breathe whenever a slice of time is used up. */
function breather() {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
}
