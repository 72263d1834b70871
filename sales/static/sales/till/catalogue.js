// What the till sells, held in memory.

import * as money from "./money.js";

/** Fetch the catalogue; the browser asks with the ETag it has, so an unchanged one costs no body. */
export async function load(url) {
  const response = await fetch(url, { cache: "no-cache", headers: { Accept: "application/json" } });
  if (response.status === 401) throw new LoggedOut();
  if (!response.ok) throw new Error(`The catalogue cannot be read (${response.status}).`);
  return build(await response.json());
}

export class LoggedOut extends Error {}

/** The server's document with its goods as a flat list of what can be put into a basket: products and packs. */
export function build({ products, tenders, may, rounding_step: step }) {
  const goods = [];
  for (const product of products) {
    goods.push(article(product, null));
    for (const pack of product.packs) goods.push(article(product, pack));
  }
  return {
    step,
    tenders,
    may,
    goods,
    byKey: new Map(goods.map((each) => [each.key, each])),
    categories: [...new Set(products.map((product) => product.category))].sort((a, b) => a.localeCompare(b)),
  };
}

/** What identifies a product or one of its packs. */
export const keyOf = (productId, packId) => (packId ? `${productId}/${packId}` : `${productId}`);

function article(product, pack) {
  return {
    key: keyOf(product.id, pack?.id),
    product,
    pack,
    name: pack ? `${product.name} · ${pack.name}` : product.name,
    per: pack ? pack.size : product.base_units,
    price: money.parse(pack ? pack.price : product.price),
    barcode: pack ? pack.barcode : product.barcode,
    sku: pack ? null : product.sku,
    isDivisible: !pack && product.base_units > 1,
  };
}
