// Asking the books about stock, and telling them what the shelf holds.

import { get, post } from "./api.js";

const isStock = (body) => Number.isInteger(body?.stock);

/** What the books say of a product: {stock, seen}; null when there is no answer. */
export async function readStock(url, product) {
  const body = await get(`${url}${product}/`);
  return isStock(body) ? body : null;
}

/** Send a count: "done" (`stock`), or as `post` says. Sending the same one again is safe. */
export async function countStock(url, count) {
  const { body, ...answer } = await post(url, count, isStock);
  return { ...answer, stock: body?.stock };
}
