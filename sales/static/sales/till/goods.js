// The goods: one box to scan or search in, what is sold often, categories to browse, and the hits.

import { button } from "./elements.js";
import { unitPrice } from "./pricing.js";
import { read, resolve, split } from "./saying.js";
import { finder } from "./search.js";
import { tiles } from "./tiles.js";

const MOST_HITS = 30;
const MOST_OFTEN = 30;
const ENOUGH = 6; // for a shelf of what is sold often
const PAGE = 60;

/** `pick(choice)` puts goods into the basket, `correct(choice)` changes the line that was touched last; a choice is
 *  {article, base, asked}. `move(step)` goes to another line and `drop()` takes it out, from an empty box. */
export function goodsPane(root, { basket, often, pick, correct, move, drop }) {
  const box = root.querySelector("#find");
  const chips = root.querySelector(".chips");
  const said = root.querySelector(".said");
  const more = root.querySelector(".more-goods");
  const hits = tiles(root.querySelector("#hits"), (at) => take(choices[at]));
  const shelves = { Often: () => often.first(goods, MOST_OFTEN), All: () => goods };
  let goods = [];
  let search = finder();
  let shelf = "";
  let length = PAGE;
  let choices = [];
  let active = 0;
  let isScrolled = false;

  function stock(catalogue) {
    ({ goods, search } = catalogue);
    const isKnown = often.first(goods, ENOUGH).length === ENOUGH;
    const names = [...(isKnown ? ["Often"] : []), "All", ...catalogue.categories];
    if (!shelf && !isKnown) say("“3*bread” and “20 bob sugar” work, too.");
    if (!names.includes(shelf)) shelf = names[0];
    chips.replaceChildren(...names.map((name) => button(name, () => open(name), { class: "chip" })));
    show();
  }

  /** Go to a shelf: what is sold often, all, or a category. */
  function open(name) {
    shelf = name;
    length = PAGE;
    box.value = "";
    show();
  }

  function show() {
    const typed = box.value.trim();
    if (typed) look(typed, split(typed));
    else browse();
    active = 0;
    chips.hidden = Boolean(typed);
    hits.show(choices);
    box.setAttribute("aria-expanded", String(Boolean(typed && choices.length)));
    mark();
    if (isScrolled) root.scrollTop = 0;
  }

  function browse() {
    const found = shelves[shelf]?.() ?? goods.filter(({ product }) => product.category === shelf);
    choices = found.slice(0, length).map(asOne);
    more.hidden = found.length <= length;
    for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.textContent === shelf));
  }

  function look(typed, { wanted, quantity, words }) {
    more.hidden = true;
    const found = words ? search.find(words, { most: MOST_HITS, likes, fits: fits(wanted, quantity) }) : NOTHING;
    choices = distinct(found.articles.map((article) => (wanted ? resolve(wanted, article) : asOne(article))));
    if (!quantity) choices.unshift(...corrections(typed));
    if (choices.length || quantity) return say(report({ quantity, words, count: found.count }));
    if (basket.current && read(typed)) return say(`${basket.current.name} is not sold by “${typed}”.`);
    lookWithoutStar(typed);
  }

  /** "20 bob sugar": when nothing is called so, the beginning may say how much. */
  function lookWithoutStar(typed) {
    const parts = typed.split(/\s+/);
    const at = [3, 2, 1].find((size) => size < parts.length && read(parts.slice(0, size).join(" ")));
    if (!at) return say(report({ words: typed, count: 0 }));
    look(typed, split(`${parts.slice(0, at).join(" ")}*${parts.slice(at).join(" ")}`));
  }

  /** What was said of nothing in particular, and is no code, means the line that was touched last. */
  function corrections(typed) {
    const line = basket.current && basket.line(basket.current);
    const wanted = line && typed.length <= 12 && !search.exact(typed) && read(typed);
    if (!wanted || (wanted.text === typed && typed.length > 7)) return [];
    const choice = resolve(wanted, line.article, unitPrice(line));
    return choice ? [{ ...choice, isCorrection: true }] : [];
  }

  function report({ quantity, words, count }) {
    if (quantity && !words) return `${quantity} of what? Scan or choose it.`;
    if (!choices.length) return `Nothing here is called “${words}”${quantity ? ` and sold by “${quantity}”` : ""}.`;
    return count > MOST_HITS ? `The first ${MOST_HITS} of ${count}: type more to find yours.` : "";
  }

  const likes = (article) => often.of(article);

  function mark() {
    const current = hits.mark(choices.length && box.value.trim() ? active : -1);
    if (current) box.setAttribute("aria-activedescendant", current.id);
    else box.removeAttribute("aria-activedescendant");
    return current;
  }

  function enter() {
    const { wanted, quantity, words } = split(box.value);
    const exact = words && search.exact(words);
    if (exact) take(quantity ? wanted && resolve(wanted, exact) : asOne(exact), exact);
    else if (choices.length && box.value.trim()) take(choices[active]);
    else box.select(); // so that the next scan replaces what was not found
  }

  function take(choice, article = choice?.article) {
    if (!choice) return say(`${article.name} is not sold by “${split(box.value).quantity}”.`);
    box.value = "";
    show();
    (choice.isCorrection ? correct : pick)(choice);
  }

  const say = (text) => (said.textContent = text);

  /** Up and down: through the hits, or with nothing typed through the lines of the basket. */
  function step(by) {
    if (!box.value.trim()) return move(by);
    active = Math.max(0, Math.min(choices.length - 1, active + by));
    mark()?.scrollIntoView({ block: "nearest" });
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: enter,
    Escape: () => open(shelf),
    Delete: () => !box.value && drop(),
  };

  box.addEventListener("input", show);
  box.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || (event.key === "Delete" && box.value) || event.ctrlKey) return;
    act();
    event.preventDefault();
  });
  root.addEventListener("scroll", () => (isScrolled = root.scrollTop > 0), { passive: true });
  more.addEventListener("click", () => {
    length += PAGE;
    show();
  });

  return {
    stock,
    say,
    show,
    focus: () => box.focus(),
    isCode: (text) => search.exact(text.trim()),
  };
}

const NOTHING = { articles: [], count: 0 };

const asOne = (article) => ({ article, base: article.per, asked: null });

/** Whether an article is sold in what was said before the star. */
function fits(wanted, quantity) {
  if (!quantity) return null;
  return (article) => Boolean(wanted && resolve(wanted, article));
}

/** Without those that are not sold so, and each once: two crates are found by their bottle, too. */
function distinct(choices) {
  const seen = new Map();
  for (const choice of choices) if (choice && !seen.has(choice.article.key)) seen.set(choice.article.key, choice);
  return [...seen.values()];
}
