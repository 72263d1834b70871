"""Goods come back, in part (a return) or because the whole sale is cancelled (a void).

Nothing is deleted: the sale stands, and the return refers to it. Locks in the house's order: the sale, then the
customer, then the products. The refund lowers the debt of a sale on account first; the rest goes out by the
tender that was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Sum

from customers import ledger as customer_ledger
from customers.models import Customer
from inventory import ledger as stock_ledger
from sales import paymentcodes, pricing
from sales.models import PaymentCode, Return, ReturnLine, Sale, SaleLine, Tender
from sales.tenders import TenderType
from smartduka import money, quantity
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class ReturnedLine:
    """So many base units of a sale line come back; damaged goods are written off instead of shelved."""

    sale_line_id: int
    quantity: int
    is_damaged: bool = False


@dataclass(frozen=True)
class Refund:
    """How the money that does not lower a debt goes out."""

    type: TenderType
    reference: str = ""


def take_back(
    sale_id: int,
    lines: Sequence[ReturnedLine],
    *,
    refund: Refund,
    shop: Shop,
    voucher: Voucher,
    seen: int | None = None,
) -> Return:
    """Take some goods of a sale back, at the price paid. `voucher.note` is the reason, which is required.

    Refuses more than was sold and not yet returned, and a sale that was voided. `seen` is the newest return of
    the sale (0: none) that whoever asks knew of: when there is a newer one, the same form may have come twice.
    """
    write = partial(_write, sale_id, lines, refund=refund, shop=shop, voucher=voucher, is_void=False, seen=seen)
    return retried(write)


def void(sale_id: int, *, refund: Refund, shop: Shop, voucher: Voucher) -> Return:
    """Cancel a whole sale: everything comes back, and its transaction codes are free again.

    Refuses a sale of which anything came back before.
    """
    return retried(partial(_write, sale_id, None, refund=refund, shop=shop, voucher=voucher, is_void=True))


def _write(
    sale_id: int,
    lines: Sequence[ReturnedLine] | None,
    *,
    refund: Refund,
    shop: Shop,
    voucher: Voucher,
    is_void: bool,
    seen: int | None = None,
) -> Return:
    if not voucher.note.strip():
        raise _invalid("reason", "Write why the goods come back.")
    if refund.type.is_on_account:
        raise _invalid("refund", "A debt is lowered by itself: choose how the rest is paid out.")
    with transaction.atomic():
        sale = _lock(sale_id)
        if seen is not None:
            _refuse_unseen(sale, seen)
        customer = customer_ledger.lock(sale.customer_id) if sale.customer_id else None
        returned = _returned_quantities(sale)
        if is_void and any(returned.values()):
            raise _invalid("sale", f"Goods of {sale.number} came back already: return the rest instead.")
        sold = {line.pk: line for line in sale.lines.all()}
        wanted = [ReturnedLine(pk, line.quantity) for pk, line in sold.items()] if lines is None else lines
        parts = [_part(each, sold, returned) for each in _without_repeats(wanted)]
        totals = _refund_totals(sale, parts, shop)
        sale_return = Return.objects.create(
            sale=sale,
            voided_sale=sale if is_void else None,
            reason=voucher.note.strip(),
            subtotal=totals.subtotal,
            rounding=totals.rounding,
            total=totals.total,
            returned_at=voucher.at,
            returned_on=voucher.on,
            returned_by=voucher.by,
        )
        numbered = replace(voucher, reference=sale_return.number)
        _write_lines(sale_return, parts, numbered)
        _write_refund(sale_return, sale, customer, refund, numbered)
        if is_void:
            paymentcodes.release(PaymentCode.objects.filter(tender__sale=sale), at=voucher.at)
    return sale_return


def _lock(sale_id: int) -> Sale:
    sale = Sale.objects.select_for_update().filter(pk=sale_id).first()
    if sale is None:
        raise _invalid("sale", "There is no such sale.")
    if Return.objects.filter(voided_sale=sale).exists():
        raise _invalid("sale", f"{sale.number} is void.")
    return sale


def _refuse_unseen(sale: Sale, seen: int) -> None:
    newer = Return.objects.filter(sale=sale, pk__gt=seen).order_by("pk").last()
    if newer:
        message = f"Goods of {sale.number} came back meanwhile, as {newer.number}: look again before more do."
        raise Refusal("invalid", message, {"lines": message})


def _returned_quantities(sale: Sale) -> dict[int, int]:
    """How much of each sale line came back before."""
    lines = ReturnLine.objects.filter(sale_line__sale=sale).order_by()
    return dict(lines.values_list("sale_line").annotate(sum=Sum("quantity")))


def _without_repeats(lines: Sequence[ReturnedLine]) -> Sequence[ReturnedLine]:
    if not lines:
        raise _invalid("lines", "Choose what comes back.")
    if len({line.sale_line_id for line in lines}) != len(lines):
        raise _invalid("lines", "The same line stands there twice.")
    return lines


def _part(line: ReturnedLine, sold: dict[int, SaleLine], returned: dict[int, int]) -> ReturnLine:
    """The return line, not yet written: its amounts are the growth of the line's share that came back."""
    source = sold.get(line.sale_line_id)
    if source is None:
        raise _invalid("lines", "This line is not part of the sale.")
    before = returned.get(source.pk, 0)
    after = before + line.quantity
    if line.quantity <= 0 or after > source.quantity:
        left = quantity.show(source.quantity - before, source.unit)
        raise _invalid("lines", f"Of {source.product_name}, at most {left} can come back.")

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


