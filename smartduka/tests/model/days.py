"""What a day came to, in the words of `sales.summaries`."""

from datetime import date
from decimal import Decimal

from smartduka.tests.model.counter import Counter

LABELS = {"cash": "Cash", "mpesa": "M-Pesa", "card": "Card", "bank": "Bank"}


def shillings(cents: int) -> Decimal:
    return Decimal(cents) / 100


def of_day(counter: Counter, day: date) -> dict[str, object]:
    sales = [sale for sale in counter.sales if sale.on == day]
    returns = [each for each in counter.returns if each.on == day]
    lines = [line for sale in sales for line in sale.lines]
    parts = [part for each in returns for part in each.parts]
    earned = sum(line.total - line.cost for line in lines if line.unit_cost)
    # What came back damaged is lost: the money went back, the cost did not.
    given_back = sum(part.amount - (0 if part.is_damaged else part.cost) for part in parts if part.line.unit_cost)
    moved = [each.means for each in counter.tenders if each.on == day]
    return {
        "sale_count": len(sales),
        "sold": shillings(sum(sale.total for sale in sales)),
        "returned": shillings(sum(each.total for each in returns)),
        "repaid": shillings(sum(payment.amount for payment in counter.payments if payment.on == day)),
        "gross_profit": shillings(earned - given_back),
        "sold_without_cost": shillings(sum(line.total for line in lines if not line.unit_cost)),
        "by_tender": [
            (label, shillings(sum(means.amount for means in moved if means.type == code)))
            for code, label in LABELS.items()
            if any(means.type == code for means in moved)
        ],
        "on_account": shillings(sum(means.amount for means in moved if means.type == "on_account")),
    }
