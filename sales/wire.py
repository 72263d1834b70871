"""The till's JSON, to the letter: a document becomes what is asked for, a sale or a customer becomes an answer.

Every number is a decimal string. Whatever is not as it should be is refused as `invalid`, with a sentence that
names the field; nothing that arrives here can raise anything else.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse

from customers import phones
from customers.models import Customer
from inventory.models import Pack, Product
from sales import tenders
from sales.checkout import SaleRequest
from sales.models import Sale
from sales.pricing import BasketLine
from sales.tenders import Tendered
from sales.wirefields import (
    Document,
    day,
    field,
    instant,
    invalid,
    is_key,
    key,
    key_or_zero,
    line_of,
    list_of,
    number_by,
    object_at,
    price,
    text_by,
)
from smartduka import money, quantity
from smartduka.once import parse_client_ref
from smartduka.quantity import Unit
from smartduka.refusals import Refusal

MOST_LINES = 300
MOST_TENDERS = 20
LONGEST_NOTE = 200
LONGEST_NAME = 80


class NewCustomer(NamedTuple):
    """Somebody who is to be known by name."""

    name: str
    phone: str | None


class ShelfCount(NamedTuple):
    """So many base units are there; `seen` is the newest movement that the person knew of, 0 for none."""

    client_ref: UUID
    product_id: int
    counted: int
    seen: int


def read_sale(document: object) -> SaleRequest:
    """The sale that the document asks for."""
    sale = object_at(document, "")
    lines = list_of(sale, "lines", MOST_LINES)
    if not lines:
        raise invalid("lines", "There is nothing to sell.")
    packs = _packs(lines)
    return SaleRequest(
        client_ref=field(sale, "client_ref", text_by(parse_client_ref)),
        lines=[_line(each, f"lines.{at}", packs) for at, each in enumerate(lines)],
        tenders=[_tender(each, f"tenders.{at}") for at, each in enumerate(list_of(sale, "tenders", MOST_TENDERS))],
        customer_id=field(sale, "customer", key, default=None),
        due_on=field(sale, "due_on", day, default=None),
        sold_at=field(sale, "sold_at", instant, default=None),
        note=field(sale, "note", line_of(LONGEST_NOTE), default=""),
        override_reason=field(sale, "override_reason", line_of(LONGEST_NOTE), default=""),
    )


def show_sale(sale: Sale, request: SaleRequest) -> Document:
    """What the till is told of the sale it asked for, the first time and every time it asks again."""
    change = money.total(each.amount for each in request.tenders) - sale.total
    return {
        "number": sale.number,
        "total": f"{sale.total:.2f}",
        "change": f"{change:.2f}",
        "url": reverse("sale", args=[sale.number]),
    }


def read_customer(document: Document) -> NewCustomer:
    """Whom the till asks to add."""
    return NewCustomer(
        name=field(document, "name", _name),
        phone=field(document, "phone", _phone, default=None),
    )


def show_customer(customer: Customer, balance: Decimal) -> Document:
    """Who a customer is, and what they owe and may owe."""
    return {
        "id": customer.pk,
        "name": customer.name,
        "phone": customer.phone_shown,
        "balance": f"{balance:.2f}",
        "credit_limit": f"{customer.credit_limit:.2f}",
    }


def read_count(document: Document) -> ShelfCount:
    """What the till asks to put into the books about a shelf that was looked at."""
    product = Product.objects.filter(pk=field(document, "product", key)).first()
    if product is None:
        raise Refusal.invalid("product", "There is no such product.")
    in_base = partial(_base_units, base_units=Unit(product.unit).base_units)
    return ShelfCount(
        client_ref=field(document, "client_ref", text_by(parse_client_ref)),
        product_id=product.pk,
        counted=field(document, "counted", in_base),
        seen=field(document, "seen", key_or_zero),
    )


def read_code(asked: Mapping[str, str]) -> tuple[tenders.TenderType, str]:
    """A transaction code about which the till asks, and the means of payment that it is of."""
    kind = field(asked, "type", _tender_type)
    if kind.code_pattern is None:
        raise invalid("type", f"{kind.label} has no codes.")
    return kind, field(asked, "code", text_by(partial(tenders.parse_reference, kind)))


def show_refusal(refusal: Refusal) -> Document:
    return {"error": {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}}


def _line(document: object, path: str, packs: dict[int, Pack]) -> BasketLine:
    line = object_at(document, path)
    pack_id = field(line, "pack", key, path, default=None)
    if pack_id is not None and pack_id not in packs:
        raise invalid(f"{path}.pack", "There is no such pack.")
    return BasketLine(
        product_id=field(line, "product", key, path),
        quantity=field(line, "quantity", number_by(quantity.parse_number), path, default=None),
        asked_amount=field(line, "amount", number_by(money.parse), path, default=None),
        pack=packs[pack_id] if pack_id is not None else None,
        unit_price=field(line, "unit_price", price, path, default=None),
        discount=field(line, "discount", number_by(money.parse), path, default=money.ZERO),
    )


def _tender(document: object, path: str) -> Tendered:
    tender = object_at(document, path)
    kind = field(tender, "type", _tender_type, path)
    amount = field(tender, "amount", number_by(money.parse), path)
    if not amount:
        raise invalid(f"{path}.amount", "The amount must be more than zero.")
    parse_reference = text_by(partial(tenders.parse_reference, kind))
    if kind.code_pattern and tender.get("reference") is None:
        raise invalid(f"{path}.reference", kind.code_cure)
    return Tendered(kind, amount, field(tender, "reference", parse_reference, path, default=""))


def _packs(lines: list[object]) -> dict[int, Pack]:
    """The packs that the lines name, in one query; none when no line names one."""
    wanted = {line["pack"] for line in lines if isinstance(line, dict) and is_key(line.get("pack"))}
    return Pack.objects.in_bulk(wanted) if wanted else {}


def _name(given: object) -> str:
    name = line_of(LONGEST_NAME)(given)
    if not name:
        raise ValueError("Write a name.")
    return name


def _phone(given: object) -> str | None:
    """An empty one is none."""
    typed = line_of(LONGEST_NOTE)(given)
    return phones.parse(typed) if typed else None


def _base_units(given: object, *, base_units: int) -> int:
    return quantity.to_base(number_by(quantity.parse_number_or_zero)(given), base_units)


def _tender_type(given: object) -> tenders.TenderType:
    if not isinstance(given, str) or given not in tenders.TYPES:
        raise ValueError(f"This must be one of {', '.join(tenders.TYPES)}.")
    return tenders.TYPES[given]
