// Finding goods by what a cashier types or scans.

/** Without accents and capitals, so that "Café" is found by "cafe". */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** "3*soda" is three of what "soda" finds; without a star there is no quantity. */
export function split(text) {
  const [, quantity, rest] = /^\s*([0-9.,]+)\s*[*×]\s*(.*)$/.exec(text) ?? [null, "", text];
  return { quantity, words: rest.trim() };
}

/** A finder over the goods of a catalogue. */
export function finder(goods) {
  const byCode = new Map();
  const entries = goods.map((article) => {
    const { product, pack, name, barcode, sku } = article;
    for (const code of [barcode, sku]) if (code) byCode.set(fold(code), article);
    const text = fold([name, product.sku, barcode ?? "", pack ? "" : product.category].join(" "));
    return { article, text, name: fold(name) };
  });

  return {
    /** The one product or pack with exactly this barcode or SKU. */
    exact: (words) => byCode.get(fold(words)) ?? null,

    /** The goods in which every word occurs, the likeliest first. */
    find(words) {
      const wanted = fold(words).split(/\s+/).filter(Boolean);
      const exact = byCode.get(wanted.join(" "));
      return entries
        .filter(({ text }) => wanted.every((word) => text.includes(word)))
        .map((entry) => [entry.article === exact ? -1 : rank(entry.name, wanted), entry.article])
        .sort(([one], [other]) => one - other)
        .map(([, article]) => article);
    },
  };
}

/** 0: the name begins with it; 1: every word begins a word of the name; 2: somewhere. */
function rank(name, wanted) {
  if (name.startsWith(wanted.join(" "))) return 0;
  const words = name.split(/[^\p{L}\p{N}.]+/u);
  return wanted.every((word) => words.some((each) => each.startsWith(word))) ? 1 : 2;
}
