// Under a line of the basket: the shelf holds more than the books say, and is counted on the spot.

import { countStock, readStock } from "./counting.js";
import { copy, tell } from "./elements.js";
import * as quantity from "./quantity.js";
import { uuid } from "./uuid.js";

const NO_ANSWER = "No answer from the books: save it again.";
const LOGGED_OUT = "You are logged out: log in again in another window, then save it again.";

/** `line()` is the line whose goods are counted, `change()` is called when its stock is known better, `done()` when the
 *  work is done. */
export function countPanel({ line, change, done, urls }) {
  const element = copy("count-template");
  const find = (name) => element.querySelector(name);
  const input = find("input");
  const clientRef = uuid(); // however often it is sent, the shelf is counted once
  const { product } = line().article;
  let seen = null; // the newest movement that the books had when the count began
  let isBusy = false;

  /** What the books say now; a count answers to it. */
  async function look() {
    const answer = await readStock(urls.stock, product.id);
    if (!answer) return complain(NO_ANSWER);
    seen = answer.seen;
    product.stock = answer.stock;
    change();
  }

  async function save() {
    const base = input.value.trim() === "0" ? 0 : quantity.parse(input.value, product.base_units);
    if (base === null) return complain(`Write a quantity such as ${product.base_units > 1 ? "2.5" : "12"}.`);
    if (isBusy) return;
    isBusy = true;
    if (seen === null) await look();
    if (seen !== null) await send(base);
    isBusy = false;
  }

  async function send(base) {
    const counted = quantity.number(base, product.base_units);
    const answer = await countStock(urls.counts, { client_ref: clientRef, product: product.id, counted, seen });
    if (answer.outcome === "done") {
      product.stock = answer.stock;
      return element.isConnected ? done() : change();
    }
    if (answer.error?.code === "stock_moved") await look();
    complain(answer.error?.message ?? (answer.outcome === "unknown" ? NO_ANSWER : LOGGED_OUT));
  }

  function complain(text) {
    tell(find(".field-note"), text);
    input.focus();
  }

  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it ends the count, not the sale
    save();
  });
  find(".save").addEventListener("click", save);
  find(".unit").textContent = product.unit === "piece" ? "" : product.unit_label;
  look();

  return { element, update() {}, focus: () => input.focus() };
}
