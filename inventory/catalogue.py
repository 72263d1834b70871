"""What the shop deals in: the only writer of what people type about products, packs, categories and suppliers.

Each verb takes an instance as a form left it, new or old, with the names of the `fields` that were typed. What else
it takes comes from the page, and makes sending it twice harmless: `seen`, how the row was when it was shown; `since`,
the newest row when the form of a new one was.
"""

from collections.abc import Collection
from functools import partial
from typing import Any, TypeVar

from django.contrib.auth.models import User

from inventory import skus
from inventory.models import Category, Pack, Product, Supplier
from smartduka import events, masterdata, quantity
from smartduka.masterdata import Dossier, Fact
from smartduka.quantity import Unit
from smartduka.refusals import Refusal

Row = TypeVar("Row", Product, Pack, Category, Supplier)

PRODUCT = Dossier(
    subject=lambda product: f"{product.name} ({product.sku})",
    facts=[
        Fact("name", "name"),
        Fact("sku", "SKU"),
        Fact("barcode", "barcode"),
        Fact("category", "category"),
        Fact("unit", "unit"),
        Fact("selling_price", "selling price", events.PRICE_CHANGED),
        Fact("floor_price", "floor price", events.PRICE_CHANGED),
        Fact("buying_price", "buying price", events.PRICE_CHANGED),
        Fact(
            "low_stock_threshold",
            "low-stock threshold",
            show=lambda product: quantity.show(product.low_stock_threshold, product.unit),
        ),
        Fact("is_counted", "stock is counted"),
        Fact("is_active", "on sale"),
    ],
)
PACK = Dossier(
    subject=lambda pack: f"{pack.name} of {PRODUCT.subject(pack.product)}",
    facts=[
        Fact("product", "product"),
        Fact("name", "name"),
        Fact("size", "size", show=lambda pack: quantity.show(pack.size, pack.product.unit)),
        Fact("selling_price", "selling price", events.PRICE_CHANGED),
        Fact("barcode", "barcode"),
        Fact("is_active", "on sale"),
    ],
)
CATEGORY = Dossier(subject=lambda category: f"Category {category.name}", facts=[Fact("name", "name")])
SUPPLIER = Dossier(
    subject=lambda supplier: f"Supplier {supplier.name}",
    facts=[Fact("name", "name"), Fact("phone", "phone"), Fact("is_active", "active")],
)
_DOSSIERS: dict[type, Dossier] = {Product: PRODUCT, Pack: PACK, Category: CATEGORY, Supplier: SUPPLIER}


def save(
    row: Row, *, by: User | None, fields: Collection[str], seen: str | None = None, since: int | None = None
) -> Row:
    """The row, saved; or the one that was added when the same form was sent before.

    A new product without a SKU gets one made from its name. Refuses what somebody else changed since it was `seen`,
    what is taken, a barcode that is on another kind of row, another unit for goods that the books count already, and
    to stop counting goods that are on the shelf.
    """
    dossier = _DOSSIERS[type(row)]
    _refuse_shared_barcode(row)
    if not row._state.adding:
        check = partial(_refuse_another_count, row) if isinstance(row, Product) else None
        return masterdata.keep(row, dossier, by=by, fields=fields, seen=seen, check=check)
    typed = {*fields, "product"}
    if isinstance(row, Product) and not row.sku:
        row.sku = skus.propose(row.name, lambda sku: Product.objects.filter(sku=sku).exists())
        typed.discard("sku")
    return masterdata.add(row, dossier, by=by, earlier=partial(sent_before, row, typed, since))


def delete(row: Row, *, by: User | None) -> None:
    """Delete what nothing hangs on; refuses what has a history."""
    masterdata.delete(row, _DOSSIERS[type(row)], by=by)


def sent_before(row: Row, fields: Collection[str], since: int | None) -> Row | None:
    if since is None:
        return None
    return masterdata.twin(row, _DOSSIERS[type(row)].among(fields), since=since)


def _refuse_shared_barcode(row: Row) -> None:
    """Each table holds its own barcodes apart; a product and a pack must not share one either."""
    others: Any = {Product: Pack, Pack: Product}.get(type(row))
    barcode = getattr(row, "barcode", None)
    if others and barcode and others.objects.filter(barcode=barcode).exists():
        raise _invalid("barcode", f"This barcode is on a {others._meta.verbose_name}.")


def _refuse_another_count(product: Product, stored: Product) -> None:
    if product.unit != stored.unit and stored.movements.exists():
        raise _invalid("unit", f"The books count {stored} in {Unit(stored.unit).label}s. Make a new product instead.")
    if stored.stock_quantity and stored.is_counted and not product.is_counted:
        raise _invalid("is_counted", f"There is {stored.stock_shown} on the shelf: count or write it off first.")


def _invalid(field: str, message: str) -> Refusal:
    return Refusal("invalid", message, {field: message})
