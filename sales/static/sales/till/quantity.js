// Quantities, the twin of smartduka/quantity.py: whole base units inside, units for people.

const SHAPE = /^([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,3})?$/;
const LARGEST = 2_000_000_000;

/** So many units (or packs) of `per` base units each, as base units: "0.25" of 1000 is 250.
 *  Null for anything that is no quantity, or that cannot be divided so. */
export function parse(text, per) {
  const stripped = text.trim();
  if (!SHAPE.test(stripped)) return null;
  const [whole, part = ""] = stripped.replaceAll(",", "").split(".");
  const base = (Number(whole + part.padEnd(3, "0")) * per) / 1000;
  return Number.isInteger(base) && base > 0 && base <= LARGEST ? base : null;
}

/** The same for goods of the catalogue; a pack is sold whole. */
export function parseFor(text, { pack, per }) {
  const base = parse(text, per);
  return pack && base % per ? null : base;
}

/** The bare number of units, or packs, that so many base units are: 250 of 1000 is "0.25". */
export function number(base, per) {
  if (base % per === 0) return String(base / per);
  const part = String(((base % per) * 1000) / per).padStart(3, "0");
  return `${Math.floor(base / per)}.${part.replace(/0+$/, "")}`;
}

/** For people, with the unit: "0.25 kg"; a bare number for pieces. */
export function show(base, product) {
  const units = number(base, product.base_units);
  return product.unit === "piece" ? units : `${units} ${product.unit_label}`;
}
