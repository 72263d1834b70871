"""Receipts as people read them: one set of words for the page, the paper and a message.

What was sold never changes, and so neither does its receipt: it tells what the customer owed then, not now. Only what
came back since is added.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from customers.models import Customer
from sales import columns, pricing
from sales.models import Return, ReturnLine, Sale, SaleLine, Tender
from smartduka import money, quantity
from smartduka.models import Shop
from smartduka.names import called

NARROWEST = 32
"""Columns of the narrowest paper, 58 mm wide."""


@dataclass(frozen=True)
class Entry:
    """Something with what it comes to; `how` says quietly how that came about."""

    words: str
    amount: Decimal
    how: str = ""


@dataclass(frozen=True)
class Mention:
    """Another receipt to which this one refers."""

    number: str
    words: str
    address: str


@dataclass(frozen=True)
class Receipt:
    """Everything that stands on it, from the top to the bottom."""

    shop: Shop
    number: str
    mark: str
    """A word across it, such as VOID, or nothing."""
    facts: list[str]
    goods: list[Entry]
    sums: list[Entry]
    total: Entry
    tenders: list[Entry]
    standing: Entry | None = None
    """What the customer owes afterwards."""
    remarks: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    @property
    def qr(self) -> SafeString:
        """The number for a scanner, as a drawing with a white margin of its own, which dark pages need."""
        code = segno.make_qr(self.number, error="m")
        drawing = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, light="#fff", border=4)
        return mark_safe(drawing)  # noqa: S308 – drawn from a number such as S-000123


def of_sale(sale: Sale, shop: Shop, *, owed: Decimal | None) -> Receipt:
    """The receipt of a sale from `for_receipt`; `owed` is what its customer owed after it."""
    saved = money.total(map(_saved, sale.lines.all()))
    remarks = [f"You saved {money.show(saved)}."] if saved else []
    return Receipt(
        shop=shop,
        number=sale.number,
        mark="VOID" if any(each.is_void for each in sale.returns.all()) else "",
        facts=[_moment(sale.sold_at), f"Served by {called(sale.cashier)}", *_buyer(sale.customer)],
        goods=[Entry(line.product_name, line.line_total, _how_sold(line)) for line in sale.lines.all()],
        sums=_rounding(sale),
        total=Entry("Total KSh", sale.total),
        tenders=[Entry(f"{each.label} {each.reference}".strip(), abs(each.amount)) for each in sale.tenders.all()],
        standing=_standing(sale.customer, owed, sale.sold_at),
        remarks=remarks + ([sale.note] if sale.note else []),
        mentions=[_mention_of_return(each) for each in sale.returns.all()],
    )


def of_return(sale_return: Return, shop: Shop, *, owed: Decimal | None) -> Receipt:
    """The receipt of goods that came back, from `for_receipt`; `owed` is what the customer owed afterwards."""
    sale = sale_return.sale
    before = Mention(sale.number, f"sold {_moment(sale.sold_at)}", reverse("sale", args=[sale.number]))
    return Receipt(
        shop=shop,
        number=sale_return.number,
        mark="VOID" if sale_return.is_void else "RETURN",
        facts=[
            _moment(sale_return.returned_at),
            f"Taken back by {called(sale_return.returned_by)}",
            *_buyer(sale.customer),
        ],
        goods=[Entry(line.sale_line.product_name, line.amount, _how_back(line)) for line in sale_return.lines.all()],
        sums=_rounding(sale_return),
        total=Entry("Refund KSh", sale_return.total),
        tenders=[Entry(_way_back(each), -each.amount) for each in sale_return.tenders.all()],
        standing=_standing(sale.customer, owed, sale_return.returned_at),
        remarks=[f"Reason: {sale_return.reason}"],
        mentions=[before],
    )


def as_text(receipt: Receipt, *, wide: int = NARROWEST) -> str:
    """The receipt in lines of so many columns, for a message."""
    return "\n".join(_lines(receipt, wide))


def whatsapp(receipt: Receipt, customer: Customer | None) -> str:
    """The address that opens WhatsApp with the receipt written: to the customer, or to whom one chooses there."""
    phone = (customer.phone or "").removeprefix("+") if customer else ""
    # Between such marks, letters are all alike and columns stay columns.
    text = f"```{as_text(receipt).replace('`', chr(39))}```"
    return f"https://wa.me/{phone}?text={quote(text, safe='')}"


def _lines(receipt: Receipt, wide: int) -> Iterator[str]:
    shop, rule = receipt.shop, "-" * wide
    for words in filter(None, (shop.name, shop.phone, shop.kra_pin and f"PIN {shop.kra_pin}")):
        yield from columns.centred(words, wide)
    yield ""
    for words in filter(None, (receipt.number, receipt.mark, *receipt.facts)):
        yield from columns.wrapped(words, wide)
    yield rule
    for each in receipt.goods:
        yield from columns.wrapped(each.words, wide)
        yield from columns.paired(each.how, money.show(each.amount), wide, indent="  ")
    yield rule
    for each in (*receipt.sums, receipt.total, *receipt.tenders):
        yield from _paired(each, wide)
    if receipt.standing:
        yield from _paired(receipt.standing, wide)
    for words in (*receipt.remarks, *(f"{each.number}: {each.words}" for each in receipt.mentions)):
        yield from columns.wrapped(words, wide)
    if shop.receipt_footer:
        yield rule
        yield from columns.centred(shop.receipt_footer, wide)


def _paired(entry: Entry, wide: int) -> list[str]:
    return columns.paired(entry.words, money.show(entry.amount), wide)


def _how_sold(line: SaleLine) -> str:
    """ "3 × 65", "0.25 kg × 150 instead of 160, less 5", "0.125 kg for 20"."""
    said, is_changed = line.asked_shown, line.unit_price != line.list_price
    if line.asked_amount is None or is_changed:
        times = "×" if line.asked_amount is None and not line.pack_id else "at"
        said += f" {times} {money.show(line.unit_price)}"
    if is_changed:
        said += f" instead of {money.show(line.list_price)}"
    return f"{said}, less {money.show(line.discount)}" if line.discount else said


def _saved(line: SaleLine) -> Decimal:
    """What a lower price and the discount came to."""
    if line.unit_price >= line.list_price:
        return line.discount
    return pricing.amount(line.quantity, line.priced_per, line.list_price) - line.line_total


def _how_back(line: ReturnLine) -> str:
    """ "1 of 3", "0.25 kg of 1 kg, damaged"."""
    said = f"{line.quantity_shown} of {quantity.show(line.sold_quantity, line.sale_line.unit)}"
    return f"{said}, damaged" if line.is_damaged else said


def _way_back(tender: Tender) -> str:
    return "Off the debt" if tender.is_on_account else f"{tender.label} {tender.reference}".strip()


def _mention_of_return(sale_return: Return) -> Mention:
    goods = ", ".join(map(str, sale_return.lines.all()))
    what = "voided" if sale_return.is_void else f"{goods} returned"
    address = reverse("return-receipt", args=[sale_return.number])
    return Mention(sale_return.number, f"{what}, {money.show(sale_return.total)} back", address)


def _rounding(rounded: Sale | Return) -> list[Entry]:
    if not rounded.rounding:
        return []
    return [Entry("Subtotal", rounded.subtotal), Entry("Rounding", rounded.rounding)]


def _standing(customer: Customer | None, owed: Decimal | None, at: datetime) -> Entry | None:
    if customer is None or owed is None:
        return None
    how = "is in credit" if owed < 0 else "owes"
    return Entry(f"{customer.name} {how}, {date_format(timezone.localtime(at), 'j M Y')}", abs(owed))


def _buyer(customer: Customer | None) -> list[str]:
    return [f"Customer {customer.name}"] if customer else []


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "D j M Y, H:i")
