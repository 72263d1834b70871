// The till: puts its panes together.

import { Basket, isBasketChange } from "./basket.js";
import { load, LoggedOut } from "./catalogue.js";
import { tell } from "./elements.js";
import { goodsPane } from "./goods.js";
import { listenToKeys } from "./keys.js";
import { linesPane } from "./lines.js";
import * as money from "./money.js";
import { noticeBar } from "./notice.js";
import { paymentPane } from "./payment.js";
import * as quantity from "./quantity.js";
import { ringingUp } from "./ringing.js";

const FRESH = 60_000;

const root = document.getElementById("till");
const find = (name) => root.querySelector(name);
const basket = new Basket();
let catalogue = null;
let loadedAt = 0;
let isTouch = false;

const goods = goodsPane(find(".goods"), {
  basket,
  pick: (article, base) => put(article, () => basket.add(article, base)),
  correct: (article, base) => put(article, () => basket.set(article, base)),
});
const lines = linesPane(find(".basket"), { basket, change, scan, leave: goOn });
const payment = paymentPane(find(".pay"), {
  basket,
  change,
  scan,
  isTouch: () => isTouch,
  loggedOut: () => notice.loggedOut("The basket is kept."),
});
const notice = noticeBar(root);
const ringing = ringingUp(root, {
  basket,
  payment,
  lines,
  notice,
  total: () => total(),
  change,
  view,
  refresh,
  sold() {
    goods.show();
    refreshOld();
  },
});

// --- The basket --------------------------------------------------------------------------------------------

const total = () => basket.total(catalogue.step);

/** Change what the basket holds of an article by `how`, and say how much it is then. */
function put(article, how) {
  if (basket.sent) return goods.say("The last sale has no answer yet: ask for it first.");
  how();
  const { base } = basket.line(article);
  goods.say(`${article.name}: ${article.pack ? base / article.per : quantity.show(base, article.product)}`);
  change();
  toSearch();
}

/** Take a code that a scanner typed somewhere else than into the search box. Whether it is one. */
function scan(text) {
  const article = goods.isCode(text);
  if (article) put(article, () => basket.add(article));
  return Boolean(article);
}

function change() {
  basket.save();
  render();
}

// --- What is shown -----------------------------------------------------------------------------------------

function render() {
  if (root.dataset.view === "pay" && basket.isNothing) root.dataset.view = "goods";
  const isPaying = root.dataset.view === "pay";
  if (isPaying) payment.render(basket.sent?.total ?? total());
  lines.render();
  for (const element of root.querySelectorAll(".total")) element.textContent = money.show(total());
  find(".count").textContent = basket.lines.length;
  find(".start").hidden = isPaying;
  find(".start").disabled = basket.isNothing;
  ringing.render(isPaying);
  find(".throw").hidden = basket.isEmpty || Boolean(basket.sent);
}

function view(name) {
  root.dataset.view = name;
  render();
}

/** Ready for the next goods, unless it is being paid already. */
function toSearch() {
  if (root.dataset.view === "pay") return;
  if (root.dataset.view !== "basket" || !isTouch) view("goods");
  // A focused box would bring up the keyboard of a phone, over half of the goods.
  if (!isTouch) goods.focus();
}

/** Back from a line of the basket to where the sale stands. */
function goOn() {
  if (root.dataset.view === "pay") payment.focus();
  else toSearch();
}

function toGoods() {
  if (root.dataset.view === "done") goods.say("");
  notice.say();
  view("goods");
  toSearch();
}

/** To the next stage of the sale. */
function go() {
  ({ pay: ringing.finish, done: toGoods }[root.dataset.view] ?? toPay)();
}

function toPay() {
  if (!catalogue || basket.isNothing) return;
  notice.say();
  ringing.open();
  view("pay");
  payment.focus();
}

// --- The catalogue, and the basket that was kept -----------------------------------------------------------

async function refresh() {
  const isFirst = !catalogue;
  try {
    catalogue = await load(root.dataset.catalogue);
  } catch (error) {
    if (error instanceof LoggedOut) notice.loggedOut("The basket is kept.");
    else if (isFirst) tell(find(".no-catalogue"), "The goods cannot be read just now: load the page again.");
    return;
  }
  loadedAt = Date.now();
  goods.stock(catalogue);
  payment.stock(catalogue);
  if (isFirst) return takeUp();
  const before = total();
  const gone = basket.rebase(catalogue);
  goods.show();
  change();
  if (gone.length) notice.say(`No longer sold: ${gone.join(", ")}.`);
  else if (before !== total()) notice.say("Prices have changed: look at the total again.");
}

function refreshOld() {
  if (catalogue && !ringing.isSending() && !basket.sent && Date.now() - loadedAt > FRESH) refresh();
}

/** Go on with the basket of before the reload, or of another window. */
function takeUp() {
  const lost = basket.restore(catalogue);
  if (!basket.sent) {
    toGoods();
    if (lost) notice.say("Some goods of this basket are no longer sold, and were taken out.");
    return;
  }
  ringing.open();
  view("pay");
  ringing.unknown();
}

// --- Keys and presses --------------------------------------------------------------------------------------

listenToKeys({
  stage: () => root.dataset.view,
  isSending: ringing.isSending,
  go,
  finish: ringing.finish,
  leave: toGoods,
  type() {
    if (root.dataset.view === "done") toGoods();
    goods.focus();
  },
});
document.addEventListener("keydown", () => (isTouch = false), { capture: true });
document.addEventListener("pointerdown", (event) => (isTouch = event.pointerType === "touch"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshOld());
window.addEventListener("storage", (event) => isBasketChange(event) && catalogue && !ringing.isSending() && takeUp());
find(".start").addEventListener("click", toPay);
find(".back").addEventListener("click", toGoods);
find(".look").addEventListener("click", () => view("basket"));
find(".next").addEventListener("click", toGoods);
find(".throw").addEventListener("click", () => {
  basket.clear();
  change();
  toGoods();
});

refresh();
