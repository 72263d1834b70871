// The goods: one box to scan or search in, categories to browse, and the hits.

import { button } from "./elements.js";
import * as money from "./money.js";
import * as quantity from "./quantity.js";
import { finder, split } from "./search.js";

const MOST_HITS = 60;

/** `pick(article, base)` puts goods into the basket, `correct(article, base)` sets the quantity of a line. */
export function goodsPane(root, { basket, pick, correct }) {
  const box = root.querySelector("#find");
  const hits = root.querySelector("#hits");
  const chips = root.querySelector(".chips");
  const said = root.querySelector(".said");
  let goods = [];
  let search = finder([]);
  let category = null;
  let choices = [];
  let active = 0;

  function stock(catalogue) {
    goods = catalogue.goods;
    search = finder(goods);
    if (!catalogue.categories.includes(category)) category = null;
    const browse = (name) => button(name ?? "All", () => open(name), { class: "chip" });
    chips.replaceChildren(...[null, ...catalogue.categories].map(browse));
    show();
  }

  function open(name) {
    category = name;
    box.value = "";
    root.scrollTop = 0;
    show();
  }

  function show() {
    const { quantity: wanted, words } = split(box.value);
    choices = words ? search.find(words) : goods.filter(({ product }) => !category || product.category === category);
    if (wanted) choices = choices.filter((article) => quantity.parseFor(wanted, article));
    if (words && !wanted) choices.unshift(...corrections(words));
    active = 0;
    chips.hidden = Boolean(words);
    [...chips.children].forEach((chip, at) =>
      chip.setAttribute("aria-pressed", String(at ? chip.textContent === category : !category)),
    );
    const isSearch = box.value.trim() !== "";
    box.setAttribute("aria-expanded", String(isSearch && choices.length > 0));
    hits.replaceChildren(...choices.slice(0, MOST_HITS).map(tile));
    hits.hidden = !choices.length;
    mark();
    if (isSearch) say(howMany(words, wanted));
  }

  /** A bare number that is no code means the line that was touched last. */
  function corrections(words) {
    const article = basket.current;
    if (!article || search.exact(words)) return [];
    const base = quantity.parseFor(words, article);
    return base && words.length <= 7 ? [{ ...article, correction: base, article }] : [];
  }

  function howMany(words, wanted) {
    if (wanted && !words) return `${wanted} of what? Scan or choose it.`;
    if (!choices.length) return `Nothing here is called “${words}”${wanted && ` and sold by ${wanted}`}.`;
    return choices.length > MOST_HITS ? `The first ${MOST_HITS} of ${choices.length}: type more to find yours.` : "";
  }

  function tile(choice, at) {
    const { product, name, price, pack, isDivisible, correction } = choice;
    const element = document.createElement("li");
    element.id = `hit-${at}`;
    element.className = correction ? "tile correction" : "tile";
    element.setAttribute("role", "option");
    const left = product.is_counted ? `${quantity.show(product.stock, product)} left` : "";
    const parts = correction
      ? [["Change the quantity", "muted"], [`${quantity.number(correction, choice.per)} × ${name}`, "tile-name"]]
      : [
          [pack ? product.name : name, "tile-name"],
          ...(pack ? [[pack.name, "badge"]] : []),
          [money.show(price) + (isDivisible ? ` / ${product.unit_label}` : ""), "tile-price num"],
          [left, product.stock < choice.per && product.is_counted ? "tile-stock short" : "tile-stock"],
        ];
    for (const [text, className] of parts) {
      const part = element.appendChild(document.createElement("span"));
      part.className = className;
      part.textContent = text;
    }
    element.addEventListener("click", () => take(choice));
    return element;
  }

  function mark() {
    const isSearch = box.value.trim() !== "";
    [...hits.children].forEach((element, at) =>
      element.setAttribute("aria-selected", String(isSearch && at === active)),
    );
    const current = isSearch ? hits.children[active] : null;
    if (current) {
      box.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function enter() {
    const { words } = split(box.value);
    if (!words) return;
    const exact = search.exact(words);
    if (exact) take(exact);
    else if (choices.length) take(choices[active]);
    else box.select(); // so that the next scan replaces what was not found
  }

  function take(choice) {
    const { quantity: wanted } = split(box.value);
    const article = choice.correction ? choice.article : choice;
    const base = choice.correction ?? (wanted ? quantity.parseFor(wanted, article) : article.per);
    if (!base) return say(`${article.name} cannot be sold by ${wanted}.`);
    box.value = "";
    show();
    (choice.correction ? correct : pick)(article, base);
  }

  const say = (text) => (said.textContent = text);

  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && box.value.trim()) {
      active = Math.max(0, Math.min(hits.children.length - 1, active + step));
      mark();
    } else if (event.key === "Enter") enter();
    else if (event.key === "Escape") open(category);
    else return;
    event.preventDefault();
  });

  return {
    stock,
    say,
    show,
    focus: () => box.focus(),
    isCode: (text) => search.exact(text.trim()),
  };
}
