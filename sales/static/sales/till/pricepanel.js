// Under a line of the basket: another price, or a discount.

import { button, copy, tell } from "./elements.js";
import * as money from "./money.js";
import { floorPrice, parseDiscount, showDiscount, unitPrice, USUAL_DISCOUNTS } from "./pricing.js";

/** `line()` is the line, `change()` is called after it changed, `done()` when the work is done, and `scan(text)` takes
 *  the code that a scanner typed here. */
export function pricePanel({ basket, line, change, scan, done }) {
  const element = copy("price-template");
  const find = (name) => element.querySelector(name);
  const price = find(".new-price");
  const discount = find(".new-discount");

  const isReadable = () => find(".field-note").hidden;

  function takePrice(text) {
    const { article } = line();
    const cents = text.trim() ? money.parse(text) : article.price;
    if (cents === null || cents >= 10 ** 10) return say("Write a price such as 1,000.50.");
    basket.setPrice(article, cents);
    say();
  }

  function takeDiscount(text) {
    const off = parseDiscount(text);
    if (text.trim() && !off && money.parse(text.replace("%", "")) !== 0)
      return say("Write a discount such as 50 or 10%.");
    basket.setDiscount(line().article, off);
    say();
  }

  function say(text) {
    tell(find(".field-note"), text);
    if (!text) change();
  }

  function listen(input, take) {
    input.addEventListener("change", () => take(input.value));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it ends the price, not the sale
      if (input.value.trim().length > 7 && scan(input.value)) return show(true);
      take(input.value);
      if (isReadable()) done();
    });
  }

  /** Show what the line says; what is being typed stays, unless it was a code. */
  function show(isOver = false) {
    const current = line();
    const { article } = current;
    const floor = floorPrice(article);
    const isFree = (input) => isOver || (document.activeElement !== input && isReadable());
    if (isFree(price)) price.value = money.toTyped(unitPrice(current));
    if (isFree(discount)) discount.value = current.discount ? showDiscount(current.discount) : "";
    const lowest = floor < article.price ? `, not below ${money.show(floor)}` : "";
    find(".help").textContent = `On the shelf ${money.show(article.price)}${lowest}`;
  }

  function give(text) {
    discount.value = text;
    takeDiscount(text);
  }

  listen(price, takePrice);
  listen(discount, takeDiscount);
  find(".chips").append(
    ...USUAL_DISCOUNTS.map((text) => button(text, () => give(text), { class: "chip", "aria-label": `${text} off` })),
    button("None", () => give(""), { class: "chip", "aria-label": "No discount" }),
  );
  find(".done-here").addEventListener("click", () => isReadable() && done());

  return { element, isReadable, update: show.bind(null, false), focus: () => price.focus() };
}
