// The basket: its lines and what they come to.

import { lineTotal } from "./basket.js";
import { button, copy, sync, tell } from "./elements.js";
import * as money from "./money.js";
import * as quantity from "./quantity.js";

const PORTIONS = [
  ["⅛", 125],
  ["¼", 250],
  ["½", 500],
  ["1", 1000],
];

/** What + and − change: a pack, a piece, a quarter of a kilogram. */
const stepOf = ({ isDivisible, per }) => (isDivisible ? per / 4 : per);

/** `change()` is called after a line changed, `leave()` when the work on it is done, and `scan(text)` takes the
 *  code that a scanner typed into one. */
export function linesPane(root, { basket, change, leave, scan }) {
  const list = root.querySelector(".lines");
  const empty = root.querySelector(".nothing");
  let problems = new Map(); // what the server said, by the key of a line

  function render() {
    empty.hidden = !basket.isEmpty;
    sync(list, basket.lines, { key: ({ article }) => article.key, create, update });
  }

  function create({ article: { key, isDivisible, name } }) {
    const element = copy("line-template");
    const line = () => basket.lines.find((each) => each.article.key === key);
    const step = () => stepOf(line().article);
    const set = (base) => {
      problems.delete(key);
      basket.set(line().article, base);
      change();
    };
    const find = (name_) => element.querySelector(name_);
    find(".less").addEventListener("click", () => set(line().base - step()));
    find(".more").addEventListener("click", () => set(line().base + step()));
    find(".drop").addEventListener("click", () => {
      basket.remove(line().article);
      change();
      leave();
    });
    find(".portions").append(...PORTIONS.map(([text, base]) => button(text, () => set(base), { class: "chip" })));
    for (const [part, says] of [["less", "Less"], ["more", "More"], ["drop", "Remove"], ["amount", "Quantity of"]])
      find(`.${part}`).setAttribute("aria-label", `${says} ${name}`);
    listen(find(".amount"), line, set);
    return element;
  }

  function listen(input, line, set) {
    const commit = () => {
      const { article } = line();
      const base = quantity.parseFor(input.value, article);
      // A scanner types into whatever has the focus; its code is no quantity.
      if (!base || input.value.trim().length > 7) {
        const text = input.value;
        input.value = quantity.number(line().base, article.per);
        if (scan(text)) return;
        if (!base) {
          problems.set(article.key, "Write a quantity such as 3" + (article.isDivisible ? " or 0.25." : "."));
          return change();
        }
      }
      set(base);
    };
    input.addEventListener("change", commit);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it ends the quantity, not the sale
      input.blur();
      leave();
    });
  }

  function update(element, line) {
    const { article, base } = line;
    const { product, per, isDivisible, price, name } = article;
    const find = (name_) => element.querySelector(name_);
    const isLocked = Boolean(basket.sent);
    element.classList.toggle("current", article === basket.current);
    find(".line-name").textContent = name;
    find(".line-total").textContent = money.show(lineTotal(line));
    find(".line-price").textContent = `× ${money.show(price)}${isDivisible ? ` / ${product.unit_label}` : ""}`;
    if (document.activeElement !== find(".amount")) find(".amount").value = quantity.number(base, per);
    find(".less").disabled = isLocked || base <= stepOf(article);
    for (const part of [".more", ".drop", ".amount"]) find(part).disabled = isLocked;
    find(".portions").hidden = isLocked || !isDivisible || article !== basket.current;
    const missing = basket.missing(line);
    const books = missing ? `The books say ${quantity.show(product.stock, product)}.` : "";
    tell(find(".line-note"), problems.get(article.key) ?? books);
  }

  return {
    render,
    /** Show what the server says about lines, by their position. */
    complain(byPosition) {
      problems = new Map(byPosition.map(([at, text]) => [basket.lines[at]?.article.key, text]));
      render();
    },
  };
}
