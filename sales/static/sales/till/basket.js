// One sale in the making. It survives a reload, and its client_ref makes asking twice harmless.

import { keep, kept, lineFrom, lineToKeep } from "./keeping.js";
import * as money from "./money.js";
import { grossAt, priceLines, totalOf, unitPrice } from "./pricing.js";
import * as quantity from "./quantity.js";
import { uuid } from "./uuid.js";

export class Basket {
  constructor() {
    this.clear();
  }

  clear() {
    this.renew();
    this.lines = []; // {article, base, asked, price, discount}: see `lineOf`
    this.current = null; // the article that was touched last
    this.agreeOnNothing();
    this.sent = null; // the document that was sent and not yet answered
  }

  /** What belongs to the whole sale, and goes with the last of its goods. */
  agreeOnNothing() {
    this.customer = null;
    this.discount = null; // {cents} or {percent}
    this.note = "";
    this.reason = ""; // why something goes below its floor
  }

  /** From now on it is another sale than the one that was asked for before. */
  renew() {
    this.clientRef = uuid();
  }

  get isEmpty() {
    return this.lines.length === 0;
  }

  /** Neither goods nor a question that is still open. */
  get isNothing() {
    return this.isEmpty && !this.sent;
  }

  line(article) {
    return this.lines.find((line) => line.article.key === article.key);
  }

  /** So many base units more of it, or as much more as the `asked` cents buy; one unit or pack when nothing is said. */
  add(article, base = article.per, asked = null) {
    const line = this.line(article);
    if (!line) this.lines.push(lineOf(article, base, asked));
    else if (line.asked === null && asked === null) line.base += base;
    else ask(line, (line.asked ?? grossAt(line, unitPrice(line))) + (asked ?? money.price(base, article.per, unitPrice(line))));
    this.current = article;
  }

  set(article, base, asked = null) {
    const line = this.line(article);
    Object.assign(line, { base, asked });
    if (asked !== null) ask(line, asked);
    this.current = article;
  }

  /** Where one article stands there shall be another: a bottle becomes two crates, with the crates that are there. */
  replace(article, { article: other, base, asked }) {
    if (article.key === other.key) return this.set(article, base, asked);
    const line = this.line(article);
    if (this.line(other)) {
      this.lines = this.lines.filter((each) => each !== line);
      return this.add(other, base, asked);
    }
    this.lines[this.lines.indexOf(line)] = lineOf(other, base, asked);
    this.current = other;
  }

  /** Charge another price for one, in cents; null for the shelf's. */
  setPrice(article, price) {
    const line = this.line(article);
    line.price = price === article.price ? null : price;
    if (line.asked !== null) ask(line, line.asked);
    this.current = article;
  }

  setDiscount(article, discount) {
    this.line(article).discount = discount;
    this.current = article;
  }

  remove(article) {
    this.lines = this.lines.filter((line) => line.article.key !== article.key);
    this.current = this.lines.at(-1)?.article ?? null;
    if (this.isEmpty) this.agreeOnNothing();
  }

  /** How many base units of the line's product are missing on the shelf, as far as the till knows. */
  missing({ article: { product } }) {
    if (!product.is_counted) return 0;
    const wanted = this.lines.filter((line) => line.article.product.id === product.id);
    return Math.max(0, wanted.reduce((sum, line) => sum + line.base, 0) - product.stock);
  }

  /** The goods are sold: until the next catalogue, the till reckons with what is left. */
  takeFromShelf() {
    for (const { article, base } of this.lines) article.product.stock = Math.max(0, article.product.stock - base);
  }

  /** The lines with what they come to, as `priceLines` says. */
  priced() {
    return priceLines(this.lines, this.discount);
  }

  total(step) {
    return totalOf(this.priced(), step);
  }

  /** Whether a reason is owed: something goes below its floor, and nobody has said why. */
  get needsReason() {
    return !this.reason.trim() && this.priced().some(({ isBelow }) => isBelow);
  }

  /** The sale as the server wants it. */
  document(tenders, dueOn) {
    return {
      client_ref: this.clientRef,
      customer: this.customer?.id ?? null,
      due_on: dueOn || null,
      lines: this.priced().map(lineDocument),
      tenders,
      ...(this.note.trim() && { note: this.note.trim() }),
      ...(this.reason.trim() && { override_reason: this.reason.trim() }),
    };
  }

  /** Look every line up in a fresh catalogue; the names of those that are no longer sold, which are dropped. */
  rebase(catalogue) {
    const gone = this.lines.filter((line) => !catalogue.byKey.has(line.article.key));
    this.lines = this.lines
      .filter((line) => !gone.includes(line))
      .map((line) => onPriceOf({ ...line, article: catalogue.byKey.get(line.article.key) }));
    this.current = catalogue.byKey.get(this.current?.key) ?? null;
    return gone.map((line) => line.article.name);
  }

  /** What is kept of it, for another day or another window. */
  snapshot() {
    const { clientRef, customer, discount, note, reason, sent } = this;
    return { clientRef, lines: this.lines.map(lineToKeep), customer, discount, note, reason, sent };
  }

  /** Become the basket that was kept; how many lines were dropped because they are no longer sold. */
  take(snapshot, catalogue) {
    this.clear();
    const lines = snapshot.lines.map((each) => lineFrom(each, catalogue));
    this.lines = lines.filter(Boolean).map(onPriceOf);
    this.current = this.lines.at(-1)?.article ?? null;
    for (const name of ["clientRef", "customer", "discount", "note", "reason", "sent"])
      this[name] = snapshot[name] ?? this[name];
    return lines.length - this.lines.length;
  }

  save() {
    keep(this.isNothing ? null : this.snapshot());
  }

  /** Take up the basket that was kept; how many lines were dropped because they are no longer sold. */
  restore(catalogue) {
    const snapshot = kept();
    if (snapshot) return this.take(snapshot, catalogue);
    this.clear();
    return 0;
  }
}

/** A line: so many base units, or `asked` cents' worth; `price` when it is not the shelf's; `discount` as {cents} or
 *  {percent}. */
const lineOf = (article, base, asked = null) => ({ article, base, asked, price: null, discount: null });

/** Make a line come to exactly so many cents, and hold what they buy. */
function ask(line, cents) {
  const base = quantity.boughtFor(cents, unitPrice(line), line.article.per);
  if (base) Object.assign(line, { base, asked: cents });
  else line.asked = null;
}

/** The line as the price of today makes it: what an amount buys depends on it. */
function onPriceOf(line) {
  if (line.asked !== null) ask(line, line.asked);
  return line;
}

function lineDocument({ line: { article, base, asked, price }, discount, share }) {
  const given = discount + share;
  return {
    product: article.product.id,
    pack: article.pack?.id ?? null,
    ...(asked === null ? { quantity: quantity.number(base, article.per) } : { amount: money.toWire(asked) }),
    ...(price !== null && { unit_price: money.toWire(price) }),
    ...(given && { discount: money.toWire(given) }),
  };
}
