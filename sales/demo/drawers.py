"""The demo's drawers: opened with a float before the first customer, counted after the last."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from functools import partial
from random import Random

from django.contrib.auth.models import User

from sales import drawer, sessions
from sales.demo import rhythm
from sales.demo.goods import SUNDAY
from sales.demo.people import Duka
from sales.drawer import DENOMINATIONS, Count
from sales.models import TillSession

_FLOAT, _LUNCH_FLOAT = Decimal(1000), Decimal(500)
_SHORT, _OVER = 0.15, 0.2
"""Below the first chance a drawer is short, below the second over."""


class Drawers:
    """Whose drawer is open when, and what is found in it."""

    def __init__(self, duka: Duka) -> None:
        self._duka = duka
        # Chance of its own: whether a drawer is short changes nothing of the trade.
        self._rng = Random()  # noqa: S311 – a demo has no secrets but its passwords
        self._rng.setstate(duka.rng.getstate())

    def agenda(self, day: date, *, is_last: bool) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        """One drawer from morning to night, on the last day until somebody counts it, and one over lunch."""
        cashier = self._duka.at_till(rhythm.at(day, 6))
        yield rhythm.at(day, 5, 55), partial(self._open, cashier, _FLOAT)
        yield rhythm.at(day, 10, 30), partial(self._pay_out, cashier)
        if not is_last:
            yield rhythm.at(day, 21, 5), partial(self._close, cashier)
        if day.weekday() != SUNDAY:
            yield rhythm.at(day, 12, 58), partial(self._open, self._duka.manager, _LUNCH_FLOAT)
            yield rhythm.at(day, 15, 2), partial(self._close, self._duka.manager)

    def at_till(self, at: datetime) -> int | None:
        """The drawer of whoever serves then."""
        return self._of(self._duka.at_till(at))

    def _of(self, person: User) -> int | None:
        return TillSession.objects.open().filter(cashier=person).values_list("pk", flat=True).first()

    def _open(self, person: User, opening_float: Decimal, at: datetime) -> None:
        sessions.open_session(opening_float, self._duka.voucher(at, person))

    def _pay_out(self, person: User, at: datetime) -> None:
        """Tea for everybody, on most days."""
        session = self._of(person)
        if session and self._rng.random() < 0.8:
            sessions.pay_out(session, Decimal(80), self._duka.voucher(at, person, "Milk and mandazi for tea"))

    def _close(self, person: User, at: datetime) -> None:
        """Mostly what should be there is there."""
        session = TillSession.objects.open().get(cashier=person)
        chance, there = self._rng.random(), drawer.expected_cash(session)
        if chance < _SHORT:
            there -= self._rng.choice((5, 10, 20, 50, 150))
        elif chance < _OVER:
            there += self._rng.choice((5, 10, 20))
        note = "Change given wrong?" if chance < _SHORT else ""
        sessions.close_session(session.pk, counted(max(there, Decimal(0))), self._duka.voucher(at, person, note))


def counted(cash: Decimal) -> Count:
    """So much cash, in the largest notes and coins."""
    pieces, rest = {}, int(cash.to_integral_value(ROUND_DOWN))
    for worth in DENOMINATIONS:
        pieces[worth], rest = divmod(rest, worth)
    return Count(pieces, other=cash % 1)
