"""Goods come back, in part (a return) or because the whole sale is cancelled (a void).

Nothing is deleted: the sale stands, and the return refers to it. Locks in the house's order: the till session
out of whose drawer money goes, then the sale, the customer and the products. The refund lowers the debt of a sale on
account first; the rest goes out by the tender that was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from customers import ledger as customer_ledger
from customers.models import Customer
from inventory import ledger as stock_ledger
from sales import paymentcodes, refunds, sessions
from sales.models import PaymentCode, Return, ReturnLine, Sale, Tender
from sales.refunds import ReturnedLine
from sales.tenders import ON_ACCOUNT, Tendered, TenderType
from smartduka import money
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.once import written_once
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class Refund:
    """How the money that does not lower a debt goes out."""

    type: TenderType
    reference: str = ""
    drawer: int | None = None
    """The till session that pays it; the own one of whoever takes the goods back, when none is chosen."""


def take_back(
    sale_id: int,
    lines: Sequence[ReturnedLine],
    *,
    refund: Refund,
    shop: Shop,
    voucher: Voucher,
    client_ref: UUID | None = None,
) -> Return:
    """Take some goods of a sale back, at the price paid. `voucher.note` is the reason, which is required.

    The same `client_ref` again gets the first return. Refuses more than was sold and not yet returned, a sale that
    was voided, and, as `reference_used`, money sent back with a transaction code in use.
    """
    return _written(sale_id, lines, refund, shop, voucher, client_ref)


def void(sale_id: int, *, refund: Refund, shop: Shop, voucher: Voucher, client_ref: UUID | None = None) -> Return:
    """Cancel a whole sale: everything comes back. The same `client_ref` again gets the first void.

    A transaction code of the sale is free again when the money goes back the way it came. Refuses a sale of which
    anything came back before, and, as `reference_used`, money sent back with a transaction code in use.
    """
    return _written(sale_id, None, refund, shop, voucher, client_ref)


def _written(
    sale_id: int,
    lines: Sequence[ReturnedLine] | None,
    refund: Refund,
    shop: Shop,
    voucher: Voucher,
    client_ref: UUID | None,
) -> Return:
    """The return of these lines; without lines, the void."""
    if not voucher.note.strip():
        raise Refusal.invalid("reason", "Write why the goods come back.")
    if refund.type.is_on_account:
        raise Refusal.invalid("refund", "A debt is lowered by itself: choose how the rest is paid out.")
    voucher, client_ref = replace(voucher, note=voucher.note.strip()), client_ref or uuid4()
    write = partial(_write, sale_id, lines, refund, shop, voucher, client_ref)
    same = partial(_is_same, sale_id=sale_id, lines=lines, refund=refund, reason=voucher.note)
    try:
        return written_once(Return, client_ref, write, is_same=same)[0]
    except IntegrityError:
        paymentcodes.refuse_used([Tendered(refund.type, money.ZERO, refund.reference)], field="reference")
        raise


def _is_same(
    earlier: Return, *, sale_id: int, lines: Sequence[ReturnedLine] | None, refund: Refund, reason: str
) -> bool:
    """Whether the return is of the same goods, for the same reason, paid out in the same way."""
    written = {ReturnedLine(line.sale_line_id, line.quantity, line.is_damaged) for line in earlier.lines.all()}
    paid_out = [(each.type, each.reference) for each in earlier.tenders.all() if not each.is_on_account]
    return (
        (earlier.sale_id, earlier.is_void, earlier.reason) == (sale_id, lines is None, reason)
        and refund.drawer in (None, earlier.till_session_id)
        and (lines is None or written == set(lines))
        and all(means == (refund.type.code, refund.reference) for means in paid_out)
    )


def _write(
    sale_id: int,
    lines: Sequence[ReturnedLine] | None,
    refund: Refund,
    shop: Shop,
    voucher: Voucher,
    client_ref: UUID,
) -> Return:
    with transaction.atomic():
        till_session = sessions.lock_open(voucher, refund.drawer)
        sale = _lock(sale_id)
        customer = customer_ledger.lock(sale.customer_id) if sale.customer_id else None
        due = refunds.due(sale, lines, customer=customer, shop=shop)
        sale_return = Return.objects.create(
            client_ref=client_ref,
            sale=sale,
            voided_sale=sale if lines is None else None,
            reason=voucher.note,
            subtotal=due.totals.subtotal,
            rounding=due.totals.rounding,
            total=due.totals.total,
            till_session=till_session,
            returned_at=voucher.at,
            returned_on=voucher.on,
            returned_by=voucher.by,
        )
        numbered = replace(voucher, reference=sale_return.number)
        _write_lines(sale_return, due.parts, numbered)
        _write_refund(sale_return, due, customer, refund, numbered)
        if lines is None:
            codes = PaymentCode.objects.filter(tender__sale=sale, scheme=refund.type.code)
            paymentcodes.release(codes, at=voucher.at)
    return sale_return


def _lock(sale_id: int) -> Sale:
    sale = Sale.objects.select_for_update().filter(pk=sale_id).first()
    if sale is None:
        raise Refusal.invalid("sale", "There is no such sale.")
    return sale


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
    sale_return: Return, due: refunds.Due, customer: Customer | None, refund: Refund, voucher: Voucher
) -> None:
    """Lower the debt first, and pay the rest out."""
    paid_back = []
    if customer and due.off_debt:
        entry = customer_ledger.credit_note(customer, due.off_debt, voucher)
        paid_back.append(
            Tender(sale_return=sale_return, type=ON_ACCOUNT.code, amount=-due.off_debt, ledger_entry=entry)
        )
    if due.paid_out:
        _refuse_without_code(refund)
        paid_back.append(
            Tender(sale_return=sale_return, type=refund.type.code, amount=-due.paid_out, reference=refund.reference)
        )
    paymentcodes.hold(Tender.objects.bulk_create(paid_back))


def _refuse_without_code(refund: Refund) -> None:
    """Money that is sent back has a transaction code of its own, that of the sending."""
    pattern = refund.type.code_pattern
    if pattern and not pattern.fullmatch(refund.reference):
        raise Refusal.invalid("reference", refund.type.code_cure)
