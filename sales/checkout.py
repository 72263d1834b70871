"""Ring up a sale: goods leave the stock ledger, debt enters the customer ledger, tenders and receipt are kept.

One transaction, locks in the house's order (till session, customer, products by primary key), and a number of
statements that does not depend on the number of lines.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from customers import ledger as customer_ledger
from customers.models import Customer, LedgerEntry
from inventory import ledger as stock_ledger
from inventory.models import StockMovement
from sales import paymentcodes, pricing, sessions
from sales.models import Sale, SaleLine, Tender
from sales.pricing import BasketLine, PricedLine, Rights
from sales.tenders import Tendered, settle
from smartduka import events, money, quantity, vouchers
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.once import written_once
from smartduka.refusals import Refusal

EARLIEST = timedelta(days=7)
"""How late a sale may reach the books after it was made, on a till that had no network."""
LATEST = timedelta(minutes=5)
"""How far ahead a till's clock may be."""
DEFAULT_TERM = timedelta(days=30)
"""When a charge without a due date is due."""
LONGEST_TERM = timedelta(days=366)
"""The latest that a charge can be due."""


@dataclass(frozen=True)
class SaleRequest:
    """What a till asks for; `client_ref` is made once per sale by the till, so that asking twice is harmless."""

    client_ref: UUID
    lines: Sequence[BasketLine]
    tenders: Sequence[Tendered]
    customer_id: int | None = None
    due_on: date | None = None
    sold_at: datetime | None = None
    note: str = ""
    override_reason: str = ""
    """Why something is sold below its floor."""


def complete_sale(
    request: SaleRequest,
    *,
    cashier: User,
    may_change_price: bool,
    may_sell_below_floor: bool = False,
    shop: Shop,
    now: datetime,
) -> tuple[Sale, bool]:
    """The sale, and whether it is new: the same request again gets the first sale, and writes nothing.

    Refuses, and writes nothing, with the codes insufficient_stock, credit_limit, tenders_do_not_match,
    price_below_floor, reference_used, client_ref_reused and invalid.
    """
    digest = fingerprint(request)
    rights = Rights(may_change_price, may_sell_below_floor, request.override_reason)
    write = partial(_write, request, digest, cashier=cashier, rights=rights, shop=shop, now=now)
    try:
        return written_once(Sale, request.client_ref, write, is_same=lambda earlier: earlier.fingerprint == digest)
    except IntegrityError:
        paymentcodes.refuse_used(request.tenders)
        raise


def fingerprint(request: SaleRequest) -> str:
    """A digest of what is sold, to whom and for what money, however it was spelled.

    What came to the wire later is left out where it is not used, so that a sale that a till asks for again after
    an upgrade is still the same sale.
    """
    content: list[Any] = [
        [str(value or "") for value in (request.customer_id, request.due_on)],
        request.sold_at.timestamp() if request.sold_at else "",
        [
            [
                line.product_id,
                line.pack.pk if line.pack else None,
                f"{line.quantity.normalize():f}" if line.quantity is not None else "",
                str(line.unit_price),
                str(line.discount),
                *([str(line.asked_amount)] if line.asked_amount is not None else []),
            ]
            for line in request.lines
        ],
        [[each.type.code, str(each.amount), each.reference] for each in request.tenders],
    ]
    if request.note or request.override_reason:
        content.append([request.note, request.override_reason])
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _write(request: SaleRequest, digest: str, *, cashier: User, rights: Rights, shop: Shop, now: datetime) -> Sale:
    sold = _voucher(request, cashier=cashier, shop=shop, now=now)
    with transaction.atomic():
        # However late a sale comes, it counts in the session that receives it.
        till_session = sessions.lock_open(vouchers.of(now, shop, by=cashier))
        customer = customer_ledger.lock(request.customer_id) if request.customer_id is not None else None
        lines = _priced(request.lines, rights)
        totals = pricing.totals(lines, rounding_step=shop.rounding_step)
        tendered = settle(request.tenders, totals.total)
        sale = Sale.objects.create(
            client_ref=request.client_ref,
            fingerprint=digest,
            cashier=sold.by,
            customer=customer,
            till_session=till_session,
            sold_at=sold.at,
            sold_on=sold.on,
            received_at=now,
            subtotal=totals.subtotal,
            rounding=totals.rounding,
            total=totals.total,
            note=request.note,
        )
        voucher = replace(sold, reference=sale.number)
        _write_lines(sale, lines, voucher)
        _write_tenders(sale, tendered, customer, voucher, due_on=request.due_on)
        _record_overrides(sale, lines, rights.reason, at=now)
    return sale


