"""Shillings and cents: the only place where money is parsed, rounded and shown.

Money is a `Decimal` with two places, rounded half up. A cost per unit keeps four places.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
COST_PLACES = Decimal("0.0001")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")

_NUMBER = re.compile(r"[0-9]+(\.[0-9]{1,2})?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?")


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two places: 0.125 → 0.13, -0.125 → -0.13."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def to_cost(amount: Decimal) -> Decimal:
    """Round a cost per unit half up to four places."""
    return amount.quantize(COST_PLACES, ROUND_HALF_UP)


def round_to_step(amount: Decimal, step: int) -> Decimal:
    """The nearest multiple of `step` shillings, half up: 12.50 → 13 by ones, 12.50 → 15 by fives."""
    return to_cents((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, 0.00 of nothing."""
    return sum(amounts, ZERO)


def parse(text: str) -> Decimal:
    """What a person typed, as money; `1,000.50` and `1000.5` are 1000.50.

    Raises ValueError, with a sentence, for anything else: signs, other scripts' digits, exponents,
    three decimals, a decimal comma, more than ten digits of shillings.
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError("Write an amount such as 1,000.50.")
    amount = Decimal(stripped.replace(",", ""))
    if amount > LARGEST:
        raise ValueError("This amount is too large.")
    return to_cents(amount)


def show(amount: Decimal) -> str:
    """For people: 1,000.50; whole shillings lose their cents: 1,000."""
    cents = to_cents(amount)
    return f"{cents:,.0f}" if cents == cents.to_integral_value() else f"{cents:,.2f}"