def _refund_totals(sale: Sale, parts: Sequence[ReturnLine], shop: Shop) -> pricing.Totals:
    """What goes back now: what all returns of the sale come to, rounded, less what went back before.

    So the returns of a whole sale give back exactly what was paid, however they are split.
    """
    before = Return.objects.filter(sale=sale)
    subtotal = money.total(part.amount for part in parts)
    goods_after = before.sum_of("subtotal") + subtotal
    paid_after = sale.total if goods_after == sale.subtotal else money.round_to_step(goods_after, shop.rounding_step)
    total = max(min(paid_after, sale.total) - before.sum_of("total"), money.ZERO)
    return pricing.Totals(subtotal, total - subtotal, total)


def _write_lines(sale_return: Return, parts: Sequence[ReturnLine], voucher: Voucher) -> None:
    """The goods go back on the shelf at the cost at which they left; what is damaged is written off at once."""
    counted = [part for part in parts if part.sale_line.movement_id]
    products = stock_ledger.lock(part.sale_line.product_id for part in counted)

    def item(part: ReturnLine) -> stock_ledger.Item:
        source = part.sale_line
        # A cost of 0 is one that nobody knew; it must not dilute the average of what came in since.
        return stock_ledger.Item(products[source.product_id], part.quantity, unit_cost=source.unit_cost or None)

    movements = stock_ledger.take_back([item(part) for part in counted], voucher)
    for part, movement in zip(counted, movements, strict=True):
        part.movement = movement
    damaged = [part for part in counted if part.is_damaged]
    if damaged:
        stock_ledger.write_off([item(part) for part in damaged], voucher)
    for part in parts:
        part.sale_return = sale_return
    ReturnLine.objects.bulk_create(parts)


def _write_refund(
    sale_return: Return, sale: Sale, customer: Customer | None, refund: Refund, voucher: Voucher
) -> None:
    """Lower the debt first, by what of this sale is still on account; pay the rest out."""
    tenders = []
    rest = sale_return.total
    off_account = min(rest, _still_on_account(sale, customer)) if customer else money.ZERO
    if customer and off_account:
        entry = customer_ledger.credit_note(customer, off_account, voucher)
        tenders.append(Tender(sale_return=sale_return, type="on_account", amount=-off_account, ledger_entry=entry))
        rest -= off_account
    if rest:
        tenders.append(
            Tender(sale_return=sale_return, type=refund.type.code, amount=-rest, reference=refund.reference)
        )
    Tender.objects.bulk_create(tenders)


def _still_on_account(sale: Sale, customer: Customer) -> Decimal:
    """What of the sale was put on account, less credit notes, and at most what the customer still owes."""
    charged = Tender.objects.filter(sale=sale, type="on_account").sum_of("amount")
    credited = Tender.objects.filter(sale_return__sale=sale, type="on_account").sum_of("amount")
    return max(min(charged + credited, customer_ledger.balance(customer)), money.ZERO)


def _invalid(field: str, message: str) -> Refusal:
    return Refusal("invalid", message, {field: message})
