"""The till's JSON, to the letter: a document becomes a `SaleRequest`, a sale becomes an answer.

Every number is a decimal string. Whatever is not as it should be is refused as `invalid`, with a sentence that
names the field; nothing that arrives here can raise anything else.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from inventory.models import Pack
from sales import tenders
from sales.checkout import SaleRequest
from sales.models import Sale
from sales.pricing import BasketLine
from sales.tenders import Tendered
from smartduka import money, quantity
from smartduka.once import parse_client_ref
from smartduka.refusals import Refusal

MOST_LINES = 300
MOST_TENDERS = 20
_LARGEST_KEY = 2**63 - 1
_NUMBER = re.compile(r"[0-9][0-9,.]*")

T = TypeVar("T")
Document = dict[str, Any]


def read_sale(document: object) -> SaleRequest:
    """The sale that the document asks for."""
    sale = _object(document, "")
    lines = _list(sale, "lines", MOST_LINES)
    if not lines:
        raise _invalid("lines", "There is nothing to sell.")
    packs = _packs(lines)
    return SaleRequest(
        client_ref=_field(sale, "client_ref", _text_by(parse_client_ref)),
        lines=[_line(each, f"lines.{at}", packs) for at, each in enumerate(lines)],
        tenders=[_tender(each, f"tenders.{at}") for at, each in enumerate(_list(sale, "tenders", MOST_TENDERS))],
        customer_id=_field(sale, "customer", _key, default=None),
        due_on=_field(sale, "due_on", _date, default=None),
        sold_at=_field(sale, "sold_at", _instant, default=None),
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


def show_refusal(refusal: Refusal) -> Document:
    return {"error": {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}}


_REQUIRED: Any = object()


def _field(source: Document, name: str, parse: Callable[[Any], T], path: str = "", default: Any = _REQUIRED) -> T:
    """The parsed value of a field; its default when it is absent or null and has one."""
    label = f"{path}.{name}" if path else name
    given = source.get(name)
    if given is None:
        if default is _REQUIRED:
            raise _invalid(label, "This is missing.")
        return default
    try:
        return parse(given)
    except ValueError as error:
        raise _invalid(label, str(error)) from None


def _line(document: object, path: str, packs: dict[int, Pack]) -> BasketLine:
    line = _object(document, path)
    pack_id = _field(line, "pack", _key, path, default=None)
    if pack_id is not None and pack_id not in packs:
        raise _invalid(f"{path}.pack", "There is no such pack.")
    return BasketLine(
        product_id=_field(line, "product", _key, path),
        quantity=_field(line, "quantity", _number_by(quantity.parse_number), path),
        pack=packs[pack_id] if pack_id is not None else None,
        unit_price=_field(line, "unit_price", _price, path, default=None),
        discount=_field(line, "discount", _number_by(money.parse), path, default=money.ZERO),
    )


def _tender(document: object, path: str) -> Tendered:
    tender = _object(document, path)
    kind = _field(tender, "type", _tender_type, path)
    amount = _field(tender, "amount", _number_by(money.parse), path)
    if not amount:
        raise _invalid(f"{path}.amount", "The amount must be more than zero.")
    parse_reference = _text_by(lambda text: tenders.parse_reference(kind, text))
    if kind.code_pattern and tender.get("reference") is None:
        raise _invalid(f"{path}.reference", kind.code_cure)
    return Tendered(kind, amount, _field(tender, "reference", parse_reference, path, default=""))


def _packs(lines: list[object]) -> dict[int, Pack]:
    """The packs that the lines name, in one query; none when no line names one."""
    wanted = {line["pack"] for line in lines if isinstance(line, dict) and _is_key(line.get("pack"))}
    return Pack.objects.in_bulk(wanted) if wanted else {}


def _object(document: object, path: str) -> Document:
    if not isinstance(document, dict):
        raise _invalid(path or "document", "This must be an object.")
    return document


def _list(source: Document, name: str, most: int) -> list[object]:
    given = source.get(name)
    if not isinstance(given, list):
        raise _invalid(name, "This must be a list.")
    if len(given) > most:
        raise _invalid(name, f"There are more than {most}.")
    return given


def _text_by(parse: Callable[[str], T]) -> Callable[[object], T]:
    def read(given: object) -> T:
        if not isinstance(given, str):
            raise ValueError("Write it as text, between quotes.")
        return parse(given)

    return read


def _number_by(parse: Callable[[str], Decimal]) -> Callable[[object], Decimal]:
    """As `parse`, which takes the one form of numbers there is, without the blanks that only people leave."""

    def read(text: str) -> Decimal:
        if not _NUMBER.fullmatch(text):
            raise ValueError("Write a number such as 1000.50.")
        return parse(text)

    return _text_by(read)


def _price(given: object) -> Decimal:
    price = _number_by(money.parse)(given)
    if price >= 10**8:
        raise ValueError("This price is too large.")
    return price


def _is_key(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _LARGEST_KEY


def _key(given: object) -> int:
    if not _is_key(given):
        raise ValueError("This must be the number of a row that exists.")
    return given  # type: ignore[return-value]


def _date(given: object) -> date:
    return _read_time(parse_date, given, "Write a date such as 2026-06-23.")


def _instant(given: object) -> datetime:
    cure = "Write a time with its offset, such as 2026-06-23T10:00:00+03:00."
    instant = _read_time(parse_datetime, given, cure)
    if instant.tzinfo is None:
        raise ValueError(cure)
    return instant


def _read_time(parse: Callable[[str], T | None], given: object, cure: str) -> T:
    try:
        moment = parse(given) if isinstance(given, str) and given.isascii() else None
    except ValueError:  # the 31st of February
        moment = None
    if moment is None:
        raise ValueError(cure)
    return moment


def _tender_type(given: object) -> tenders.TenderType:
    if not isinstance(given, str) or given not in tenders.TYPES:
        raise ValueError(f"This must be one of {', '.join(tenders.TYPES)}.")
    return tenders.TYPES[given]


def _invalid(field: str, message: str) -> Refusal:
    return Refusal("invalid", f"{_spoken(field)}: {message}", {field: message})


def _spoken(field: str) -> str:
    """ "lines.1.quantity" for people: "Line 2, quantity"."""
    parts = field.split(".")
    if len(parts) == 1:
        return field.replace("_", " ").capitalize()
    name, at, *rest = parts
    return ", ".join([f"{name.removesuffix('s').capitalize()} {int(at) + 1}", *(r.replace("_", " ") for r in rest)])
