"""Does the shelf tie out? Every movement is followed from the first, and every receipt held against its movements.

Each question is one statement, or bounded by what one statement said: it sees a sale or a delivery whole or not at
all. So goods that move during the audit raise no alarm, on any engine.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery

from inventory import costing
from inventory.models import GoodsReceipt, GoodsReceiptLine, Product, StockMovement
from smartduka import money, quantity
from smartduka.databases.reading import in_cents, in_chunks, sum_of_parts
from smartduka.quantity import Unit
from smartduka.references import reference

Reason = StockMovement.Reason

_AT_THE_AVERAGE = (Reason.SALE, Reason.COUNT)
"""These always move at the average cost of then, and leave it as it is."""


def movements() -> Iterator[str]:
    """A sentence for each product that is not where its movements lead, and each movement that does not follow."""
    # A movement is written in one transaction with the product's new state, under the product's lock.
    newest = StockMovement.objects.filter(product=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    products = Product.objects.annotate(newest=Subquery(newest)).values_list(
        "pk", "name", "unit", "stock_quantity", "average_cost", "newest"
    )
    for pk, name, unit, stock, average_cost, last in in_chunks(products):
        shelf = _Shelf(pk, unit)
        if last is not None:
            yield from _follow(shelf, last)
        if stock != shelf.stock:
            yield f"Product {pk} ({name}): stock is {stock}, its movements add up to {shelf.stock}."
        if last is not None and average_cost not in shelf.averages:
            led_to = " or ".join(str(each) for each in sorted(shelf.averages))
            yield f"Product {pk} ({name}): average cost is {average_cost}, its movements make it {led_to}."
    yield from _reversals()


def receipts() -> Iterator[str]:
    """A sentence for each goods receipt that is not the sum of its lines, or does not tell what came in."""
    totals = GoodsReceipt.objects.values_list("pk", "total", sum_of_parts(GoodsReceiptLine, "receipt", "total"))
    for pk, total, lines in in_chunks(totals):
        if total != in_cents(lines):
            yield f"Goods receipt {pk}: its lines add up to {in_cents(lines)}, its total is {total}."
    yield from _receipt_lines()
    named = StockMovement.objects.filter(Q(reason=Reason.RECEIPT) | Q(reference__startswith="GR-"))
    for pk, number in named.filter(receipt_line=None).order_by("pk").values_list("pk", "reference"):
        yield f"Stock movement {pk} names {number}, which has no line for it."


class _Shelf:
    """One product while its movements are followed.

    The rows do not tell whether it began with an average cost, as goods did that are older than the stock ledger,
    nor whether goods came back at a cost of their own while there was no average. So more than one average can be
    right, until a movement tells.
    """

    def __init__(self, product: int, unit: str) -> None:
        self.product = product
        self.unit = unit
        self.stock = 0
        self.averages = {money.to_cost(money.ZERO)}

    def begin(self, unit_cost: Decimal, reason: str) -> None:
        if reason in _AT_THE_AVERAGE:
            self.averages.add(unit_cost)

    def move(self, moved: int, unit_cost: Decimal, reason: str) -> bool:
        """Follow one movement. False when it moved at another cost than the average, and should not have."""
        fits = True
        if reason in _AT_THE_AVERAGE:
            # Without an average, the buying price of then counted.
            fitting = {average for average in self.averages if average in (0, unit_cost)}
            self.averages, fits = fitting or self.averages, bool(fitting)
        else:
            costed = {self._costed(average, moved, unit_cost) for average in self.averages}
            uncosted = {average for average in self.averages if not average and reason == Reason.SALE_RETURN}
            self.averages = costed | uncosted
        self.stock += moved
        return fits

    def _costed(self, average: Decimal, moved: int, unit_cost: Decimal) -> Decimal:
        """What leaves at the average does not move it; so this holds for a plain write-off too."""
        move = costing.after_incoming if moved > 0 else costing.after_removal
        return move(stock=self.stock, average_cost=average, quantity=abs(moved), unit_cost=unit_cost)


def _follow(shelf: _Shelf, last: int) -> Iterator[str]:
    rows = StockMovement.objects.filter(product=shelf.product, pk__lte=last).values_list(
        "pk", "quantity", "quantity_after", "unit_cost", "value", "reason"
    )
    base_units = Unit(shelf.unit).base_units
    for at, (pk, moved, after, unit_cost, value, reason) in enumerate(in_chunks(rows)):
        if at == 0:
            shelf.begin(unit_cost, reason)
        name = f"Movement {pk} of product {shelf.product}"
        if not shelf.move(moved, unit_cost, reason):
            averages = " or ".join(str(each) for each in sorted(shelf.averages))
            yield f"{name}: it moved at a cost of {unit_cost}, the average was {averages}."
        if after != shelf.stock:
            yield f"{name}: quantity after is {after}, the movements until then add up to {shelf.stock}."
        worth = money.to_cents(moved * unit_cost / base_units)
        if value != worth:
            yield f"{name}: its value is {value}, its quantity and cost make it {worth}."


def _reversals() -> Iterator[str]:
    broken = StockMovement.objects.filter(reverses__isnull=False).exclude(
        product=F("reverses__product"), quantity=-F("reverses__quantity"), unit_cost=F("reverses__unit_cost")
    )
    for pk, answered in broken.order_by("pk").values_list("pk", "reverses"):
        yield f"Movement {pk} does not reverse movement {answered}."


def _receipt_lines() -> Iterator[str]:
    """What the line says came in is what its movement put on the shelf, that day, at that cost."""
    same = Q(
        product=F("movement__product"),
        receipt__received_at=F("movement__posted_at"),
        receipt__received_on=F("movement__posted_on"),
        receipt__received_by=F("movement__posted_by"),
    )
    rows = GoodsReceiptLine.objects.annotate(same=same).values_list(
        "pk", "quantity", "total", "receipt", "product__unit", "same",
        "movement__quantity", "movement__reason", "movement__reference", "movement__value",
    )  # fmt: skip
    for pk, base, total, receipt, unit, is_same, moved, reason, number, value in in_chunks(rows):
        if not is_same or (moved, reason, number) != (base, Reason.RECEIPT, reference("GR", receipt)):
            yield f"Goods receipt line {pk}: its stock movement is not about what came in."
        # The cost per unit keeps four places, so many units come to a little more or less than was paid.
        if abs(total - value) > money.CENT + quantity.to_units(base, unit) * money.COST_PLACES / 2:
            yield f"Goods receipt line {pk}: it cost {total}, its stock movement is worth {value}."
