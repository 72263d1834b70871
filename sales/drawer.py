"""What the books say a drawer holds, and what people count in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sales import tenders
from sales.models import CashMovement, Tender, TillSession
from smartduka import money

DENOMINATIONS = (1000, 500, 200, 100, 50, 40, 20, 10, 5, 1)
"""The notes and coins of Kenya, in shillings."""
OTHER = "other"
"""Under which name `TillSession.denominations` has what is none of them."""

CAUSES = ("sale", "sale_return", "payment")
"""What a tender belongs to, each of which belongs to a till session."""


@dataclass(frozen=True)
class Count:
    """So many of each note and coin, and other cash, such as 50-cent coins or a foreign note."""

    pieces: Mapping[int, int]
    other: Decimal = money.ZERO

    @property
    def total(self) -> Decimal:
        return money.to_cents(self.other + sum(worth * number for worth, number in self.pieces.items()))

    @property
    def rows(self) -> list[tuple[Decimal, int, Decimal]]:
        """Worth, number and amount of what there is, the largest first; the number of other cash is 0."""
        there = sorted(((worth, number) for worth, number in self.pieces.items() if number), reverse=True)
        rows = [(Decimal(worth), number, Decimal(worth * number)) for worth, number in there]
        return [*rows, (self.other, 0, self.other)] if self.other else rows

    def as_json(self) -> dict[str, Any]:
        """As a session keeps it: without what there was none of."""
        counted: dict[str, Any] = {str(worth): number for worth, number in self.pieces.items() if number}
        return {**counted, OTHER: f"{self.other:.2f}"} if self.other else counted

    @classmethod
    def from_json(cls, counted: Mapping[str, Any]) -> "Count":
        pieces = {int(worth): number for worth, number in counted.items() if worth != OTHER}
        return cls(pieces, Decimal(counted.get(OTHER, "0.00")))


def expected_cash(session: TillSession) -> Decimal:
    """The float, and whatever cash came and went since: sales, change, returns, debts paid, paid in and out."""
    cash = Tender.objects.filter(type__in=tenders.cash())
    moved = [cash.filter(**{f"{cause}__till_session": session}).sum_of("amount") for cause in CAUSES]
    by_hand = CashMovement.objects.filter(till_session=session).sum_of("amount")
    return money.total([session.opening_float, *moved, by_hand])
