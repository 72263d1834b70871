// The till: puts the panes together and rings up the sale.

import { sell } from "./api.js";
import { Basket, isBasketChange } from "./basket.js";
import { load, LoggedOut } from "./catalogue.js";
import { tell } from "./elements.js";
import { goodsPane } from "./goods.js";
import { linesPane } from "./lines.js";
import * as money from "./money.js";
import { paymentPane } from "./payment.js";
import * as quantity from "./quantity.js";

const FRESH = 60_000;
const DOUBLE_CLICK = 500;

const root = document.getElementById("till");
const find = (name) => root.querySelector(name);
const basket = new Basket();
let catalogue = null;
let loadedAt = 0;
let openedAt = 0;
let isSending = false;
let isTouch = false;

const goods = goodsPane(find(".goods"), {
  basket,
  pick: (article, base) => put(article, () => basket.add(article, base)),
  correct: (article, base) => put(article, () => basket.set(article, base)),
});
const lines = linesPane(find(".basket"), { basket, change, scan, leave: goOn });
const payment = paymentPane(find(".pay"), {
  basket,
  customersUrl: root.dataset.customers,
  change,
  scan,
  isTouch: () => isTouch,
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
  find(".finish").hidden = !isPaying;
  find(".finish").disabled = isSending;
  find(".finish-label").textContent = isSending ? "Asking the books…" : basket.sent ? "Ask again" : "Complete sale";
  find(".unlock").hidden = !basket.sent || isSending;
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
  say();
  view("goods");
  toSearch();
}

function toPay() {
  if (!catalogue || basket.isNothing) return;
  say();
  openedAt = Date.now();
  payment.open();
  view("pay");
  payment.focus();
}

function say(text = "", link = null) {
  const notice = find(".problem");
  tell(notice, text);
  if (!link) return;
  const { href, text: words } = link;
  notice.append(" ", Object.assign(document.createElement("a"), { href, textContent: words }));
}

// --- Ringing up --------------------------------------------------------------------------------------------

async function finish() {
  if (isSending || basket.isNothing) return;
  if (!basket.sent) {
    const tenders = payment.tenders();
    if (!tenders) return;
    basket.sent = { document: basket.document(tenders, payment.dueOn()), total: total() };
  }
  isSending = true;
  say();
  change(); // what is about to be sent is kept first
  const answer = await sell(root.dataset.sales, basket.sent.document);
  isSending = false;
  ({ sold, refused, "logged out": loggedOut, unknown })[answer.outcome](answer);
}

function sold({ sale }) {
  const shown = basket.sent.total;
  basket.takeFromShelf();
  basket.clear();
  basket.save();
  goods.show();
  find(".done .number").textContent = sale.number;
  find(".done .paid").textContent = money.show(money.parse(sale.total));
  find(".done .change").textContent = money.show(money.parse(sale.change));
  find(".done .see").href = sale.url;
  const isOther = money.parse(sale.total) !== shown;
  tell(find(".done .notice"), isOther ? `Prices had changed: this till showed ${money.show(shown)}.` : "");
  view("done");
  find(".next").focus();
  refreshOld();
}

function refused({ status, error }) {
  if (status === 409) basket.renew(); // its name is taken: what stands in the basket now is another sale
  unlock();
  const fields = Object.entries(error.fields);
  const ofLines = fields.flatMap(([field, text]) => {
    const at = /^lines\.(\d+)/.exec(field)?.[1];
    return at === undefined ? [] : [[Number(at), text]];
  });
  if (ofLines.length) {
    lines.complain(ofLines);
    view("basket");
    find(".line-note:not([hidden])")?.scrollIntoView({ block: "nearest" });
  } else payment.complain(error.fields);
  const isPlaced = fields.some(([field]) => /^(lines\.\d|tenders|customer|due_on)/.test(field));
  const number = status === 409 && /S-\d{6,}/.exec(error.message)?.[0];
  say(isPlaced ? "" : error.message, number && { href: `${root.dataset.receipts}${number}/`, text: `See ${number}` });
  refresh(); // stock or prices may be others than this till thought
}

function loggedOut() {
  unlock();
  sayLoggedOut("Nothing was rung up, and the basket is kept.");
}

function sayLoggedOut(text) {
  say(`You are logged out. ${text}`, {
    href: `${root.dataset.login}?next=${encodeURIComponent(location.pathname)}`,
    text: "Log in again",
  });
}

function unknown() {
  render();
  say("No answer from the books. The basket is kept, and asking again never rings a sale up twice.");
  find(".finish").focus();
}

/** The sale that was sent may be changed: if it did reach the books, they will refuse another of its name. */
function unlock() {
  basket.sent = null;
  change();
}

// --- The catalogue, and the basket that was kept -----------------------------------------------------------

async function refresh() {
  const isFirst = !catalogue;
  try {
    catalogue = await load(root.dataset.catalogue);
  } catch (error) {
    if (error instanceof LoggedOut) sayLoggedOut("The basket is kept.");
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
  if (gone.length) say(`No longer sold: ${gone.join(", ")}.`);
  else if (before !== total()) say("Prices have changed: look at the total again.");
}

function refreshOld() {
  if (catalogue && !isSending && !basket.sent && Date.now() - loadedAt > FRESH) refresh();
}

/** Go on with the basket of before the reload, or of another window. */
function takeUp() {
  const lost = basket.restore(catalogue);
  if (!basket.sent) {
    toGoods();
    if (lost) say("Some goods of this basket are no longer sold, and were taken out.");
    return;
  }
  payment.open();
  view("pay");
  unknown();
}

// --- Keys and presses --------------------------------------------------------------------------------------

function press(event) {
  isTouch = false;
  const { key, target } = event;
  const isPaying = root.dataset.view === "pay";
  if (event.repeat && (key === "Enter" || key === "F2")) {
    event.preventDefault(); // a key held down after a sale would take its change from sight
  } else if (key === "F2" || (key === "Enter" && event.ctrlKey)) {
    event.preventDefault();
    if (isPaying) finish();
    else if (root.dataset.view === "done") toGoods();
    else toPay();
  } else if (event.defaultPrevented) {
    return;
  } else if (key === "Escape" && !isSending) {
    toGoods();
  } else if (key === "Enter" && isPaying && target.matches("input")) {
    event.preventDefault();
    finish();
  } else if (isTyping(event) && !isPaying) {
    if (root.dataset.view === "done") toGoods();
    goods.focus();
  }
}

/** Whether a key was typed into nothing in particular, by a person or a scanner. */
const isTyping = ({ key, ctrlKey, altKey, metaKey, target }) =>
  key.length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey && !target.matches("input, select, textarea");

document.addEventListener("keydown", press);
document.addEventListener("pointerdown", (event) => (isTouch = event.pointerType === "touch"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshOld());
window.addEventListener("storage", (event) => isBasketChange(event) && catalogue && !isSending && takeUp());
find(".start").addEventListener("click", toPay);
find(".finish").addEventListener("click", (event) => {
  // The second click of a double click on "Pay" lands here, and means nothing.
  const isSecondClick = event.detail > 0 && Date.now() - openedAt < DOUBLE_CLICK;
  if (!isSecondClick) finish();
});
find(".back").addEventListener("click", toGoods);
find(".look").addEventListener("click", () => view("basket"));
find(".next").addEventListener("click", toGoods);
find(".unlock").addEventListener("click", () => {
  say();
  unlock();
});
find(".throw").addEventListener("click", () => {
  basket.clear();
  change();
  toGoods();
});

refresh();
