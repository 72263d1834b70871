"""The database has the last word: around every door of Python, it refuses what cannot be true of a shelf."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db.models import ProtectedError

from inventory import corrections
from inventory.models import Product, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from smartduka.tests.builders import a_pack, a_product, a_voucher, what_is_written
from smartduka.tests.forgery import TWICE, forge, refused, rules_of

pytestmark = pytest.mark.django_db

# A second product starts with an empty shelf, for its stock is what its own movements say.
NEW = {"sku": "ANOTHER", "barcode": None, "stock_quantity": 0}
NEW_PACK = {"name": "Another", "barcode": None}
SIGN = "movement_sign_fits_reason"

CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("product_prices_not_negative", "bread", {**NEW, "buying_price": -1}),
    ("product_prices_not_negative", "bread", {**NEW, "selling_price": -1, "floor_price": None}),
    ("product_floor_not_above_price", "bread", {**NEW, "floor_price": Decimal("65.01")}),
    ("product_floor_not_above_price", "bread", {**NEW, "floor_price": -1}),
    ("product_average_cost_not_negative", "bread", {**NEW, "average_cost": -1}),
    ("product_unit_known", "bread", {**NEW, "unit": "bushel"}),
    ("pack_size_positive", "pack", {**NEW_PACK, "size": 0}),
    ("pack_price_not_negative", "pack", {**NEW_PACK, "selling_price": -1}),
    ("movement_cost_not_negative", "movement", {"unit_cost": -1}),
    *[(SIGN, "movement", {"reason": reason, "quantity": -1}) for reason in ("opening", "receipt", "sale_return")],
    *[(SIGN, "movement", {"reason": reason, "quantity": 1}) for reason in ("sale", "write_off")],
    *[
        (SIGN, "movement", {"reason": reason, "quantity": 0})
        for reason in ("opening", "receipt", "sale_return", "sale", "write_off")
    ],
    (SIGN, "movement", {"reason": "reversal", "quantity": 1}),
    (SIGN, "movement", {"reason": "magic", "quantity": 1}),
    ("receipt_total_not_negative", "receipt", {"total": -1, "client_ref": UUID(int=1)}),
    ("receipt_line_quantity_positive", "receipt_line", {"quantity": 0}),
    ("receipt_line_total_not_negative", "receipt_line", {"total": -1}),
]

ONCE: list[tuple[str, str, dict[str, Any]]] = [
    ("a SKU", "bread", {"barcode": None, "stock_quantity": 0}),
    ("a barcode", "bread", {"sku": "ANOTHER", "stock_quantity": 0}),
    ("a pack's barcode", "pack", {"name": "Another"}),
    ("pack_name_once_per_product", "pack", {"barcode": None}),
    ("a category", "category", {}),
    ("a supplier", "supplier", {}),
    ("a client_ref is one receipt", "receipt", {}),
    ("a client_ref is one movement", "counted", {}),
    ("a movement's receipt line", "receipt_line", {}),
]


@pytest.fixture
def rows(amina) -> SimpleNamespace:
    bread = a_product(price="65", floor_price=Decimal(60), barcode="6161100000017", by=amina)
    supplier = Supplier.objects.create(name="Mkate Ltd")
    receipt = receive_goods([ReceiptLine(bread.pk, 10, Decimal(50), 1)], a_voucher(amina), supplier=supplier)
    line = receipt.lines.get()
    bread.refresh_from_db()
    return SimpleNamespace(
        bread=bread,
        category=bread.category,
        supplier=supplier,
        pack=a_pack(bread, barcode="6161100000024"),
        receipt=receipt,
        receipt_line=line,
        movement=line.movement,
        counted=corrections.count(bread.pk, 10, a_voucher(amina), seen=line.movement.pk, client_ref=UUID(int=2)),
    )


@pytest.mark.parametrize(("rule", "row", "changes"), CHECKS)
def test_what_cannot_be_true_of_a_row_is_refused(rows, rule, row, changes):
    before = what_is_written()
    with refused(rule):
        forge(getattr(rows, row), **changes)
    assert what_is_written() == before


@pytest.mark.parametrize(("rule", "row", "changes"), ONCE, ids=[rule for rule, *_ in ONCE])
def test_what_there_is_once_is_refused_twice(rows, rule, row, changes):
    before = what_is_written()
    with refused(TWICE):
        forge(getattr(rows, row), **changes)
    assert what_is_written() == before


def test_every_rule_of_the_shelf_is_seen_to_hold():
    assert {rule for rule, *_ in CHECKS + ONCE if " " not in rule} == rules_of("inventory")


def test_stock_below_zero_is_refused(rows):
    with refused(""):  # whichever of its rules speaks first
        Product.objects.update(stock_quantity=-1)
    with refused(""):
        forge(rows.bread, **{**NEW, "stock_quantity": -1})
    with refused("check|out of range"):
        forge(rows.movement, quantity_after=-1)
    assert Product.objects.get().stock_quantity == 10


def test_a_movement_is_reversed_once(rows):
    answer = {"reason": "reversal", "quantity": -1, "reverses_id": rows.movement.pk}
    forge(rows.movement, **answer)
    with refused(TWICE):
        forge(rows.movement, **answer)


def test_goods_without_a_barcode_are_many(rows):
    for sku in ("ONE", "TWO"):
        forge(rows.bread, **{**NEW, "sku": sku})
    assert Product.objects.filter(barcode=None).count() == 2


@pytest.mark.parametrize("row", ["bread", "category", "supplier"])
def test_what_has_a_history_cannot_be_deleted(rows, row):
    with pytest.raises(ProtectedError):
        getattr(rows, row).delete()
