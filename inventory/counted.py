"""Goods whose stock is counted: the only ones that are received, counted and written off."""

from collections.abc import Iterable

from inventory import ledger
from inventory.models import Product
from smartduka.refusals import Refusal


def lock_counted(product_ids: Iterable[int]) -> dict[int, Product]:
    """The products by primary key, locked as by the ledger. Refuses when one is missing or is not counted."""
    wanted = set(product_ids)
    products = ledger.lock(wanted)
    if len(products) < len(wanted):
        raise Refusal.invalid("product", "There is no such product.")
    for product in products.values():
        if not product.is_counted:
            raise Refusal.invalid("product", f"The stock of {product.name} is not counted.")
    return products
