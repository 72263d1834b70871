// The hits as tiles. Elements are used again: typing must not wait for them.

import * as money from "./money.js";
import * as quantity from "./quantity.js";

const PARTS = ["tile-name", "badge", "tile-price num", "tile-stock"];

/** Tiles in a list; `take(at)` is called when the tile at a position is pressed. */
export function tiles(list, take) {
  const made = []; // {element, parts}, by position
  let active = -1;

  function make(at) {
    const element = document.createElement("li");
    element.id = `hit-${at}`;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    const parts = PARTS.map((name) => {
      const part = element.appendChild(document.createElement("span"));
      part.className = name;
      return part;
    });
    element.addEventListener("click", () => take(at));
    return { element, parts };
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
      made[active]?.element.setAttribute("aria-selected", "false");
      active = at;
      made[active]?.element.setAttribute("aria-selected", "true");
      return made[active]?.element;
    },
  };
}

function fill({ element, parts }, choice) {
  const { article, isCorrection, base } = choice;
  const { product, pack, per } = article;
  const isShort = product.is_counted && product.stock < (base ?? per);
  set(element, "className", isCorrection ? "tile correction" : "tile");
  const texts = isCorrection
    ? ["Change the last line", "", correction(choice), ""]
    : [product.name, pack?.name ?? "", priceShown(article), stockShown(product)];
  parts.forEach((part, at) => {
    set(part, "textContent", texts[at]);
    set(part, "hidden", !texts[at]);
  });
  set(parts[3], "className", isShort ? "tile-stock short" : "tile-stock");
}

/** Write only what is new: what stays costs the browser no layout. */
function set(element, name, text) {
  if (element[name] !== text) element[name] = text;
}

const priceShown = ({ price, isDivisible, product }) =>
  money.show(price) + (isDivisible ? ` / ${product.unit_label}` : "");

const stockShown = (product) => (product.is_counted ? `${quantity.show(product.stock, product)} left` : "");

function correction({ article, base, asked }) {
  const amount = quantity.number(base, article.per);
  return `${amount} × ${article.name}${asked ? ` for ${money.show(asked)}` : ""}`;
}
