// What lines come to, the twin of sales/pricing.py. Amounts are cents, quantities base units.

import * as money from "./money.js";

/** What is charged per unit or pack: the shelf's price, unless another was agreed on. */
export const unitPrice = ({ article, price }) => price ?? article.price;

/** What a line comes to at some price per unit. Of an asked amount, as much as it truly bought is meant: rounding
 *  that to whole base units makes nothing cheaper. */
export function grossAt(line, price) {
  const { article, base, asked } = line;
  if (asked === null) return money.price(base, article.per, price);
  const charged = unitPrice(line);
  return charged ? money.price(asked, charged, price) : 0;
}

/** The lowest that anybody may charge for one: a pack may be sold at its own price, and as low as its content. */
export function floorPrice({ product, pack, price, per }) {
  const floor = money.parse(product.floor);
  if (!pack) return floor;
  if (product.floor === product.price) return price;
  return Math.min(price, money.price(per, product.base_units, floor));
}

/** Each line with what it comes to: `gross`, its own `discount`, its `share` of the discount on the whole sale,
 *  `total`, and `room`: what it may give before it goes below its floor; `isBelow` when it does, `isCut` when it does
 *  so without the discount on the whole sale. */
export function priceLines(lines, saleDiscount = null) {
  const priced = lines.map((line) => {
    const gross = grossAt(line, unitPrice(line));
    const discount = discountOf(line.discount, gross);
    const floor = grossAt(line, floorPrice(line.article));
    const net = gross - discount;
    return { line, gross, discount, floor, net, room: Math.max(0, net - floor), isCut: net < floor || asksBelow(line) };
  });
  const shares = spread(discountOf(saleDiscount, sum(priced, "net")), priced);
  return priced.map((each, at) => {
    const total = each.net - shares[at];
    return { ...each, share: shares[at], total, isBelow: each.isCut || total < each.floor };
  });
}

/** Cents may hide that an amount buys below the floor; the price does not. */
const asksBelow = (line) => line.asked !== null && unitPrice(line) < floorPrice(line.article);

/** What the priced lines come to, to the shop's step. */
export const totalOf = (priced, step) => money.roundToStep(sum(priced, "total"), step);

/** The cents of a discount, {cents} or {percent} in hundredths, on an amount; never more than the amount. */
function discountOf(discount, amount) {
  if (!discount) return 0;
  return Math.min(amount, discount.cents ?? money.price(discount.percent, 10_000, amount));
}

/** What is given most, for a press. */
export const USUAL_DISCOUNTS = ["5%", "10%", "20%"];

/** A discount as people write it: "50", "10%", "2.5 %". Null for anything else, and for more than all. */
export function parseDiscount(text) {
  const stripped = text.trim();
  if (!stripped.endsWith("%")) return withAmount({ cents: money.parse(stripped) }, "cents");
  const percent = money.parse(stripped.slice(0, -1));
  return percent <= 10_000 ? withAmount({ percent }, "percent") : null;
}

const withAmount = (discount, name) => (discount[name] ? discount : null);

export const showDiscount = ({ cents, percent }) => (cents ? money.show(cents) : `${money.show(percent)}%`);

/** A discount in shares, one per line, that add up to it exactly: in proportion to the room that each line has above
 *  its floor, and when that does not suffice, all of it and the rest in proportion to what remains. */
export function spread(discount, priced) {
  const rooms = priced.map(({ room }) => room);
  const room = rooms.reduce((total, each) => total + each, 0);
  if (discount <= room) return inProportion(discount, rooms);
  const rest = inProportion(
    discount - room,
    priced.map(({ net }, at) => net - rooms[at]),
  );
  return rooms.map((each, at) => each + rest[at]);
}

/** Whole cents in proportion to weights; what rounding down leaves goes to the largest remainders, the first of
 *  equals. No share is larger than its weight as long as the amount is not larger than all of them. */
export function inProportion(amount, weights) {
  const whole = BigInt(weights.reduce((total, each) => total + each, 0));
  if (!whole) return weights.map(() => 0);
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const shares = products.map((product) => Number(product / whole));
  const missing = amount - shares.reduce((total, each) => total + each, 0);
  const byRemainder = products
    .map((product, at) => [product % whole, at])
    .sort(([one, first], [other, second]) => (one === other ? first - second : one < other ? 1 : -1));
  for (const [, at] of byRemainder.slice(0, missing)) shares[at] += 1;
  return shares;
}

const sum = (items, name) => items.reduce((total, item) => total + item[name], 0);
