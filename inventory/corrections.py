"""The shelf has the last word: what was counted, and what was lost."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from inventory import ledger
from inventory.counted import lock_counted
from inventory.models import Product, StockMovement
from smartduka.ledger import Voucher
from smartduka.once import written_once
from smartduka.refusals import Refusal

Reason = StockMovement.Reason


class StockMoved(Refusal):
    """Goods came or went between the look at the shelf and the answer."""

    def __init__(self, product: Product) -> None:
        message = (
            f"While you counted, the stock of {product.name} moved: the books now say {product.stock_shown}. "
            "Look at the shelf again and send what it holds now."
        )
        super().__init__("stock_moved", message)


def count(
    product_id: int, counted: int, voucher: Voucher, *, seen: int, client_ref: UUID | None = None
) -> StockMovement:
    """As `count_once`, for who need not know whether the count is new."""
    return count_once(product_id, counted, voucher, seen=seen, client_ref=client_ref)[0]


def count_once(
    product_id: int, counted: int, voucher: Voucher, *, seen: int, client_ref: UUID | None = None
) -> tuple[StockMovement, bool]:
    """From now on the books hold the `counted` base units. The same `client_ref` again gets the first count.

    Answers the movement, and whether it is new.

    `seen` is the newest movement of the product (0: none) when the person was asked: nobody counts a shelf that
    moved meanwhile. Refuses with StockMoved, and what is not counted.
    """

    def write() -> StockMovement:
        with transaction.atomic():
            product = lock_counted([product_id])[product_id]
            if product.movements.filter(pk__gt=seen).exists():
                raise StockMoved(product)
            return ledger.count(product, counted, voucher, client_ref=client_ref)

    same = partial(_is_same, product_id=product_id, note=voucher.note, reason=Reason.COUNT, quantity_after=counted)
    return written_once(StockMovement, client_ref, write, is_same=same)


def write_off(product_id: int, quantity: int, voucher: Voucher, *, client_ref: UUID | None = None) -> StockMovement:
    """So many base units are damaged, expired or stolen. The same `client_ref` again gets the first write-off.

    Refuses with InsufficientStock, and what is not counted.
    """

    def write() -> StockMovement:
        with transaction.atomic():
            product = lock_counted([product_id])[product_id]
            return ledger.write_off([ledger.Item(product, quantity)], voucher, client_ref=client_ref)[0]

    same = partial(_is_same, product_id=product_id, note=voucher.note, reason=Reason.WRITE_OFF, quantity=-quantity)
    return written_once(StockMovement, client_ref, write, is_same=same)[0]


def _is_same(earlier: StockMovement, **wanted: Any) -> bool:
    return all(getattr(earlier, name) == value for name, value in wanted.items())
