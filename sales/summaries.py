"""What a day came to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customers.models import LedgerEntry
from sales.models import Payment, Return, ReturnLine, Sale, SaleLine, Tender
from sales.tenders import TYPES
from smartduka import money


@dataclass(frozen=True)
class DaySummary:
    """One of the shop's days, after returns; a void counts on the day it was made, as a return."""

    day: date
    sale_count: int
    sold: Decimal
    returned: Decimal
    repaid: Decimal
    gross_profit: Decimal
    """Net sales less the cost of the goods; lines without a known cost are left out."""
    sold_without_cost: Decimal
    """What the lines came to whose cost is not known, so that the profit is not believed blindly."""
    by_tender: list[tuple[str, Decimal]]
    """What came in by each means of payment, sales, returns and repayments together."""

    @property
    def net(self) -> Decimal:
        return self.sold - self.returned


def of_day(day: date) -> DaySummary:
    """Counted from the day's own rows, so it takes as long as the day was busy, not as long as the history."""
    sales = Sale.objects.filter(sold_on=day)
    returns = Return.objects.filter(returned_on=day)
    lines = SaleLine.objects.filter(sale__sold_on=day)
    came_back = ReturnLine.objects.filter(sale_return__returned_on=day)
    known, known_back = lines.filter(unit_cost__gt=0), came_back.filter(sale_line__unit_cost__gt=0)
    profit = (known.sum_of("line_total") - known.sum_of("line_cost")) - (
        known_back.sum_of("amount") - known_back.sum_of("cost")
    )
    return DaySummary(
        day=day,
        sale_count=sales.count(),
        sold=sales.sum_of("total"),
        returned=returns.sum_of("total"),
        repaid=Payment.objects.filter(received_on=day).sum_of("amount"),
        gross_profit=profit,
        sold_without_cost=lines.filter(unit_cost=0).sum_of("line_total"),
        by_tender=_by_tender(day),
    )


def owed_to_shop() -> Decimal:
    """What all customers together owe, less what they are in credit."""
    return LedgerEntry.objects.all().sum_of("amount")


def _by_tender(day: date) -> list[tuple[str, Decimal]]:
    """Every means of payment that moved, in the order of the registry."""
    sums: dict[str, Decimal] = {}
    for cause in ("sale__sold_on", "sale_return__returned_on", "payment__received_on"):
        for kind, amount in Tender.objects.filter(**{cause: day}).sums_by("type", "amount").items():
            sums[kind] = sums.get(kind, money.ZERO) + amount
    return [(kind.label, sums[code]) for code, kind in TYPES.items() if code in sums]
