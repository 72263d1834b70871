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
const DOUBLE = 500;

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
  pick(article, base) {
    if (basket.sent) return goods.say("The last sale has no answer yet: ask for it first.");
    basket.add(article, base);
    added(article);
  },
  correct(article, base) {
    basket.set(article, base);
    added(article);
  },
});
const lines = linesPane(find(".basket"), {
  basket,
  change,
  leave: toSearch,
  scan(text) {
    const article = goods.isCode(text);
    if (!article) return false;
    basket.add(article);
    added(article);
    return true;
  },
});
const payment = paymentPane(find(".pay"), { basket, customersUrl: root.dataset.customers, change });

const total = () => basket.total(catalogue.step);

function added(article) {
  const { base } = basket.line(article);
  goods.say(`${article.name}: ${article.pack ? base / article.per : quantity.show(base, article.product)}`);
  change();
  toSearch();
}

function change() {
  basket.save();
  render();
}

function render() {
  lines.render();
  const amount = basket.isEmpty ? "0" : money.show(total());
  for (const element of root.querySelectorAll(".total")) element.textContent = amount;
  find(".count").textContent = basket.lines.length;
  const isPaying = root.dataset.view === "pay";
  find(".finish").hidden = !isPaying;
  find(".start").hidden = isPaying;
  find(".start").disabled = basket.isEmpty;
  find(".finish").disabled = isSending || basket.isEmpty;
  find(".finish-label").textContent = isSending ? "Asking the books…" : basket.sent ? "Ask again" : "Complete sale";
  find(".unlock").hidden = !basket.sent || isSending;
  find(".throw").hidden = basket.isEmpty || Boolean(basket.sent);
}

function view(name) {
  root.dataset.view = name;
  render();
}

function toSearch() {
  if (root.dataset.view !== "basket" || !isTouch) view("goods");
  // A focused box would bring up the keyboard of a phone, over half of the goods.
  if (!isTouch) goods.focus();
}

function toPay() {
  if (basket.isEmpty || !catalogue) return;
  say();
  openedAt = Date.now();
  view("pay");
  payment.open(total());
}

// --- Ringing up --------------------------------------------------------------------------------------------

async function finish() {
  // The second click of a double click on "Pay" lands here, and means nothing.
  if (isSending || basket.isEmpty || Date.now() - openedAt < DOUBLE) return;
  if (!basket.sent) {
    const tenders = payment.tenders();
    if (!tenders) return;
    basket.sent = { document: basket.document(tenders, payment.dueOn()), total: total() };
  }
  isSending = true;
  say();
  change(); // what is about to be sent is kept first
  payment.render();
  const answer = await sell(root.dataset.sales, basket.sent.document);
  isSending = false;
  ({ sold, refused, "logged out": loggedOut, unknown })[answer.outcome](answer);
}

function sold({ sale }) {
  const expected = basket.sent.total;
  basket.clear();
  basket.save();
  find(".done .number").textContent = sale.number;
  find(".done .paid").textContent = money.show(money.parse(sale.total));
  find(".done .change").textContent = money.show(money.parse(sale.change));
  find(".done .see").href = sale.url;
  const isOther = money.parse(sale.total) !== expected;
  tell(find(".done .notice"), isOther ? `Prices had changed: this till showed ${money.show(expected)}.` : "");
  view("done");
  find(".next").focus();
  refresh();
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
  const isPlaced = fields.some(([field]) => /^(lines|tenders|customer|due_on)\b/.test(field));
  const number = status === 409 && /S-\d{6,}/.exec(error.message)?.[0];
  say(isPlaced ? "" : error.message, number && { href: `${root.dataset.receipts}${number}/`, text: `See ${number}` });
  refresh(); // stock or prices may be others than this till thought
}

function loggedOut() {
  unlock();
  say("You are logged out, and nothing was rung up. The basket is kept.", {
    href: `${root.dataset.login}?next=${encodeURIComponent(location.pathname)}`,
    text: "Log in again",
  });
}

function unknown() {
  render();
  say("No answer from the books. The basket is kept; asking again never rings the sale up twice.");
  find(".finish").focus();
}

/** The sale that was sent may be changed: if it did reach the books, they will refuse another of its name. */
function unlock() {
  basket.sent = null;
  change();
  if (root.dataset.view === "pay") payment.render();
}

function nextSale() {
  say();
  goods.say("");
  view("goods");
  toSearch();
}

function say(text = "", link = null) {
  const notice = find(".problem");
  tell(notice, text);
  if (!link) return;
  const { href, text: words } = link;
  notice.append(" ", Object.assign(document.createElement("a"), { href, textContent: words }));
}

// --- The catalogue -----------------------------------------------------------------------------------------

async function refresh() {
  try {
    catalogue = await load(root.dataset.catalogue);
  } catch (error) {
    if (error instanceof LoggedOut) loggedOut();
    else if (!catalogue) tell(find(".no-catalogue"), "The goods cannot be read just now. Load the page again.");
    return;
  }
  loadedAt = Date.now();
  tell(find(".no-catalogue"));
  const before = basket.isEmpty ? 0 : total();
  const gone = basket.rebase(catalogue);
  if (gone.length) say(`No longer sold: ${gone.join(", ")}.`);
  else if (before && before !== total()) say("Prices have changed: look at the total again.");
  goods.stock(catalogue);
  change();
}

function refreshOld() {
  if (catalogue && !isSending && !basket.sent && Date.now() - loadedAt > FRESH) refresh();
}

async function start() {
  await refresh();
  if (!catalogue) return;
  payment.stock(catalogue);
  takeUp();
}

function takeUp() {
  basket.restore(catalogue);
  if (!basket.sent) return toSearch();
  view("pay");
  payment.open(basket.sent.total);
  unknown();
}

// --- Keys and presses --------------------------------------------------------------------------------------

function press(event) {
  isTouch = false;
  const isPaying = root.dataset.view === "pay";
  if (event.key === "F2" || (event.key === "Enter" && event.ctrlKey)) {
    event.preventDefault();
    if (event.repeat) return;
    if (isPaying) finish();
    else if (root.dataset.view === "done") nextSale();
    else toPay();
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    if (!isSending) nextSale();
  } else if (event.key === "Enter" && isPaying && !event.defaultPrevented && event.target.matches("input")) {
    event.preventDefault();
    finish();
  } else if (isTyping(event) && !isPaying) {
    if (root.dataset.view === "done") nextSale();
    goods.focus();
  }
}

/** A key typed into nothing in particular, by a person or a scanner. */
const isTyping = ({ key, ctrlKey, altKey, metaKey, target }) =>
  key.length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey && !target.matches("input, select, textarea");

document.addEventListener("keydown", press);
document.addEventListener("pointerdown", (event) => (isTouch = event.pointerType === "touch"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshOld());
window.addEventListener("storage", (event) => isBasketChange(event) && catalogue && !isSending && takeUp());
find(".start").addEventListener("click", toPay);
find(".finish").addEventListener("click", finish);
find(".back").addEventListener("click", nextSale);
find(".look").addEventListener("click", () => view("basket"));
find(".next").addEventListener("click", nextSale);
find(".unlock").addEventListener("click", unlock);
find(".throw").addEventListener("click", () => {
  basket.clear();
  change();
  nextSale();
});

start();
