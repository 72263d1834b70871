// The hits as tiles. Elements are used again: typing must not wait for them.

import { tell } from "./elements.js";
import * as money from "./money.js";
import * as quantity from "./quantity.js";

const PARTS = ["tile-name", "badge", "tile-price num", "tile-stock"];

/** Tiles in a list; `take(at)` is called when the tile at a position is pressed. */
export function tiles(list, take) {
  const made = []; // {element, parts, shown}, by position
  let active = -1;

  function make(at) {
    const element = document.createElement("li");
    element.id = `hit-${at}`;
    element.className = "tile";
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    const parts = PARTS.map((name) => {
      const part = element.appendChild(document.createElement("span"));
      part.className = name;
      return part;
    });
    element.addEventListener("click", () => take(at));
    return { element, parts, shown: [] };
  }

  return {
    /** Show these choices. */
    show(choices) {
      choices.forEach((choice, at) => {
        made[at] ??= make(at);
        fill(made[at], choice);
      });
      while (list.children.length > choices.length) list.lastElementChild.remove();
      while (list.children.length < choices.length) list.append(made[list.children.length].element);
      list.hidden = !choices.length;
    },
    /** Mark the one that Enter takes; none at -1. Its element. */
    mark(at) {
      if (at === active) return made[active]?.element;
      made[active]?.element.setAttribute("aria-selected", "false");
      active = at;
      made[active]?.element.setAttribute("aria-selected", "true");
      return made[active]?.element;
    },
  };
}

/** Write only what is new: what stays costs the browser no layout. */
function fill({ element, parts, shown }, choice) {
  const { article, isCorrection, base } = choice;
  const { product, pack, per } = article;
  const isShort = product.is_counted && product.stock < (base ?? per);
  const texts = isCorrection
    ? ["Change the last line", "", correction(choice), ""]
    : [product.name, pack?.name ?? "", priceShown(article), stockShown(product)];
  texts.forEach((text, at) => {
    if (shown[at] === text) return;
    tell(parts[at], text);
    shown[at] = text;
  });
  element.classList.toggle("correction", Boolean(isCorrection));
  parts[3].classList.toggle("short", isShort);
}

const priceShown = ({ price, isDivisible, product }) =>
  money.show(price) + (isDivisible ? ` / ${product.unit_label}` : "");

const stockShown = (product) => (product.is_counted ? `${quantity.glance(product.stock, product)} left` : "");

function correction({ article, base, asked }) {
  const amount = quantity.number(base, article.per);
  return `${amount} × ${article.name}${asked ? ` for ${money.show(asked)}` : ""}`;
}
