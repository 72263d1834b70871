"""Goods come in: a delivery becomes a goods receipt, stock movements at cost, and new buying prices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.db import transaction

from inventory import ledger
from inventory.counted import lock_counted
from inventory.models import GoodsReceipt, GoodsReceiptLine, Pack, Product, Supplier
from smartduka import money
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
from smartduka.quantity import Unit
from smartduka.refusals import Refusal

DEAREST = Decimal("99999999.99")
"""The highest cost per unit: a buying price's limit."""


@dataclass(frozen=True)
class ReceiptLine:
    """So much of a product, of which `cost_for` base units cost `cost`.

    A cost per kilogram is for 1000, one per carton of 12 is for 12, and one of the whole line for `quantity`.
    """

    product_id: int
    quantity: int
    cost: Decimal
    cost_for: int
    pack: Pack | None = None

    @property
    def total(self) -> Decimal:
        return money.to_cents(self.quantity * self.cost / self.cost_for)

    def unit_cost(self, unit: str) -> Decimal:
        return money.to_cost(Unit(unit).base_units * self.cost / self.cost_for)


def receive_goods(
    lines: Sequence[ReceiptLine],
    voucher: Voucher,
    *,
    supplier: Supplier | None = None,
    supplier_reference: str = "",
    seen: int | None = None,
) -> GoodsReceipt:
    """The receipt. Its movements carry its number, and each product's buying price follows what it cost now.

    Goods that came free leave the buying price as it is: a gift is no price. With `seen`, the newest movement of
    these products (0: none) when the person was asked, a form that was sent twice gets the first receipt.
    Refuses what is not counted, and a cost or a total that the books cannot hold.
    """
    return retried(partial(_receive, lines, voucher, supplier, supplier_reference, seen))


def _receive(
    lines: Sequence[ReceiptLine],
    voucher: Voucher,
    supplier: Supplier | None,
    supplier_reference: str,
    seen: int | None,
) -> GoodsReceipt:
    with transaction.atomic():
        products = lock_counted(line.product_id for line in lines)
        if seen is not None and (earlier := _sent_before(seen, lines, voucher, supplier, supplier_reference)):
            return earlier
        receipt = GoodsReceipt.objects.create(
            supplier=supplier,
            supplier_reference=supplier_reference,
            total=_checked_total(lines, products),
            received_at=voucher.at,
            received_on=voucher.on,
            received_by=voucher.by,
        )
        _write_lines(receipt, lines, products, replace(voucher, reference=receipt.number))
    return receipt


def _sent_before(
    seen: int, lines: Sequence[ReceiptLine], voucher: Voucher, supplier: Supplier | None, supplier_reference: str
) -> GoodsReceipt | None:
    """The receipt that the same person wrote since `seen`, with the same goods and papers."""
    goods = {line.product_id for line in lines}
    wanted = [(line.product_id, line.quantity, line.total) for line in lines]
    receipts = GoodsReceipt.objects.filter(
        pk__in=GoodsReceiptLine.objects.filter(movement__gt=seen, product__in=goods).values("receipt"),
        received_by=voucher.by,
        supplier=supplier,
        supplier_reference=supplier_reference,
    ).prefetch_related("lines")
    for receipt in receipts:
        if [(line.product_id, line.quantity, line.total) for line in receipt.lines.all()] == wanted:
            return receipt
    return None


def _checked_total(lines: Sequence[ReceiptLine], products: dict[int, Product]) -> Decimal:
    if not lines:
        raise Refusal("invalid", "Nothing was received.")
    for line in lines:
        product = products[line.product_id]
        if line.unit_cost(product.unit) > DEAREST:
            message = f"At this cost, {product.name} is dearer than the books can hold."
            raise Refusal("invalid", message, {"cost": message})
    total = money.total(line.total for line in lines)
    if total > money.LARGEST:
        raise Refusal("invalid", "The total is larger than the books can hold.")
    return total


def _write_lines(
    receipt: GoodsReceipt, lines: Sequence[ReceiptLine], products: dict[int, Product], voucher: Voucher
) -> None:
    items = []
    for line in lines:
        product = products[line.product_id]
        unit_cost = line.unit_cost(product.unit)
        items.append(ledger.Item(product, line.quantity, unit_cost))
        if line.cost:
            product.buying_price = money.to_cents(unit_cost)
    movements = ledger.receive(items, voucher)
    GoodsReceiptLine.objects.bulk_create(
        GoodsReceiptLine(
            receipt=receipt,
            product=products[line.product_id],
            pack=line.pack,
            quantity=line.quantity,
            total=line.total,
            movement=movement,
        )
        for line, movement in zip(lines, movements, strict=True)
    )
    Product.objects.bulk_update(products.values(), ["buying_price"])
