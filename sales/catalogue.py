"""What the till holds in memory: every product on sale, its packs, and the means of payment."""

import hashlib
import json
from collections import defaultdict
from typing import Any

from inventory.models import Pack, Product
from sales import pricing, tenders
from smartduka.models import Shop
from smartduka.quantity import Unit

RIGHTS = {
    "change_price": "sales.change_price",
    "sell_below_floor": "sales.sell_below_floor",
    "count_stock": "inventory.count_stock",
    "add_customer": "customers.add_customer",
}
"""What a till offers only to who may, and the permission for each."""


def document(shop: Shop, *, may: dict[str, bool]) -> dict[str, Any]:
    """The catalogue of `GET /till/catalogue.json`, in two queries; `version` changes when anything in it does.

    Prices are decimal strings, stock and sizes base units. `may` says which of the RIGHTS this cashier has, `floor`
    is the lowest price that may be charged without a reason.
    """
    packs = defaultdict(list)
    for pack in Pack.objects.active().order_by("size", "pk"):
        packs[pack.product_id].append(pack)
    products = Product.objects.active().select_related("category")
    content = {
        "currency": "KES",
        "rounding_step": shop.rounding_step,
        "may": may,
        "products": [_product(each, packs[each.pk], may["change_price"]) for each in products],
        "tenders": [_tender(each) for each in tenders.TYPES.values()],
    }
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return {"version": digest[:16], **content}


def _product(product: Product, packs: list[Pack], may_change_price: bool) -> dict[str, Any]:
    unit = Unit(product.unit)
    floor = pricing.floor_price(product, None) if may_change_price else product.selling_price
    return {
        "id": product.pk,
        "sku": product.sku,
        "name": product.name,
        "barcode": product.barcode,
        "unit": unit.value,
        "unit_label": unit.symbol,
        "base_units": unit.base_units,
        "price": f"{product.selling_price:.2f}",
        "floor": f"{floor:.2f}",
        "stock": product.stock_quantity,
        "is_counted": product.is_counted,
        "category": product.category.name,
        "packs": [
            {
                "id": pack.pk,
                "name": pack.name,
                "size": pack.size,
                "price": f"{pack.selling_price:.2f}",
                "barcode": pack.barcode,
            }
            for pack in packs
        ],
    }


def _tender(tender: tenders.TenderType) -> dict[str, Any]:
    return {
        "type": tender.code,
        "label": tender.label,
        "is_cash": tender.is_cash,
        "is_on_account": tender.is_on_account,
        "needs_code": tender.code_pattern is not None,
    }
