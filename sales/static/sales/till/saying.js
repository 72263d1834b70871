// Quantities as people say them: 3, 1/4, 250 g, 2 ctn, 20 bob.

import * as money from "./money.js";
import * as quantity from "./quantity.js";
import { fold } from "./search.js";

const NUMBER = "[0-9][0-9.,]*";
const SHILLINGS = [
  new RegExp(`^(?:ksh|kes|sh)s?\\.? ?(${NUMBER})(?:/[=-])?$`),
  new RegExp(`^(${NUMBER}) ?(?:/[=-]|bob|sh|shs|ksh|kes|shillings?)$`),
];
const COUNTED = new RegExp(`^((?:[0-9]+ )?[0-9]+/[0-9]+|${NUMBER}) ?(\\p{L}+)$`, "u");
const BARE = new RegExp(`^(?:[0-9]+ )?[0-9]+/[0-9]+$|^${NUMBER}$`);

// What a unit is called, and how many base units of goods in that unit it stands for.
const UNITS = {
  piece: { pc: 1, pcs: 1, piece: 1, pieces: 1 },
  kilogram: { kg: 1000, kgs: 1000, kilo: 1000, kilos: 1000, g: 1, gm: 1, gms: 1, grams: 1 },
  litre: { l: 1000, lt: 1000, ltr: 1000, litre: 1000, litres: 1000, ml: 1 },
  metre: { m: 1000, metre: 1000, metres: 1000, cm: 10, mm: 1 },
};
const SHORT = { ctn: "carton", ctns: "carton", crt: "crate", doz: "dozen", dz: "dozen", pkt: "packet", bx: "box" };

/** What a text says about how much: {text} units, {text, word} of a unit or pack, {cents} an amount of money.
 *  Null when it says nothing of the kind. */
export function read(text) {
  const said = text.trim().toLowerCase().replace(/\s+/g, " ");
  for (const shape of SHILLINGS) {
    const cents = money.parse(shape.exec(said)?.[1] ?? "");
    if (cents) return { cents };
  }
  if (BARE.test(said)) return { text: said };
  const [, number, word] = COUNTED.exec(said) ?? [];
  return number ? { text: number, word } : null;
}

/** How much of an article that is: {article, base, asked}, where the article may be one of its packs, and `asked` are
 *  the cents that were asked for, or null. `price` is what a unit of it costs. Null when it is not sold so. */
export function resolve(said, article, price = article.price) {
  if (said.cents) {
    const base = article.pack ? null : quantity.boughtFor(said.cents, price, article.per);
    return base && { article, base, asked: article.isDivisible ? said.cents : null };
  }
  const unit = said.word && !article.pack && UNITS[article.product.unit][said.word];
  if (said.word && !unit) {
    const pack = packCalled(said.word, article);
    const base = pack && quantity.parseFor(said.text, pack);
    return base ? { article: pack, base, asked: null } : null;
  }
  const base = unit ? quantity.parse(said.text, unit) : quantity.parseFor(said.text, article);
  return base ? { article, base, asked: null } : null;
}

/** "3*soda" is three of what "soda" finds; without a star nothing is said about how much. */
export function split(text) {
  const [, before, words] = /^([^*×]*)[*×](.*)$/.exec(text) ?? [null, "", text];
  return { wanted: before.trim() && read(before), quantity: before.trim(), words: words.trim() };
}

/** The pack that a word means: by the beginning of a word of its name, or by a short for it. */
function packCalled(word, article) {
  const packs = article.pack ? [article] : article.packs;
  const beginnings = [word, SHORT[word] ?? word, word.replace(/s$/, "")];
  return packs.find(({ pack }) =>
    fold(pack.name)
      .split(/\s+/)
      .some((part) => beginnings.some((beginning) => part.startsWith(beginning))),
  );
}
