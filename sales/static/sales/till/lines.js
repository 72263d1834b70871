// The basket: its lines, how much of each, and what they come to.

import { countPanel } from "./countpanel.js";
import { button, copy, sync, tell } from "./elements.js";
import * as money from "./money.js";
import { pricePanel } from "./pricepanel.js";
import { floorPrice, showDiscount, unitPrice } from "./pricing.js";
import * as quantity from "./quantity.js";
import { read, resolve } from "./saying.js";

const PORTIONS = [
  ["⅛", 125],
  ["¼", 250],
  ["½", 500],
  ["1", 1000],
];
const AMOUNTS = [10, 20, 50, 100];

/** What + and − change: a pack, a piece, a quarter of a kilogram. */
const stepOf = ({ isDivisible, per }) => (isDivisible ? per / 4 : per);

/** `change()` is called after a line changed, `leave()` when the work on it is done, `scan(text)` takes the code that
 *  a scanner typed into one, and `may()` says what this cashier may. */
export function linesPane(root, { basket, change, leave, scan, may, urls }) {
  const list = root.querySelector(".lines");
  const empty = root.querySelector(".nothing");
  let problems = new Map(); // what the server said, by the key of a line
  let open = null; // the panel under a line: {key, kind, panel}

  function render() {
    empty.hidden = !basket.isEmpty;
    const { sent } = basket;
    if (open && (sent || !basket.lines.some(({ article }) => article.key === open.key))) close();
    sync(list, basket.priced(), { key: ({ line }) => line.article.key, create, update });
  }

  function create({ line: { article } }) {
    const { key, isDivisible, name } = article;
    const element = copy("line-template");
    const line = () => basket.lines.find((each) => each.article.key === key);
    const find = (part) => element.querySelector(part);
    const set = (base, asked = null) => {
      problems.delete(key);
      basket.set(line().article, base, asked);
      change();
    };
    const buy = (shillings) => {
      const base = quantity.boughtFor(shillings * 100, unitPrice(line()), article.per);
      if (base) return set(base, shillings * 100);
      problems.set(key, `${shillings} is too little for any ${name}.`);
      render();
    };
    find(".less").addEventListener("click", () => set(line().base - stepOf(article)));
    find(".more").addEventListener("click", () => set(line().base + stepOf(article)));
    find(".drop").addEventListener("click", () => {
      basket.remove(line().article);
      change();
      leave();
    });
    find(".line-price").addEventListener("click", () => edit(line().article));
    find(".count-now").addEventListener("click", () => toggle(element, line, "count"));
    if (isDivisible)
      find(".portions").append(
        ...PORTIONS.map(([text, base]) => button(text, () => set(base), { class: "chip" })),
        ...AMOUNTS.map((each) => button(`${each}/=`, () => buy(each), { class: "chip", "aria-label": `For ${each} shillings` })),
      );
    const labels = { less: "Less", more: "More", drop: "Remove", amount: "Quantity of", "line-price": "Price of" };
    for (const [part, says] of Object.entries(labels)) find(`.${part}`).setAttribute("aria-label", `${says} ${name}`);
    listen(find(".amount"), line);
    return element;
  }

  function listen(input, line) {
    const commit = () => {
      const { article, base } = line();
      const said = read(input.value);
      const choice = said && resolve(said, article, unitPrice(line()));
      // A scanner types into whatever has the focus; its code is no quantity.
      if (!choice || /^[^ ]{8,}$/.test(input.value.trim())) {
        const text = input.value;
        input.value = quantity.number(base, article.per);
        if (scan(text)) return;
        if (!choice) {
          const such = article.isDivisible ? "0.25, 1/4 or 20 bob" : "3";
          problems.set(article.key, `Write a quantity such as ${such}.`);
          return change();
        }
      }
      problems.delete(article.key);
      basket.replace(article, choice);
      change();
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

  function update(element, priced) {
    const { line, net } = priced;
    const { article, base } = line;
    const { per, isDivisible, name } = article;
    const find = (part) => element.querySelector(part);
    const isLocked = Boolean(basket.sent);
    element.classList.toggle("current", article === basket.current);
    find(".line-name").textContent = name;
    find(".line-total").textContent = money.show(net);
    showPrice(find, line);
    if (document.activeElement !== find(".amount")) find(".amount").value = quantity.number(base, per);
    find(".less").disabled = isLocked || base <= stepOf(article);
    for (const part of [".more", ".drop", ".amount", ".line-price"]) find(part).disabled = isLocked;
    find(".portions").hidden = isLocked || !isDivisible || article !== basket.current;
    const isOpen = open?.key === article.key;
    find(".line-price").setAttribute("aria-expanded", String(isOpen && open.kind === "price"));
    tell(find(".line-note"), note(priced));
    find(".count-now").hidden = isLocked || isOpen || !may().count_stock || !basket.missing(line);
    if (isOpen) open.panel.update();
  }

  /** What one costs: the shelf's price struck through when another is charged, and what was said about it. */
  function showPrice(find, line) {
    const { article, price, asked, discount } = line;
    find(".was").textContent = price === null ? "" : money.show(article.price);
    const unit = article.isDivisible ? ` / ${article.product.unit_label}` : "";
    find(".each").textContent = `× ${money.show(unitPrice(line))}${unit}`;
    tell(find(".asked"), asked === null ? "" : `for ${money.show(asked)}`);
    tell(find(".off"), discount ? `−${showDiscount(discount)}` : "");
  }

  function note({ line, isCut }) {
    const { article } = line;
    const { product } = article;
    const said = problems.get(article.key);
    if (said) return said;
    if (basket.missing(line)) return `The books say ${quantity.show(product.stock, product)}.`;
    if (!isCut) return ""; // what the discount on the whole sale does is said beside it
    const floor = `Below the floor ${money.show(floorPrice(article))}`;
    return may().sell_below_floor ? `${floor}: say why, below.` : `${floor}: only an owner may, with a reason.`;
  }

  /** Open, or close, what changes the price of a line. */
  function edit(article) {
    const element = [...list.children].find(({ dataset }) => dataset.key === article.key);
    if (!element || basket.sent) return;
    if (may().change_price) return toggle(element, () => basket.line(article), "price");
    problems.set(article.key, "Changing a price is for a manager.");
    render();
  }

  function toggle(element, line, kind) {
    const { article } = line();
    const isSame = open?.key === article.key && open.kind === kind;
    close();
    basket.current = article;
    if (isSame) return render();
    const make = { price: pricePanel, count: countPanel }[kind];
    const panel = make({ basket, line, change, scan, urls, done: () => (close(), change(), leave()) });
    problems.delete(article.key);
    open = { key: article.key, kind, panel };
    element.append(panel.element);
    render();
    panel.focus();
    panel.element.scrollIntoView({ block: "nearest" });
  }

  function close() {
    open?.panel.element.remove();
    open = null;
  }

  /** Take what is being typed into a line, and close what is open under it. False when a price cannot be read. */
  function settle() {
    document.activeElement.blur();
    if (open?.kind === "price" && !open.panel.isReadable()) return false;
    close();
    render();
    return true;
  }

  return {
    render,
    edit,
    settle,
    /** Show what the server says about lines, by their position. */
    complain(byPosition) {
      problems = new Map(byPosition.map(([at, text]) => [basket.lines[at]?.article.key, text]));
      render();
    },
  };
}
