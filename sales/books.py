"""Do the books tie out? Every question an auditor would ask of the till, asked of every row."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from customers import ledger as customer_ledger
from customers.models import LedgerEntry
from inventory import ledger as stock_ledger
from inventory.models import StockMovement
from sales import pricing
from sales.models import Payment, Return, ReturnLine, Sale, SaleLine, Tender
from sales.tenders import ON_ACCOUNT
from smartduka import money
from smartduka.databases import append_only

_CHUNK = 2000


def audit() -> Iterator[str]:
    """A sentence for each difference in the two ledgers, the sales, the returns and the payments; none when clean."""
    return chain(
        _triggers(),
        stock_ledger.audit(),
        customer_ledger.audit(),
        _lines(),
        _goods(),
        _sales(),
        _returns(),
        _payments(),
        _debts(),
    )


def _triggers() -> Iterator[str]:
    """The database refuses to change a fact."""
    for name in append_only.missing():
        yield f"The trigger {name} is missing: run migrate, which installs it."


def _lines() -> Iterator[str]:
    """Each line's total follows from its price, and its goods left the shelf."""
    rows = SaleLine.objects.order_by("pk").values_list(
        "pk", "quantity", "priced_per", "unit_price", "discount", "line_total", "product",
        "movement__quantity", "movement__product", "movement__reason",
    )  # fmt: skip
    for pk, base, per, price, discount, total, product, moved, moved_product, reason in rows.iterator(_CHUNK):
        expected = pricing.amount(base, per, price) - discount
        if total != expected:
            yield f"Sale line {pk}: its total is {total}, its price makes it {expected}."
        if moved is not None and (moved, moved_product, reason) != (-base, product, "sale"):
            yield f"Sale line {pk}: its stock movement is not about what was sold."


def _goods() -> Iterator[str]:
    """Nothing left the shelf as sold, or came back as returned, without a line that says so."""
    for reason, line in (("sale", "sale_line"), ("sale_return", "return_line")):
        orphans = StockMovement.objects.filter(reason=reason, **{line: None}).order_by("pk")
        for pk, reference in orphans.values_list("pk", "reference"):
            yield f"Stock movement {pk} names {reference}, which has no line for it."


def _sales() -> Iterator[str]:
    """Each sale is the sum of its lines, rounded, and was paid exactly."""
    lines, tenders = SaleLine.objects.sums_by("sale", "line_total"), _tendered("sale")
    rows = Sale.objects.order_by("pk").values_list("pk", "subtotal", "rounding", "total")
    for pk, subtotal, rounding, total in rows.iterator(_CHUNK):
        yield from _ties_out(f"Sale {pk}", lines.get(pk), tenders.get(pk), subtotal, rounding, total)


def _returns() -> Iterator[str]:
    """Each return is the sum of its lines, rounded, and was paid out; no sale gave back more than was paid."""
    lines, tenders = ReturnLine.objects.sums_by("sale_return", "amount"), _tendered("sale_return")
    refunded: dict[int, Decimal] = defaultdict(lambda: money.ZERO)
    paid: dict[int, Decimal] = {}
    rows = Return.objects.order_by("pk").values_list("pk", "subtotal", "rounding", "total", "sale", "sale__total")
    for pk, subtotal, rounding, total, sale, sale_total in rows.iterator(_CHUNK):
        yield from _ties_out(f"Return {pk}", lines.get(pk), -tenders.get(pk, money.ZERO), subtotal, rounding, total)
        refunded[sale] += total
        paid[sale] = sale_total
    for sale, total in refunded.items():
        if total > paid[sale]:
            yield f"Sale {sale}: {total} was given back of {paid[sale]}."
    chains: dict[int, int] = defaultdict(int)
    parts = ReturnLine.objects.order_by("sale_line", "returned_before").values_list(
        "pk", "sale_line", "quantity", "returned_before", "sold_quantity", "sale_line__quantity", "sale_line__sale",
        "sale_return__sale",
    )  # fmt: skip
    for pk, line, base, before, copied, sold, sale_of_line, sale in parts.iterator(_CHUNK):
        if before != chains[line] or copied != sold or sale_of_line != sale:
            yield f"Return line {pk} does not follow from sale line {line}."
        chains[line] += base


def _payments() -> Iterator[str]:
    """Each payment was tendered exactly."""
    tenders = _tendered("payment")
    for pk, amount in Payment.objects.order_by("pk").values_list("pk", "amount").iterator(_CHUNK):
        if tenders.get(pk) != amount:
            yield f"Payment {pk}: it is {amount}, its tenders add up to {tenders.get(pk, money.ZERO)}."


def _debts() -> Iterator[str]:
    """Each tender that touches a debt, and no other, has its entry in the customer ledger, for the same amount."""
    rows = Tender.objects.order_by("pk").values_list("pk", "type", "amount", "payment", "ledger_entry__amount")
    for pk, kind, amount, payment, entry in rows.iterator(_CHUNK):
        expected = -amount if payment is not None else amount if kind == ON_ACCOUNT.code else None
        if entry != expected:
            yield f"Tender {pk}: its entry in the customer ledger is {entry}, and should be {expected}."
    orphans = LedgerEntry.objects.filter(tender__isnull=True, reference__regex=r"^[SRP]-").order_by("pk")
    for entry in orphans:
        yield f"Ledger entry {entry.pk} names {entry.reference}, which has no tender for it."


def _tendered(cause: str) -> dict[int, Decimal]:
    return Tender.objects.filter(**{f"{cause}__isnull": False}).sums_by(cause, "amount")


def _ties_out(
    name: str, lines: Decimal | None, tendered: Decimal | None, subtotal: Decimal, rounding: Decimal, total: Decimal
) -> Iterator[str]:
    if (lines or money.ZERO) != subtotal:
        yield f"{name}: its lines add up to {lines or money.ZERO}, its subtotal is {subtotal}."
    if subtotal + rounding != total:
        yield f"{name}: {subtotal} and a rounding of {rounding} are not its total, {total}."
    if (tendered or money.ZERO) != total:
        yield f"{name}: its tenders add up to {tendered or money.ZERO}, its total is {total}."
