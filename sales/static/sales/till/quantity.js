// Quantities, the twin of smartduka/quantity.py: whole base units inside, units for people.

const SHAPE = /^([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,3})?$/;
const FRACTION = /^(?:([0-9]{1,6}) +)?([0-9]{1,4})\/([0-9]{1,4})$/;
const LARGEST = 2_000_000_000;

/** So many units (or packs) of `per` base units each, as base units: "0.25" and "1/4" of 1000 are 250.
 *  Null for anything that is no quantity, or that cannot be divided so. */
export function parse(text, per) {
  const thousandths = parseThousandths(text.trim());
  if (thousandths === null) return null;
  const base = (thousandths * per) / 1000;
  return Number.isInteger(base) && base > 0 && base <= LARGEST ? base : null;
}

function parseThousandths(text) {
  const [, whole = "0", over, under] = FRACTION.exec(text) ?? [];
  if (over) {
    const thousandths = (Number(over) * 1000) / Number(under);
    return Number.isInteger(thousandths) ? Number(whole) * 1000 + thousandths : null;
  }
  if (!SHAPE.test(text)) return null;
  const [units, part = ""] = text.replaceAll(",", "").split(".");
  return Number(units + part.padEnd(3, "0"));
}

/** The same for goods of the catalogue; a pack is sold whole. */
export function parseFor(text, { pack, per }) {
  const base = parse(text, per);
  return pack && base % per ? null : base;
}

/** As many base units as an amount buys at a price for `per` of them: the nearest, half up. Null when that is none,
 *  and when goods that are sold by the piece do not come to it exactly: 98 is no number of loaves at 65. */
export function boughtFor(cents, price, per) {
  if (!cents || !price || (per === 1 && cents % price)) return null;
  const base = Number((2n * BigInt(cents) * BigInt(per) + BigInt(price)) / (2n * BigInt(price)));
  return base < 1 || base > LARGEST ? null : base;
}

/** The bare number of units, or packs, that so many base units are: 250 of 1000 is "0.25". */
export function number(base, per) {
  if (base % per === 0) return String(base / per);
  const part = String(((base % per) * 1000) / per).padStart(3, "0");
  return `${Math.floor(base / per)}.${part.replace(/0+$/, "")}`;
}

/** At a glance, never more than there is: "33 kg" for 33.497 kg, "5.3 kg" for 5.34 kg, "0.125 kg" as it is. */
export function glance(base, product) {
  const per = product.base_units;
  const step = base >= 10 * per ? per : Math.max(1, base >= per ? per / 10 : 1);
  return show(base - (base % step), product);
}

/** For people, with the unit: "0.25 kg"; a bare number for pieces. */
export function show(base, product) {
  const units = number(base, product.base_units);
  return product.unit === "piece" ? units : `${units} ${product.unit_label}`;
}
