// What this till sells often, so that it stands first.

const STORED = "smartduka.often";
const HALF_LIFE = 14 * 24 * 3600 * 1000;
const EPOCH = Date.UTC(2026, 0, 1);
const MOST = 300;

export class Often {
  constructor() {
    try {
      const kept = Object.entries(JSON.parse(localStorage.getItem(STORED)) ?? {});
      this.scores = new Map(kept.map(([id, score]) => [Number(id), score]));
    } catch {
      this.scores = new Map();
    }
  }

  /** One more of the article's product now. Instead of letting all that was before fade, what is new weighs more. */
  count(article, now = Date.now()) {
    this.scores.set(article.product.id, this.of(article) + 2 ** ((now - EPOCH) / HALF_LIFE));
    if (this.scores.size > MOST) this.scores.delete([...this.scores].reduce((a, b) => (b[1] < a[1] ? b : a))[0]);
    try {
      localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(this.scores)));
    } catch {
      // Then only this page remembers.
    }
  }

  /** How welcome the article is: 0 when its product is not among the many. */
  of(article) {
    const score = this.scores.get(article.product.id);
    return score > 0 ? score : 0;
  }

  /** The products that are sold most, so many at most. */
  first(goods, most) {
    const known = goods.filter((each) => !each.pack && this.of(each));
    return known.sort((one, other) => this.of(other) - this.of(one)).slice(0, most);
  }
}
