"""The demo's days, one after another: everything that happens, at its moment and in that order."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from django.utils import timezone

from sales.demo import goods, people, rhythm
from sales.demo.counter import Counter
from sales.demo.credit import CreditBook
from sales.demo.drawers import Drawers
from sales.demo.shelf import Shelf

Event = tuple[datetime, Callable[[datetime], None]]


class Trade:
    """So many days of trade in a new shop, of which the last one is the day of `now` and ends there.

    The same seed at the same moment makes the same trade.
    """

    def __init__(self, *, days: int, sales_per_day: int, seed: int, now: datetime) -> None:
        self._days, self._per_day, self._now = days, sales_per_day, now
        self._last_day = timezone.localdate(now)
        self._rng = Random(seed)  # noqa: S311 – a demo has no secrets but its passwords
        first_day = self._last_day - timedelta(days=days - 1)
        since = rhythm.at(first_day - timedelta(days=1), 12)
        self._duka, self.logins = people.open_duka(self._rng, since=since)
        self._shelf = Shelf(self._duka, sales_per_day)
        self._credit = CreditBook(self._duka)
        self._drawers = Drawers(self._duka)
        self._counter = Counter(self._duka, self._shelf, self._credit, self._drawers)
        self._shelf.fill(first_day, self._last_day)

    def run(self) -> Iterator[date]:
        """Each day, when it is over."""
        for age in reversed(range(self._days)):
            day = self._last_day - timedelta(days=age)
            self._shelf.look()
            self._credit.look()
            for at, act in sorted(self._agenda(day, age), key=lambda event: event[0]):
                if at <= self._now:
                    act(at)
            yield day

    def _agenda(self, day: date, age: int) -> Iterator[Event]:
        """What happens on a day; `age` is how many days before the last one it is."""
        yield from self._drawers.agenda(day, is_last=age == 0)
        for supplier, at in self._shelf.suppliers_of(day):
            yield at, partial(self._shelf.restock, supplier, last_day=self._last_day)
        for at in rhythm.moments(day, self._per_day, self._rng):
            yield at, self._counter.serve
        for customer, at in self._credit.repayments(day):
            yield at, partial(self._credit.repay, customer)
        if day.weekday() == goods.SUNDAY:
            yield rhythm.at(day, 18, 10), self._counter.clear_out
        if age % 3 == 1:
            yield rhythm.at(day, 16, 20), self._counter.take_back
        if age % 7 == 1:
            yield rhythm.at(day, 12, 40), self._counter.void
            yield rhythm.at(day, 20, 50), self._shelf.count_some
        if age % 5 == 1:
            yield rhythm.at(day, 14, 5), self._shelf.break_eggs
