"""Units and base units: the only place where quantities are parsed, converted and shown.

Stock is counted in whole *base units* – pieces, grams, millilitres, millimetres – because whole numbers are
exact in every database. People see and type *units*: 0.25 kg, never 250 g.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.db import models

from smartduka import money

LARGEST = 2_000_000_000
"""The most base units of anything that is ever held or sold: an integer column's limit, rounded down."""

_NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,3})?")
_FRACTION = re.compile(r"(?:([0-9]{1,6}) +)?([0-9]{1,4})/([0-9]{1,4})")


class Unit(models.TextChoices):
    """What a price is for, and what people count in."""

    PIECE = "piece", "piece"
    KILOGRAM = "kilogram", "kilogram"
    LITRE = "litre", "litre"
    METRE = "metre", "metre"

    @property
    def base_units(self) -> int:
        """How many base units make one unit."""
        return 1 if self is Unit.PIECE else 1000

    @property
    def symbol(self) -> str:
        return {"piece": "pc", "kilogram": "kg", "litre": "l", "metre": "m"}[self.value]


def parse_number(text: str) -> Decimal:
    """What a person typed, as a positive number with at most three places: "1,000.5" is 1000.5, "1 1/2" is 1.5.

    Raises ValueError, with a sentence, for anything else: signs, exponents, other scripts' digits, zero, and
    fractions that are no whole number of thousandths, such as 1/3.
    """
    number = parse_number_or_zero(text)
    if number == 0:
        raise ValueError("The quantity must be more than zero.")
    return number


def parse_number_or_zero(text: str) -> Decimal:
    """As `parse_number`, but 0 is a number too: an empty shelf can be counted, and a threshold can be nothing."""
    stripped = text.strip()
    if fraction := _FRACTION.fullmatch(stripped):
        return _parse_fraction(*(int(part or 0) for part in fraction.groups()))
    if not _NUMBER.fullmatch(stripped):
        raise ValueError("Write a quantity such as 3 or 0.25.")
    return Decimal(stripped.replace(",", ""))


def _parse_fraction(whole: int, over: int, under: int) -> Decimal:
    if not under or over * 1000 % under:
        raise ValueError("Write a quantity such as 3 or 0.25: this fraction is no whole number of thousandths.")
    return Decimal(whole * 1000 + over * 1000 // under) / 1000


def to_base(units: Decimal, base_units: int) -> int:
    """So many units (or packs) of `base_units` each, in base units: 0.25 of 1000 is 250.

    Raises ValueError, with a sentence, for parts of a base unit and for more than a column holds.
    """
    base = units * base_units
    if base != base.to_integral_value():
        raise ValueError("This cannot be divided: write a whole number.")
    if base > LARGEST:
        raise ValueError("This quantity is too large.")
    return int(base)


def parse(text: str, unit: str) -> int:
    """What a person typed in units, as base units: "0.25" of kilograms is 250. Raises as its two steps do."""
    return to_base(parse_number(text), Unit(unit).base_units)


def to_units(base: int, unit: str) -> Decimal:
    """Base units as an exact number of units: 250 g is 0.25 kg."""
    return Decimal(base) / Unit(unit).base_units


def number(base: int, unit: str) -> str:
    """The bare number of units, without zeros at the end: 250 of kilograms is "0.25"."""
    return f"{to_units(base, unit).normalize():f}"


def show(base: int, unit: str) -> str:
    """For people, with the unit's symbol; a bare number for pieces: "0.25 kg", "1,200"."""
    shown = f"{to_units(base, unit).normalize():,f}"
    return shown if unit == Unit.PIECE else f"{shown} {Unit(unit).symbol}"


def bought_for(amount: Decimal, price: Decimal, base_units: int) -> int:
    """The base units nearest to what an amount buys, half up: 20 at a price of 160 for 1000 of them is 125."""
    return int((amount * base_units / price).quantize(Decimal(1), ROUND_HALF_UP))


def price(base: int, unit: str, per_unit: Decimal) -> Decimal:
    """What so many base units come to at a price (or cost) per unit, in whole cents."""
    return money.to_cents(to_units(base, unit) * per_unit)
