"""The stock ledger: the only writer of `StockMovement` and of a product's stock, average cost and last sale.

Every verb runs inside the caller's transaction, on products that `lock` returned:

    with transaction.atomic():
        products = ledger.lock([4, 7])
        ledger.issue([ledger.Item(products[4], 3)], Voucher(at=now, on=today, by=cashier, reference="S-000123"))

Quantities are base units. A batch is written in two statements, however many products it touches.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from inventory import costing
from inventory.models import Product, StockMovement
from smartduka import money, quantity
from smartduka.databases import writing
from smartduka.ledger import Voucher
from smartduka.refusals import Refusal

Reason = StockMovement.Reason

LARGEST_VALUE = Decimal("999999999999.99")
"""What one movement may be worth."""


class InsufficientStock(Refusal):
    """The books hold less than what is to leave the shelf."""

    def __init__(self, product: Product, wanted: int) -> None:
        held = quantity.show(product.stock_quantity, product.unit)
        message = f"The books say {held} of {product.name}, and {quantity.show(wanted, product.unit)} are wanted."
        super().__init__("insufficient_stock", message, {"quantity": message})
        self.product = product


@dataclass(frozen=True)
class Item:
    """So much of one locked product; `unit_cost` only where the verb says so."""

    product: Product
    quantity: int
    unit_cost: Decimal | None = None


def lock(product_ids: Iterable[int]) -> dict[int, Product]:
    """The products by primary key, locked until the transaction ends; those that do not exist are left out.

    One query, ordered by primary key, so that tills that sell the same goods wait for each other instead of
    blocking each other for ever.
    """
    wanted = Product.objects.select_for_update().filter(pk__in=set(product_ids)).order_by("pk")
    return {product.pk: product for product in wanted}


def receive(items: Sequence[Item], voucher: Voucher) -> list[StockMovement]:
    """Goods come in at `unit_cost`, which moves the average."""
    return _post(items, Reason.RECEIPT, voucher)


def issue(items: Sequence[Item], voucher: Voucher) -> list[StockMovement]:
    """Goods are sold at the average cost of now. Refuses with InsufficientStock."""
    return _post(_negative(items), Reason.SALE, voucher)


def take_back(items: Sequence[Item], voucher: Voucher) -> list[StockMovement]:
    """Sold goods come back at `unit_cost`, the cost at which they left."""
    return _post(items, Reason.SALE_RETURN, voucher)


def write_off(items: Sequence[Item], voucher: Voucher, *, client_ref: UUID | None = None) -> list[StockMovement]:
    """Goods are lost: damaged, expired, stolen; at `unit_cost` when that is known, else at the average of now.

    A `client_ref` is for a single item. Refuses with InsufficientStock.
    """
    return _post(_negative(items), Reason.WRITE_OFF, voucher, client_ref=client_ref)


def count(product: Product, counted: int, voucher: Voucher, *, client_ref: UUID | None = None) -> StockMovement:
    """The shelf was counted, and from now on the books say what it holds. A count that agrees is kept too."""
    variance = Item(product, counted - product.stock_quantity)
    return _post([variance], Reason.COUNT, voucher, client_ref=client_ref)[0]


def reverse(movement: StockMovement, voucher: Voucher) -> StockMovement:
    """Answer a mistaken movement by its opposite, at the cost it had. A movement is reversed once.

    `movement.product` must be the locked product. Refuses with InsufficientStock when the goods are gone.
    """
    if movement.reason == Reason.REVERSAL or StockMovement.objects.filter(reverses=movement).exists():
        raise Refusal("invalid", f"The {movement} is reversed already.")
    if movement.quantity == 0:
        raise Refusal("invalid", f"The {movement} changed nothing, so there is nothing to reverse.")
    item = Item(movement.product, -movement.quantity, unit_cost=movement.unit_cost)
    return _post([item], Reason.REVERSAL, voucher, reverses=movement)[0]


def _negative(items: Sequence[Item]) -> list[Item]:
    return [replace(item, quantity=-item.quantity) for item in items]


def _post(
    items: Sequence[Item],
    reason: StockMovement.Reason,
    voucher: Voucher,
    *,
    reverses: StockMovement | None = None,
    client_ref: UUID | None = None,
) -> list[StockMovement]:
    """Write one movement per item, in their order, and the products' new state."""
    _refuse_shortage(items)
    movements = []
    for item in items:
        product = item.product
        unit_cost = _apply(item, reason)
        movements.append(
            StockMovement(
                client_ref=client_ref,
                product=product,
                quantity=item.quantity,
                quantity_after=product.stock_quantity,
                unit_cost=unit_cost,
                value=_worth(item, unit_cost),
                reason=reason,
                reference=voucher.reference,
                note=voucher.note,
                reverses=reverses,
                posted_at=voucher.at,
                posted_on=voucher.on,
                posted_by=voucher.by,
            )
        )
        if reason == Reason.SALE:
            product.last_sold_at = max(voucher.at, product.last_sold_at or voucher.at)
    written = StockMovement.objects.bulk_create(movements)
    products = {item.product.pk: item.product for item in items}
    # Goods that leave at the average cost do not move it, and only a sale is a last sale.
    moved = ["stock_quantity"]
    moved += ["average_cost"] if any(item.unit_cost is not None for item in items) else []
    moved += ["last_sold_at"] if reason == Reason.SALE else []
    writing.update(list(products.values()), moved)
    return written


def _refuse_shortage(items: Sequence[Item]) -> None:
    """Asked of a batch as a whole, so that two lines of one product are told what they want together."""
    change: dict[Product, int] = defaultdict(int)
    for item in items:
        change[item.product] += item.quantity
    for product, quantity_moved in change.items():
        if product.stock_quantity + quantity_moved < 0:
            raise InsufficientStock(product, -quantity_moved)


def _worth(item: Item, unit_cost: Decimal) -> Decimal:
    """What the item moves in money, signed. Refuses more than a movement can be worth."""
    moved, unit = abs(item.quantity), item.product.unit
    value = quantity.price(moved, unit, unit_cost)
    if value > LARGEST_VALUE:
        shown = quantity.show(moved, unit)
        raise Refusal.invalid("quantity", f"The books cannot hold what {shown} of {item.product.name} are worth.")
    return value if item.quantity > 0 else -value


def _apply(item: Item, reason: StockMovement.Reason) -> Decimal:
    """Move the product in memory to its state after the item; the cost per unit at which it moved."""
    product, stock, cost = item.product, item.product.stock_quantity, item.product.average_cost
    after = stock + item.quantity
    if after > quantity.LARGEST:
        raise Refusal("invalid", f"There would be more of {product.name} than the books can hold.")
    if item.unit_cost is None:
        unit_cost = product.unit_cost
    else:
        unit_cost = money.to_cost(item.unit_cost)
        move = costing.after_incoming if item.quantity > 0 else costing.after_removal
        product.average_cost = move(stock=stock, average_cost=cost, quantity=abs(item.quantity), unit_cost=unit_cost)
    product.stock_quantity = after
    return unit_cost
