"""What was sold and what came back, held against the stock ledger."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q

from inventory.models import StockMovement
from sales import pricing
from sales.models import ReturnLine, SaleLine
from smartduka import money, quantity
from smartduka.databases.reading import in_chunks
from smartduka.references import reference


def sold() -> Iterator[str]:
    """Each line's total follows from its price, and its goods left the shelf then, at the line's cost."""
    posted = Q(
        movement__product=F("product"),
        movement__posted_at=F("sale__sold_at"),
        movement__posted_on=F("sale__sold_on"),
        movement__posted_by=F("sale__cashier"),
    )
    costed = Q(movement__unit_cost=F("unit_cost"), movement__value=-F("line_cost"))
    rows = SaleLine.objects.annotate(posted=posted, costed=costed).values_list(
        "pk", "sale", "unit", "quantity", "priced_per", "unit_price", "asked_amount", "discount", "line_total",
        "unit_cost", "line_cost", "movement", "movement__quantity", "movement__reason", "movement__reference",
        "posted", "costed",
    )  # fmt: skip
    for row in in_chunks(rows):
        pk, sale, unit, base, per, price, asked, discount, total, unit_cost, cost, movement, *rest = row
        *moved, posted, costed = rest
        yield from _priced(pk, base, per, price, asked=asked, discount=discount, total=total)
        if movement is None:
            yield from _uncounted(pk, unit, base, unit_cost=unit_cost, cost=cost)
            continue
        if not posted or moved != [-base, "sale", reference("S", sale)]:
            yield f"Sale line {pk}: its stock movement is not about what was sold."
        if not costed:
            yield f"Sale line {pk}: its cost is not that of its stock movement."


def returned() -> Iterator[str]:
    """Each return line follows from its sale line, and its goods came back then, at the cost at which they left."""
    posted = Q(
        movement__product=F("sale_line__product"),
        movement__posted_at=F("sale_return__returned_at"),
        movement__posted_on=F("sale_return__returned_on"),
        movement__posted_by=F("sale_return__returned_by"),
    )
    # A cost that nobody knew does not come back: the goods are put on the shelf at the average.
    costed = Q(sale_line__unit_cost=0) | Q(movement__unit_cost=F("sale_line__unit_cost"))
    rows = ReturnLine.objects.annotate(posted=posted, costed=costed).values_list(
        "pk", "sale_line", "quantity", "returned_before", "sold_quantity", "amount", "cost", "sale_return",
        "sale_return__sale", "sale_line__sale", "sale_line__quantity", "sale_line__line_total",
        "sale_line__line_cost", "sale_line__movement", "movement", "movement__quantity", "movement__reason",
        "movement__reference", "posted", "costed",
    )  # fmt: skip
    back: dict[int, int] = defaultdict(int)
    for row in in_chunks(rows):
        pk, line, base, before, copied, amount, cost, sale_return, sale, *of_line = row
        sale_of_line, quantity_sold, line_total, line_cost, left, came, *moved, posted, costed = of_line
        if (before, copied, sale) != (back[line], quantity_sold, sale_of_line):
            yield f"Return line {pk} does not follow from sale line {line}."
        back[line] += base
        for what, found, whole in (("amount", amount, line_total), ("cost", cost, line_cost)):
            share = pricing.share(whole, before + base, quantity_sold) - pricing.share(whole, before, quantity_sold)
            if found != share:
                yield f"Return line {pk}: its {what} is {found}, its share of sale line {line} is {share}."
        is_right = posted and costed and moved == [base, "sale_return", reference("R", sale_return)]
        if not is_right if left and came else left or came:
            yield f"Return line {pk}: its stock movement is not about what came back."


def orphans() -> Iterator[str]:
    """Nothing left the shelf as sold, or came back as returned, without a line that says so."""
    sold, returned = Q(reason="sale") | Q(reference__startswith="S-"), Q(reason="sale_return")
    returned |= Q(reference__startswith="R-") & ~Q(reason="write_off")
    without_line = Q(sold, sale_line=None) | Q(returned, return_line=None)
    rows = StockMovement.objects.filter(without_line).order_by("pk")
    for pk, number in rows.values_list("pk", "reference"):
        yield f"Stock movement {pk} names {number}, which has no line for it."


def _priced(
    pk: int, base: int, per: int, price: Decimal, *, asked: Decimal | None, discount: Decimal, total: Decimal
) -> Iterator[str]:
    """A line comes to its quantity at its price, or to the amount for which it was asked."""
    expected = (pricing.amount(base, per, price) if asked is None else asked) - discount
    if total != expected:
        yield f"Sale line {pk}: its total is {total}, its price makes it {expected}."
    if asked is not None and not (price and base == quantity.bought_for(asked, price, per)):
        yield f"Sale line {pk}: its quantity is {base}, which is not what {asked} buys at its price."


def _uncounted(pk: int, unit: str, base: int, *, unit_cost: Decimal, cost: Decimal) -> Iterator[str]:
    """Goods that are not counted have no movement, nor have those from before the stock ledger began."""
    expected = quantity.price(base, unit, unit_cost)
    # A cost that no book can hold was written as 0 when the ledger began.
    if cost != expected and expected <= money.LARGEST:
        yield f"Sale line {pk}: its cost is {cost}, its quantity and cost per unit make it {expected}."
