"""What the till holds in memory: every product on sale, its packs, and the means of payment."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inventory.models import Pack, Product
from sales import tenders
from smartduka.models import Shop
from smartduka.quantity import Unit

RIGHTS = {
    "change_price": "sales.change_price",
    "sell_below_floor": "sales.sell_below_floor",
    "count_stock": "inventory.count_stock",
    "add_customer": "customers.add_customer",
}
"""What a till offers only to who may, and the permission for each."""

KEYS = (
    "id", "sku", "name", "barcode", "unit", "unit_label", "base_units", "price", "floor", "stock", "is_counted",
    "category", "packs",
)  # fmt: skip
"""What is said of each product."""


@dataclass(frozen=True)
class Catalogue:
    """The JSON text, and the version in it, which changes when anything else in it does."""

    version: str
    text: str


def read(shop: Shop, *, may: dict[str, bool], in_columns: bool = False) -> Catalogue:
    """The catalogue of `GET /till/catalogue.json`, in two queries.

    Prices are decimal strings, stock and sizes base units. `may` says which of the RIGHTS this cashier has, `floor`
    is the lowest price that may be charged without a reason.

    `products` is a list of them. In columns it is what that list says, turned: for each key the values of all
    products. Ten thousand products are a third smaller so, once they are compressed, and the till asks for that.
    """
    products = [*_products(may_change_price=may["change_price"])]
    content = {
        "currency": "KES",
        "rounding_step": shop.rounding_step,
        "may": may,
        "products": _columns(products) if in_columns else [dict(zip(KEYS, each, strict=True)) for each in products],
        "tenders": [_tender(each) for each in tenders.TYPES.values()],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    version = hashlib.sha256(text.encode()).hexdigest()[:16]
    # Not made a second time for the sake of its first key.
    return Catalogue(version, f'{{"version":"{version}",{text[1:]}')


def _products(*, may_change_price: bool) -> Iterator[tuple[Any, ...]]:
    """The values of each product on sale, in the order of KEYS."""
    packs = _packs()
    units = {unit.value: (unit.value, unit.symbol, unit.base_units) for unit in Unit}
    goods = Product.objects.active().values_list(
        "pk", "sku", "name", "barcode", "unit", "selling_price", "floor_price", "stock_quantity", "is_counted",
        "category__name",
    )  # fmt: skip
    for key, sku, name, barcode, unit, price, floor, stock, is_counted, category in goods:
        lowest = floor if floor is not None and may_change_price else price
        prices = f"{price:.2f}", f"{lowest:.2f}"
        yield key, sku, name, barcode, *units[unit], *prices, stock, is_counted, category, packs.get(key, [])


def _packs() -> dict[int, list[dict[str, Any]]]:
    """The packs on sale, the smallest first, by their product."""
    packs = defaultdict(list)
    rows = Pack.objects.active().order_by("size", "pk")
    for product, key, name, size, price, barcode in rows.values_list(
        "product", "pk", "name", "size", "selling_price", "barcode"
    ):
        packs[product].append({"id": key, "name": name, "size": size, "price": f"{price:.2f}", "barcode": barcode})
    return packs


def _columns(products: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {key: [product[at] for product in products] for at, key in enumerate(KEYS)}


def _tender(tender: tenders.TenderType) -> dict[str, Any]:
    return {
        "type": tender.code,
        "label": tender.label,
        "is_cash": tender.is_cash,
        "is_on_account": tender.is_on_account,
        "needs_code": tender.code_pattern is not None,
    }
