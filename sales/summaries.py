"""What a day came to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customers.models import LedgerEntry
from sales.models import Payment, Return, ReturnLine, Sale, SaleLine, Tender
from sales.tenders import TYPES, is_on_account
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
    """Net sales less the cost of the goods, also of those that came back damaged and are lost; lines without a
    known cost are left out."""
    sold_without_cost: Decimal
    """What the lines came to whose cost is not known, so that the profit is not believed blindly."""
    by_tender: list[tuple[str, Decimal]]
    """The money that came in by each means of payment, sales, returns and repayments together."""
    on_account: Decimal
    """What customers took without paying, less what returns took off their debts. No money moved."""

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
        known_back.sum_of("amount") - known_back.filter(is_damaged=False).sum_of("cost")
    )
    moved = _moved(day)
    return DaySummary(
        day=day,
        sale_count=sales.count(),
        sold=sales.sum_of("total"),
        returned=returns.sum_of("total"),
        repaid=Payment.objects.filter(received_on=day).sum_of("amount"),
        gross_profit=profit,
        sold_without_cost=lines.filter(unit_cost=0).sum_of("line_total"),
        by_tender=[
            (kind.label, moved[code]) for code, kind in TYPES.items() if code in moved and not kind.is_on_account
        ],
        on_account=money.total(moved[code] for code in moved if is_on_account(code)),
    )


def owed_to_shop() -> Decimal:
    """What all customers together owe, less what they are in credit."""
    return LedgerEntry.objects.all().sum_of("amount")


def _moved(day: date) -> dict[str, Decimal]:
    """What each type of tender that was used came to."""
    sums: dict[str, Decimal] = {}
    for cause in ("sale__sold_on", "sale_return__returned_on", "payment__received_on"):
        for kind, amount in Tender.objects.filter(**{cause: day}).sums_by("type", "amount").items():
            sums[kind] = sums.get(kind, money.ZERO) + amount
    return sums
