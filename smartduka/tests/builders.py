"""Small shops for tests. Everything is posted through the ledgers, so no test can stand on an impossible shop."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection

from customers.models import Customer, LedgerEntry
from inventory.models import Category, GoodsReceipt, GoodsReceiptLine, Pack, Product, StockMovement
from inventory.receipts import ReceiptLine, receive_goods
from sales.checkout import SaleRequest, complete_sale
from sales.models import (
    CashMovement,
    Payment,
    PaymentCode,
    ReceiptPrint,
    Return,
    ReturnLine,
    Sale,
    SaleLine,
    Tender,
    TillSession,
)
from sales.pricing import BasketLine
from sales.tenders import TYPES, Tendered
from smartduka import events, periods, quantity
from smartduka.ledger import Voucher
from smartduka.models import Event, Shop
from smartduka.quantity import Unit

NOON = datetime(2026, 6, 23, 9, 0, tzinfo=UTC)
"""12:00 in Nairobi on Tuesday, 23 June 2026."""

FACTS = (
    Sale, SaleLine, ReceiptPrint, Return, ReturnLine, Payment, Tender, PaymentCode, LedgerEntry,
    StockMovement, GoodsReceipt, GoodsReceiptLine, Event, TillSession, CashMovement,
)  # fmt: skip


def a_user(name: str, role: str | None = None, **rights: bool) -> User:
    """Somebody who logs in with the password "karibu-duka"."""
    user = User.objects.create_user(name.lower(), password="karibu-duka", first_name=name, **rights)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def a_voucher(by: User, *, at: datetime = NOON, reference: str = "", note: str = "") -> Voucher:
    return Voucher(at=at, on=periods.shop_day(at), by=by, reference=reference, note=note)


def a_product(
    name: str = "Bread 400 g", *, by: User, stock: str = "0", price: str = "60", cost: str = "50", **fields: Any
) -> Product:
    """A product with so many units on the shelf, received at `cost` per unit."""
    category, _ = Category.objects.get_or_create(name=fields.pop("category", "Groceries"))
    sku = fields.pop("sku", name.upper().replace(" ", "-"))
    product = Product.objects.create(
        name=name, sku=sku, category=category, selling_price=Decimal(price), buying_price=Decimal(cost), **fields
    )
    if Decimal(stock):
        receive(product, stock, cost, by=by)
    product.refresh_from_db()
    return product


def a_pack(
    product: Product, name: str = "Carton of 12", *, size: int = 12, price: str = "660", **fields: Any
) -> Pack:
    """A pack; `size` is in base units."""
    return Pack.objects.create(product=product, name=name, size=size, selling_price=Decimal(price), **fields)


def receive(product: Product, units: str, cost: str, *, by: User, at: datetime = NOON) -> StockMovement:
    """A delivery of so many units at `cost` each. The buying price stays, so that a test may set both."""
    unit = Unit(product.unit)
    line = ReceiptLine(product.pk, quantity.parse(units, unit), cost=Decimal(cost), cost_for=unit.base_units)
    buying_price = Product.objects.get(pk=product.pk).buying_price
    receipt = receive_goods([line], a_voucher(by, at=at))
    Product.objects.filter(pk=product.pk).update(buying_price=buying_price)
    return receipt.lines.get().movement


def a_customer(name: str, *, limit: str = "0", phone: str | None = None, **fields: Any) -> Customer:
    return Customer.objects.create(name=name, credit_limit=Decimal(limit), phone=phone, **fields)


def a_line(product: Product, units: str = "1", *, pack: Pack | None = None, **fields: Any) -> BasketLine:
    return BasketLine(product.pk, Decimal(units), pack, **fields)


def by_shillings(product: Product, amount: str, **fields: Any) -> BasketLine:
    """As much of the product as the amount buys."""
    return BasketLine(product.pk, asked_amount=Decimal(amount), **fields)


def paid(amount: str, kind: str = "cash", reference: str = "") -> Tendered:
    return Tendered(TYPES[kind], Decimal(amount), reference)


def a_sale(
    lines: Sequence[BasketLine],
    tenders: Sequence[Tendered],
    *,
    by: User,
    customer: Customer | None = None,
    at: datetime = NOON,
    may_change_price: bool = False,
    may_sell_below_floor: bool = False,
    **fields: Any,
) -> Sale:
    """A sale rung up through the checkout."""
    request = SaleRequest(
        client_ref=fields.pop("client_ref", None) or uuid.uuid4(),
        lines=lines,
        tenders=tenders,
        customer_id=customer.pk if customer else None,
        **fields,
    )
    rights = {"may_change_price": may_change_price, "may_sell_below_floor": may_sell_below_floor}
    sale, _ = complete_sale(request, cashier=by, shop=Shop.current(), now=at, **rights)
    return sale


def what_is_written() -> dict[str, Any]:
    """How many facts of each kind and customers there are, and every stock: equal before and after a refusal."""
    counted = (*FACTS, Customer)
    counts = ", ".join(f"(SELECT COUNT(*) FROM {connection.ops.quote_name(each._meta.db_table)})" for each in counted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        written: dict[str, Any] = dict(zip((each.__name__ for each in counted), cursor.fetchone(), strict=True))
    written["stock"] = sorted(Product.objects.values_list("pk", "stock_quantity", "average_cost"))
    return written


def diary() -> list[tuple[str, str, str, str, str, str]]:
    """What was written down, in order, without the logins: kind, subject, fact, before, after and who."""
    changes = Event.objects.exclude(kind=events.LOGGED_IN).order_by("pk").select_related("by")
    return [(each.kind, each.subject, each.fact, each.before, each.after, each.who) for each in changes]
