// The till: puts its panes together.

import { Basket } from "./basket.js";
import { sure, tell } from "./elements.js";
import { goodsPane } from "./goods.js";
import { isBasketChange, isParkedChange, kept, recover } from "./keeping.js";
import { listenToKeys } from "./keys.js";
import { linesPane } from "./lines.js";
import * as money from "./money.js";
import { noticeBar } from "./notice.js";
import { Often } from "./often.js";
import { parkingPane } from "./parking.js";
import { paymentPane } from "./payment.js";
import * as quantity from "./quantity.js";
import { ringingUp } from "./ringing.js";
import { supply } from "./supply.js";
import { termsPane } from "./terms.js";

const root = document.getElementById("till");
const keys = document.getElementById("keys");
const find = (name) => root.querySelector(name);
const basket = new Basket();
const often = new Often();
const shop = supply(root.dataset.catalogue, { arrived, missing });
const may = () => shop.catalogue()?.may ?? {};
const total = () => basket.total(shop.catalogue().step);
let isTouch = false;

const notice = noticeBar(root);
const goods = goodsPane(find(".goods"), { basket, often, pick, correct, move, drop });
const lines = linesPane(find(".basket"), {
  basket,
  change,
  scan,
  leave: goOn,
  may,
  urls: { stock: `${root.dataset.home}stock/`, counts: `${root.dataset.home}counts/` },
});
const terms = termsPane(find(".basket"), { basket, change, leave: goOn, may });
const parking = parkingPane(find(".basket"), { basket, total, take, emptied });
const payment = paymentPane(find(".pay"), {
  basket,
  change,
  scan,
  isTouch: () => isTouch,
  loggedOut: () => notice.loggedOut("The basket is kept."),
});
const ringing = ringingUp(root, {
  basket,
  payment,
  lines,
  terms,
  notice,
  total,
  change,
  view,
  refresh: shop.refresh,
  sold() {
    goods.show();
    refreshOld();
  },
});

// --- The basket --------------------------------------------------------------------------------------------

function pick({ article, base, asked }) {
  put(article, () => {
    basket.add(article, base, asked);
    often.count(article);
  });
}

function correct(choice) {
  put(choice.article, () => basket.replace(basket.current, choice));
}

/** Change what the basket holds of an article by `how`, and say how much it is then. */
function put(article, how) {
  if (basket.sent) return goods.say("The last sale has no answer yet: ask for it first.");
  how();
  const { base, asked } = basket.line(article);
  const amount = article.pack ? base / article.per : quantity.show(base, article.product);
  goods.say(`${article.name}: ${amount}${asked === null ? "" : ` for ${money.show(asked)}`}`);
  change();
  toSearch();
  showCurrent();
}

const showCurrent = () => find(".line.current")?.scrollIntoView({ block: "nearest" });

/** Go to the line before or after the one that was touched last. */
function move(step) {
  const at = basket.lines.findIndex(({ article }) => article === basket.current) + step;
  basket.current = basket.lines[Math.max(0, Math.min(basket.lines.length - 1, at))]?.article ?? null;
  render();
  showCurrent();
}

/** Take the line out that was touched last. */
function drop() {
  if (!basket.current || basket.sent) return;
  goods.say(`${basket.current.name} was taken out.`);
  basket.remove(basket.current);
  change();
}

/** Take a code that a scanner typed somewhere else than into the search box. Whether it is one. */
function scan(text) {
  const article = goods.isCode(text);
  if (article) pick({ article, base: article.per, asked: null });
  return Boolean(article);
}

/** Keep the basket first, then show it. */
function change() {
  basket.save();
  render();
}

/** Go on with a basket that was parked. */
function take(snapshot) {
  const lost = basket.take(snapshot, shop.catalogue());
  emptied();
  sayLost(lost);
}

/** The basket is another one, or none: ready for its goods. */
function emptied(words = "") {
  goods.say(words);
  change();
  toGoods();
}

// --- What is shown -----------------------------------------------------------------------------------------

function render() {
  if (root.dataset.view === "pay" && basket.isNothing) root.dataset.view = "goods";
  const isPaying = root.dataset.view === "pay";
  if (isPaying) payment.render(basket.sent?.total ?? total());
  lines.render();
  terms.render();
  parking.render();
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
  if (!shop.catalogue() || basket.isNothing) return;
  notice.say();
  if (!lines.settle()) return view("basket");
  if (!basket.sent && may().sell_below_floor && basket.needsReason) {
    view("basket");
    return terms.askWhy();
  }
  ringing.open();
  view("pay");
  payment.focus();
}

function sayLost(lost) {
  if (lost) notice.say("Some goods of this basket are no longer sold, and were taken out.");
}

// --- The catalogue, and the basket that was kept -----------------------------------------------------------

function arrived(catalogue, earlier) {
  const before = earlier && basket.total(earlier.step);
  goods.stock(catalogue);
  payment.stock(catalogue);
  if (!earlier) return takeUp();
  const gone = basket.rebase(catalogue);
  change();
  if (gone.length) notice.say(`No longer sold: ${gone.join(", ")}.`);
  else if (before !== total()) notice.say("Prices have changed: look at the total again.");
}

function missing(isLoggedOut) {
  if (isLoggedOut) notice.loggedOut("The basket is kept.");
  else if (!shop.catalogue()) tell(find(".no-catalogue"), "The goods cannot be read just now: load the page again.");
}

function refreshOld() {
  if (shop.isOld() && !ringing.isSending() && !basket.sent) shop.refresh();
}

/** Go on with the basket of before the reload, or of another window. */
function takeUp() {
  const lost = basket.restore(shop.catalogue());
  if (!basket.sent) {
    toGoods();
    return sayLost(lost);
  }
  ringing.open();
  view("pay");
  ringing.unknown();
}

// --- Keys and presses --------------------------------------------------------------------------------------

/** Something to do with the lines, which a phone shows on a pane of their own. */
function onLines(act) {
  return () => {
    if (basket.isEmpty || basket.sent) return;
    if (root.dataset.view !== "pay") view("basket");
    act();
  };
}

listenToKeys({
  acts: {
    F4: onLines(parking.ask),
    F8: onLines(() => basket.current && lines.edit(basket.current)),
    F9: onLines(() => may().change_price && terms.open("discount")),
    "?": () => keys.showModal(),
  },
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
// The keys of a keyboard on the screen have no names, but for Enter.
document.addEventListener("keydown", ({ key }) => (isTouch &&= key === "Enter" || key === "Unidentified"), { capture: true });
document.addEventListener("pointerdown", (event) => (isTouch = event.pointerType === "touch"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshOld());
window.addEventListener("storage", (event) => {
  if (!shop.catalogue()) return;
  if (isBasketChange(event) && !ringing.isSending()) takeUp();
  if (isParkedChange(event)) parking.render();
});
// A page that the browser kept as it was, and shows again, heard of nothing meanwhile.
window.addEventListener("pageshow", ({ persisted }) => {
  const isOver = root.dataset.view === "done" && !kept();
  if (persisted && shop.catalogue() && !ringing.isSending() && !isOver) takeUp();
});
find(".keys-open").addEventListener("click", () => keys.showModal());
find(".start").addEventListener("click", toPay);
find(".back").addEventListener("click", toGoods);
find(".look").addEventListener("click", () => view("basket"));
find(".next").addEventListener("click", toGoods);
sure(find(".throw"), "Empty it all?").addEventListener("click", () => {
  basket.clear();
  emptied();
});

recover().then(shop.refresh);
