"""Goods come in: a delivery becomes a goods receipt, stock movements at cost, and new buying prices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from inventory import ledger
from inventory.counted import lock_counted
from inventory.models import GoodsReceipt, GoodsReceiptLine, Pack, Product, Supplier
from smartduka import money
from smartduka.ledger import Voucher
from smartduka.once import written_once
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
    client_ref: UUID | None = None,
) -> GoodsReceipt:
    """The receipt. Its movements carry its number, and each product's buying price follows what it cost now.

    Goods that came free leave the buying price as it is: a gift is no price. The same `client_ref` again gets the
    first receipt. Refuses what is not counted, and a cost or a total that the books cannot hold.
    """
    client_ref = client_ref or uuid4()
    write = partial(_receive, lines, voucher, supplier, supplier_reference, client_ref)
    same = partial(_is_same, lines=lines, supplier=supplier, supplier_reference=supplier_reference)
    receipt, _ = written_once(GoodsReceipt, client_ref, write, is_same=same)
    return receipt


def _receive(
    lines: Sequence[ReceiptLine],
    voucher: Voucher,
    supplier: Supplier | None,
    supplier_reference: str,
    client_ref: UUID,
) -> GoodsReceipt:
    with transaction.atomic():
        products = lock_counted(line.product_id for line in lines)
        receipt = GoodsReceipt.objects.create(
            client_ref=client_ref,
            supplier=supplier,
            supplier_reference=supplier_reference,
            total=_checked_total(lines, products),
            received_at=voucher.at,
            received_on=voucher.on,
            received_by=voucher.by,
        )
        _write_lines(receipt, lines, products, replace(voucher, reference=receipt.number))
    return receipt


def _is_same(
    earlier: GoodsReceipt, *, lines: Sequence[ReceiptLine], supplier: Supplier | None, supplier_reference: str
) -> bool:
    """Whether the receipt is of the same goods and papers."""
    written = [(line.product_id, line.pack, line.quantity, line.total) for line in earlier.lines.all()]
    wanted = [(line.product_id, line.pack, line.quantity, line.total) for line in lines]
    papers = (earlier.supplier, earlier.supplier_reference)
    return written == wanted and papers == (supplier, supplier_reference)


def _checked_total(lines: Sequence[ReceiptLine], products: dict[int, Product]) -> Decimal:
    if not lines:
        raise Refusal("invalid", "Nothing was received.")
    for line in lines:
        product = products[line.product_id]
        if line.unit_cost(product.unit) > DEAREST:
            message = f"At this cost, {product.name} is dearer than the books can hold."
            raise Refusal.invalid("cost", message)
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