def _voucher(request: SaleRequest, *, cashier: User, shop: Shop, now: datetime) -> Voucher:
    sold_at = request.sold_at or now
    if sold_at > now + LATEST or sold_at < now - EARLIEST:
        message = "A sale is rung up at most 7 days late and 5 minutes ahead: is the clock right?"
        raise Refusal.invalid("sold_at", message)
    return vouchers.of(sold_at, shop, by=cashier)


def _priced(lines: Sequence[BasketLine], rights: Rights) -> list[PricedLine]:
    products = stock_ledger.lock(line.product_id for line in lines)
    priced = []
    for position, line in enumerate(lines):
        if line.product_id not in products:
            raise Refusal.invalid(f"lines.{position}.product", "There is no such product.")
        product = products[line.product_id]
        priced.append(pricing.price_line(line, product, rights=rights, field=f"lines.{position}"))
    return priced


def _write_lines(sale: Sale, lines: Sequence[PricedLine], voucher: Voucher) -> None:
    """The goods leave the shelf, each line at the cost it had; what is not counted has no movement."""
    counted = [stock_ledger.Item(line.product, line.quantity) for line in lines if line.product.is_counted]
    try:
        movements = iter(stock_ledger.issue(counted, voucher))
    except stock_ledger.InsufficientStock as refusal:
        short = [at for at, line in enumerate(lines) if line.product is refusal.product]
        refusal.fields = {f"lines.{at}.quantity": refusal.message for at in short}
        raise
    SaleLine.objects.bulk_create(
        _sale_line(sale, line, next(movements) if line.product.is_counted else None) for line in lines
    )


def _sale_line(sale: Sale, line: PricedLine, movement: StockMovement | None) -> SaleLine:
    product = line.product
    return SaleLine(
        sale=sale,
        product=product,
        pack=line.pack,
        product_name=product.name,
        unit=product.unit,
        sold_as=line.sold_as,
        priced_per=line.priced_per,
        quantity=line.quantity,
        list_price=line.list_price,
        unit_price=line.unit_price,
        asked_amount=line.asked_amount,
        discount=line.discount,
        line_total=line.total,
        unit_cost=movement.unit_cost if movement else product.unit_cost,
        line_cost=-movement.value if movement else quantity.price(line.quantity, product.unit, product.unit_cost),
        movement=movement,
    )


def _record_overrides(sale: Sale, lines: Sequence[PricedLine], reason: str, *, at: datetime) -> None:
    """What went below its floor stands in the diary: which sale and goods, the floor, the price charged, and why."""
    overrides = [
        events.Override(
            subject=f"{sale.number} {line.product.name}",
            fact="price",
            before=money.show(line.passed_floor),
            after=money.show(line.charged),
        )
        for line in lines
        if line.passed_floor is not None
    ]
    events.overridden(overrides, by=sale.cashier, reason=reason, at=at)


def _write_tenders(
    sale: Sale,
    tendered: Sequence[Tendered],
    customer: Customer | None,
    voucher: Voucher,
    *,
    due_on: date | None,
) -> None:
    on_account = money.total(each.amount for each in tendered if each.type.is_on_account)
    entry = _charge(customer, on_account, voucher, due_on=due_on) if on_account else None
    tenders = Tender.objects.bulk_create(
        Tender(
            sale=sale,
            type=each.type.code,
            amount=each.amount,
            reference=each.reference,
            ledger_entry=entry if each.type.is_on_account else None,
        )
        for each in tendered
    )
    paymentcodes.hold(tenders)


def _charge(customer: Customer | None, amount: Decimal, voucher: Voucher, *, due_on: date | None) -> LedgerEntry:
    if customer is None:
        raise Refusal.invalid("customer", "Choose a customer to sell on account.")
    due_on = due_on or voucher.on + DEFAULT_TERM
    if not voucher.on <= due_on <= voucher.on + LONGEST_TERM:
        raise Refusal.invalid("due_on", "A debt is due between the day of the sale and a year later.")
    return customer_ledger.charge(customer, amount, voucher, due_on=due_on)
