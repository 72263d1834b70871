// Ringing up: the sale is sent, and every kind of answer is taken.

import { sell } from "./api.js";
import { isOnDisk } from "./disk.js";
import { tell } from "./elements.js";
import { lastSale } from "./lastsale.js";
import * as money from "./money.js";

const SAFE = "The basket is kept, and asking again never rings a sale up twice.";
const DOUBLE_CLICK = 500;

/** Whether the books were asked, and a sale that had no answer before is truly not there: what is refused at the door
 *  says nothing of that. */
const isOfTheBooks = (status) => status === 409 || status === 422;

/** `total()` is what the till thinks the sale comes to; `change()` keeps the basket and shows it, `view(name)` goes
 *  to a pane, `refresh()` reads the catalogue again. `sold()` is called when the basket is in the books. */
export function ringingUp(root, { basket, payment, lines, terms, notice, total, change, view, refresh, sold: leave }) {
  const find = (name) => root.querySelector(name);
  const last = lastSale(find(".last-sale"));
  let isSending = false;
  let openedAt = 0;

  function open() {
    openedAt = Date.now();
    payment.open();
  }

  async function finish() {
    if (isSending || basket.isNothing) return;
    if (!basket.sent) {
      const tenders = payment.tenders();
      if (!tenders) return;
      basket.sent = { document: basket.document(tenders, payment.dueOn()), total: total() };
    }
    isSending = true;
    notice.say();
    change(); // what is about to be sent is kept first
    await isOnDisk(); // so that a power cut before the answer cannot make this sale forgotten here, and rung up twice
    const answer = await sell(root.dataset.sales, basket.sent.document);
    isSending = false;
    ({ sold, refused, "logged out": loggedOut, unknown })[answer.outcome](answer);
  }

  function sold({ sale }) {
    const shown = basket.sent.total;
    basket.takeFromShelf();
    basket.clear();
    basket.save();
    last.keep(sale);
    find(".done .number").textContent = sale.number;
    find(".done .paid").textContent = money.show(money.parse(sale.total));
    find(".done .change").textContent = money.show(money.parse(sale.change));
    find(".done .see").href = sale.url;
    find(".done .print").href = `${sale.url}#print`;
    const isOther = money.parse(sale.total) !== shown;
    tell(find(".done .notice"), isOther ? `Prices had changed: this till showed ${money.show(shown)}.` : "");
    view("done");
    find(".next").focus();
    leave();
  }

  function refused({ status, error }) {
    const again = error.code === "csrf" ? { href: location.href, text: "Load the page again" } : null;
    if (basket.sent.isUnanswered && !isOfTheBooks(status)) return unknown({ why: error.message, link: again });
    if (status === 409) basket.renew(); // its name is taken: what stands in the basket now is another sale
    unlock();
    const fields = Object.entries(error.fields);
    const ofLines = fields.flatMap(([field, text]) => {
      const at = /^lines\.(\d+)/.exec(field)?.[1];
      return at === undefined ? [] : [[Number(at), text]];
    });
    const isOfTerms = terms.complain(error.fields);
    if (ofLines.length || isOfTerms) {
      lines.complain(ofLines);
      view("basket");
      find(".line-note:not([hidden])")?.scrollIntoView({ block: "nearest" });
    } else payment.complain(error.fields);
    if (again) return notice.say(error.message, again);
    const isPlaced = fields.some(([field]) => /^(lines\.\d|tenders|customer|due_on|note|override_reason)/.test(field));
    const number = status === 409 && /S-\d{6,}/.exec(error.message)?.[0];
    const link = number && { href: `${root.dataset.receipts}${number}/`, text: `See ${number}` };
    notice.say(isPlaced ? "" : error.message, link);
    refresh(); // stock or prices may be others than this till thought
  }

  function loggedOut() {
    if (basket.sent.isUnanswered) {
      change();
      return notice.loggedOut("The last sale has no answer yet: ask again afterwards.");
    }
    unlock();
    notice.loggedOut("Nothing was rung up, and the basket is kept.");
  }

  function unknown({ why = "The last sale has no answer yet.", link = null } = {}) {
    basket.sent.isUnanswered = true;
    change();
    notice.say(`${why} ${SAFE}`, link);
    find(".finish").focus();
  }

  /** The sale that was sent may be changed: if it did reach the books, they will refuse another of its name. */
  function unlock() {
    basket.sent = null;
    change();
  }

  function render(isPaying) {
    find(".finish").hidden = !isPaying;
    find(".finish").disabled = isSending;
    find(".finish-label").textContent = isSending ? "Asking the books…" : basket.sent ? "Ask again" : "Complete sale";
    find(".unlock").hidden = !basket.sent || isSending;
  }

  find(".finish").addEventListener("click", (event) => {
    // The second click of a double click on "Pay" lands here, and means nothing.
    const isSecondClick = event.detail > 0 && Date.now() - openedAt < DOUBLE_CLICK;
    if (!isSecondClick) finish();
  });
  find(".unlock").addEventListener("click", () => {
    notice.say();
    unlock();
  });

  return { open, finish, unknown, render, isSending: () => isSending };
}
