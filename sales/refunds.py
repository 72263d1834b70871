"""What goods that come back are worth: the half of a return that only looks.

It is asked before the goods are taken back, to say what will happen, and again by `sales.returns` once the sale is
locked, when the answer can no longer change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from customers import ledger as customer_ledger
from customers.models import Customer
from sales import pricing, tenders
from sales.models import Return, ReturnLine, Sale, SaleLine, Tender
from smartduka import money, quantity
from smartduka.models import Shop
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class ReturnedLine:
    """So many base units of a sale line come back; damaged goods are written off instead of shelved."""

    sale_line_id: int
    quantity: int
    is_damaged: bool = False


@dataclass(frozen=True)
class Due:
    """What goes back to the customer: the debt is lowered first, and the rest is paid out."""

    parts: list[ReturnLine]
    """The return's lines, not yet written."""
    totals: pricing.Totals
    off_debt: Decimal

    @property
    def paid_out(self) -> Decimal:
        return self.totals.total - self.off_debt


def due(sale: Sale, lines: Sequence[ReturnedLine] | None, *, customer: Customer | None, shop: Shop) -> Due:
    """What these lines come to; without lines, the whole sale. `customer` is the sale's.

    Refuses more than was sold and not yet returned, a sale that was voided, and to void a sale of which anything
    came back before.
    """
    if Return.objects.filter(voided_sale=sale).exists():
        raise Refusal.invalid("sale", f"{sale.number} is void.")
    parts = _parts(sale, lines)
    totals = _totals(sale, parts, shop)
    off_debt = min(totals.total, _still_on_account(sale, customer)) if customer else money.ZERO
    return Due(parts, totals, off_debt)


def _parts(sale: Sale, lines: Sequence[ReturnedLine] | None) -> list[ReturnLine]:
    """The return lines, not yet written: of these lines or, for a void, of the whole sale."""
    returned = _returned_quantities(sale)
    if lines is None and any(returned.values()):
        raise Refusal.invalid("sale", f"Goods of {sale.number} came back already: return the rest instead.")
    sold = {line.pk: line for line in sale.lines.all()}
    wanted = [ReturnedLine(pk, line.quantity) for pk, line in sold.items()] if lines is None else lines
    return [_part(each, sold, returned) for each in _without_repeats(wanted)]


def _returned_quantities(sale: Sale) -> dict[int, int]:
    """How much of each sale line came back before."""
    lines = ReturnLine.objects.filter(sale_line__sale=sale).order_by()
    return dict(lines.values_list("sale_line").annotate(sum=Sum("quantity")))


def _without_repeats(lines: Sequence[ReturnedLine]) -> Sequence[ReturnedLine]:
    if not lines:
        raise Refusal.invalid("lines", "Choose what comes back.")
    if len({line.sale_line_id for line in lines}) != len(lines):
        raise Refusal.invalid("lines", "The same line stands there twice.")
    return lines


def _part(line: ReturnedLine, sold: dict[int, SaleLine], returned: dict[int, int]) -> ReturnLine:
    """The return line, not yet written: its amounts are the growth of the line's share that came back."""
    source = sold.get(line.sale_line_id)
    if source is None:
        raise Refusal.invalid("lines", "This line is not part of the sale.")
    before = returned.get(source.pk, 0)
    after = before + line.quantity
    if line.quantity <= 0 or after > source.quantity:
        left = quantity.show(source.quantity - before, source.unit)
        raise Refusal.invalid("lines", f"Of {source.product_name}, at most {left} can come back.")

    def grown(total: Decimal) -> Decimal:
        return pricing.share(total, after, source.quantity) - pricing.share(total, before, source.quantity)

    return ReturnLine(
        sale_line=source,
        quantity=line.quantity,
        sold_quantity=source.quantity,
        returned_before=before,
        amount=grown(source.line_total),
        cost=grown(source.line_cost),
        is_damaged=line.is_damaged,
    )


def _totals(sale: Sale, parts: Sequence[ReturnLine], shop: Shop) -> pricing.Totals:
    """What goes back now: what all returns of the sale come to, rounded, less what went back before.

    So the returns of a whole sale give back exactly what was paid, however they are split.
    """
    before = Return.objects.filter(sale=sale)
    subtotal = money.total(part.amount for part in parts)
    goods_after = before.sum_of("subtotal") + subtotal
    paid_after = sale.total if goods_after == sale.subtotal else money.round_to_step(goods_after, shop.rounding_step)
    total = max(min(paid_after, sale.total) - before.sum_of("total"), money.ZERO)
    return pricing.Totals(subtotal, total - subtotal, total)


def _still_on_account(sale: Sale, customer: Customer) -> Decimal:
    """What of the sale was put on account, less credit notes, and at most what the customer still owes."""
    on_account = Tender.objects.filter(type__in=tenders.on_account())
    charged = on_account.filter(sale=sale).sum_of("amount")
    credited = on_account.filter(sale_return__sale=sale).sum_of("amount")
    return max(min(charged + credited, customer_ledger.balance(customer)), money.ZERO)
