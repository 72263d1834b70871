"""How people hand money over."""

from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from random import Random
from string import ascii_uppercase, digits

from django.utils import timezone

from sales.tenders import CARD, CASH, MPESA, Tendered

_NOTES = (50, 100, 200, 500, 1000)
_DAYS = digits[1:] + ascii_uppercase


def pay(total: Decimal, at: datetime, rng: Random) -> list[Tendered]:
    """Cash for the most part, M-Pesa for a good third, sometimes both, and a card for what is dear."""
    chance = rng.random()
    if total > 1000 and chance < 0.1:
        return [Tendered(CARD, total)]
    if total >= 200 and chance < 0.14:
        in_cash = total // 2 // 50 * 50
        return [Tendered(CASH, in_cash), mpesa(total - in_cash, at, rng)]
    return [mpesa(total, at, rng) if chance < 0.4 else cash(total, rng)]


def rounded_up(amount: Decimal, step: int) -> Decimal:
    """The least multiple of `step` that is enough."""
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def cash(amount: Decimal, rng: Random) -> Tendered:
    """Often the exact money, otherwise notes that are more than enough."""
    if rng.random() < 0.55:
        return Tendered(CASH, amount)
    notes = [note for note in _NOTES if note <= 3 * amount] or _NOTES[:1]
    return Tendered(CASH, rounded_up(amount, rng.choice(notes)))


def mpesa(amount: Decimal, at: datetime, rng: Random) -> Tendered:
    """With a code as M-Pesa makes them: letters for the year and the month, one sign for the day, seven more."""
    day = timezone.localtime(at)
    stamp = ascii_uppercase[(day.year - 2006) % 26] + ascii_uppercase[day.month - 1] + _DAYS[day.day - 1]
    return Tendered(MPESA, amount, stamp + "".join(rng.choices(ascii_uppercase + digits, k=7)))
