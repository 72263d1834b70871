"""The shelf has the last word: what was counted, and what was lost.

Both verbs take `seen`, the newest movement of the product (0: none) when the person was asked. Thereby a form
that was sent twice is written once, and nobody counts a shelf that moved meanwhile.
"""

from functools import partial
from typing import Any

from django.db import transaction

from inventory import ledger
from inventory.counted import lock_counted
from inventory.models import Product, StockMovement
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
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


def count(product_id: int, counted: int, voucher: Voucher, *, seen: int) -> StockMovement:
    """From now on the books hold the `counted` base units. Refuses with StockMoved, and what is not counted."""
    return retried(partial(_count, product_id, counted, voucher, seen))


def write_off(product_id: int, quantity: int, voucher: Voucher, *, seen: int) -> StockMovement:
    """So many base units are damaged, expired or stolen. Refuses with InsufficientStock, and what is not counted."""
    return retried(partial(_write_off, product_id, quantity, voucher, seen))


def _count(product_id: int, counted: int, voucher: Voucher, seen: int) -> StockMovement:
    with transaction.atomic():
        product = lock_counted([product_id])[product_id]
        earlier = _sent_before(product, voucher, seen, reason=Reason.COUNT, quantity_after=counted)
        if earlier is None and product.movements.filter(pk__gt=seen).exists():
            raise StockMoved(product)
        return earlier or ledger.count(product, counted, voucher)


def _write_off(product_id: int, quantity: int, voucher: Voucher, seen: int) -> StockMovement:
    with transaction.atomic():
        product = lock_counted([product_id])[product_id]
        earlier = _sent_before(product, voucher, seen, reason=Reason.WRITE_OFF, quantity=-quantity)
        return earlier or ledger.write_off([ledger.Item(product, quantity)], voucher)[0]


def _sent_before(product: Product, voucher: Voucher, seen: int, **same: Any) -> StockMovement | None:
    """The movement that the same person wrote since `seen`, with the same words and numbers."""
    return product.movements.filter(pk__gt=seen, posted_by=voucher.by, note=voucher.note, **same).first()
