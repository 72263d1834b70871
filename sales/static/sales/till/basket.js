// One sale in the making. It survives a reload, and its client_ref makes asking twice harmless.

import { keyOf } from "./catalogue.js";
import * as money from "./money.js";
import * as quantity from "./quantity.js";

const STORED = "smartduka.basket";

export class Basket {
  constructor() {
    this.clear();
  }

  clear() {
    this.renew();
    this.lines = []; // {article, base}
    this.current = null; // the article that was touched last
    this.customer = null;
    this.sent = null; // the document that was sent and not yet answered
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

  /** So many base units more of it; one unit or pack when nothing is said. */
  add(article, base = article.per) {
    const line = this.line(article);
    if (line) line.base += base;
    else this.lines.push({ article, base });
    this.current = article;
  }

  set(article, base) {
    this.line(article).base = base;
    this.current = article;
  }

  remove(article) {
    this.lines = this.lines.filter((line) => line.article.key !== article.key);
    this.current = this.lines.at(-1)?.article ?? null;
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

  total(step) {
    return money.roundToStep(
      this.lines.reduce((sum, line) => sum + lineTotal(line), 0),
      step,
    );
  }

  /** The sale as the server wants it. */
  document(tenders, dueOn) {
    return {
      client_ref: this.clientRef,
      customer: this.customer?.id ?? null,
      due_on: dueOn || null,
      lines: this.lines.map(({ article, base }) => ({
        product: article.product.id,
        pack: article.pack?.id ?? null,
        quantity: quantity.number(base, article.per),
      })),
      tenders,
    };
  }

  /** Look every line up in a fresh catalogue; the names of those that are no longer sold, which are dropped. */
  rebase(catalogue) {
    const gone = this.lines.filter((line) => !catalogue.byKey.has(line.article.key));
    this.lines = this.lines
      .filter((line) => !gone.includes(line))
      .map(({ article, base }) => ({ article: catalogue.byKey.get(article.key), base }));
    this.current = catalogue.byKey.get(this.current?.key) ?? null;
    return gone.map((line) => line.article.name);
  }

  save() {
    const { clientRef, customer, sent } = this;
    const lines = this.lines.map(({ article, base }) => [article.product.id, article.pack?.id ?? null, base]);
    try {
      if (this.isNothing) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, JSON.stringify({ clientRef, lines, customer, sent }));
    } catch {
      // A browser that keeps nothing still sells; only a reload would lose the basket.
    }
  }

  /** Take up the basket that was kept; how many lines were dropped because they are no longer sold. */
  restore(catalogue) {
    this.clear();
    try {
      const stored = JSON.parse(localStorage.getItem(STORED));
      if (!stored) return 0;
      this.lines = stored.lines
        .map(([product, pack, base]) => ({ article: catalogue.byKey.get(keyOf(product, pack)), base }))
        .filter((line) => line.article);
      this.current = this.lines.at(-1)?.article ?? null;
      this.clientRef = stored.clientRef;
      this.customer = stored.customer;
      this.sent = stored.sent;
      return stored.lines.length - this.lines.length;
    } catch {
      this.clear();
      return 0;
    }
  }
}

/** Whether an event of the browser says that another window changed the basket. */
export const isBasketChange = (event) => event.key === STORED;

export const lineTotal = ({ article, base }) => money.price(base, article.per, article.price);

function uuid() {
  // Browsers offer randomUUID only over HTTPS and on the shop's own computer.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
