// Finding goods by what a cashier types or scans, among ten thousand, between two keystrokes.

const PLAIN = /^[\x00-\x7f]*$/;

/** Without accents and capitals, so that "Café" is found by "cafe". */
export function fold(text) {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** An entry of the index, made once per article. */
function entryOf(article) {
  const { product, pack, name, barcode } = article;
  const folded = fold(name);
  const others = fold(`${product.sku} ${barcode ?? ""} ${pack ? "" : product.category}`);
  const text = `${folded} ${others}`;
  text.indexOf("\n"); // a text that was put together is laid out when it is first searched: better now than at a key
  // Blanks before every word tell where words begin.
  return { article, name: ` ${folded}`.replace(/[^\p{L}\p{N}.]+/gu, " "), text };
}

/** A finder over nothing yet: `index` makes the one that is used. */
export function finder(entries = [], byCode = new Map()) {
  let last = { words: [], found: entries };

  /** The goods in which every word occurs, the likeliest first, at most so many; and how many there are.
   *  `likes(article)` says how welcome one is among equals, `fits(article)` whether it may be among them at all. */
  function find(words, { most = 30, likes = () => 0, fits = null } = {}) {
    const typed = fold(words).split(/\s+/).filter(Boolean);
    const wanted = typed.map(singular);
    const narrows = isNarrower(wanted, last.words);
    const found = holding(narrows ? last.found : entries, wanted);
    last = { words: wanted, found };
    const exact = byCode.get(typed.join(" "));
    return { articles: best(found, wanted, { exact, most, likes, fits }), count: found.length };
  }

  return {
    find,
    /** The one product or pack with exactly this barcode or SKU. */
    exact: (words) => byCode.get(fold(words)) ?? null,
  };
}

/** A finder over the goods. `pause()` is awaited every few hundred goods, so that nothing stands still meanwhile. */
export async function index(goods, pause = () => {}) {
  const entries = [];
  const byCode = new Map();
  for (const article of goods) {
    entries.push(entryOf(article));
    for (const code of [article.barcode, article.sku]) if (code) byCode.set(fold(code), article);
    if (entries.length % 500 === 0) await pause();
  }
  return finder(entries, byCode);
}

/** "eggs" finds an egg, and whatever is called eggs as well. */
const singular = (word) => word.replace(/^(.{3,})s$/, "$1");

/** Whether whatever has these words has the earlier ones, too: letters or words were added. */
const isNarrower = (words, earlier) =>
  words.length >= earlier.length && earlier.every((word, at) => words[at].includes(word));

function holding(entries, words) {
  return words.reduce((left, word) => left.filter(({ text }) => text.includes(word)), entries);
}

/** The first so many by rank; those of one rank stay in the order of the catalogue, after the ones that are liked. */
function best(found, wanted, { exact, most, likes, fits }) {
  const ranks = [[], [], []];
  const liked = [[], [], []];
  for (const { article, name } of found) {
    if (article === exact) continue;
    const isLiked = likes(article) > 0;
    if (!isLiked && ranks[0].length >= most) continue; // there are enough of the likeliest
    const at = rank(name, wanted);
    if ((!isLiked && ranks[at].length >= most) || (fits && !fits(article))) continue;
    (isLiked ? liked : ranks)[at].push(article);
  }
  for (const each of liked) each.sort((one, other) => likes(other) - likes(one));
  const first = exact && (!fits || fits(exact)) ? [exact] : [];
  const ordered = [first, ...ranks.flatMap((each, at) => [liked[at], each])].flat();
  return ordered.slice(0, most);
}

/** 0: the name begins with it; 1: every word begins a word of the name; 2: somewhere. */
function rank(name, wanted) {
  if (name.startsWith(` ${wanted.join(" ")}`)) return 0;
  return wanted.every((word) => name.includes(` ${word}`)) ? 1 : 2;
}
