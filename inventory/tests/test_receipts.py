"""Goods that come in."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from inventory.models import GoodsReceipt, GoodsReceiptLine, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from smartduka.refusals import ClientRefReused, Refusal
from smartduka.tests.builders import a_pack, a_product, a_voucher, what_is_written

pytestmark = pytest.mark.django_db


def receipts_written():
    return GoodsReceipt.objects.count(), GoodsReceiptLine.objects.count(), what_is_written()


def test_a_receipt_moves_stock_and_average_and_sets_the_buying_price(amina):
    bread = a_product("Bread", by=amina, stock="8", cost="10", price="20")
    baker = Supplier.objects.create(name="Baker")

    receipt = receive_goods(
        [ReceiptLine(bread.pk, 4, cost=Decimal(16), cost_for=1)],
        a_voucher(amina, note="at dawn"),
        supplier=baker,
        supplier_reference="INV 7",
    )

    bread.refresh_from_db()
    assert (bread.stock_quantity, bread.average_cost, bread.buying_price) == (
        12,
        Decimal("12.0000"),
        Decimal("16.00"),
    )
    assert (receipt.total, receipt.supplier, receipt.supplier_reference) == (Decimal("64.00"), baker, "INV 7")
    assert receipt.number == f"GR-{receipt.pk:06d}"
    movement = receipt.lines.get().movement
    assert (movement.reference, movement.note, movement.posted_by) == (receipt.number, "at dawn", amina)
    assert (movement.quantity, movement.unit_cost, movement.value) == (4, Decimal("16.0000"), Decimal("64.00"))


def test_a_cost_is_for_a_pack_a_kilogram_or_the_whole_line(amina):
    soda = a_product("Soda", by=amina, sku="SODA")
    crate = a_pack(soda, "Crate of 24", size=24)
    sugar = a_product("Sugar", by=amina, sku="SUGAR", unit="kilogram")

    receipt = receive_goods(
        [
            ReceiptLine(soda.pk, 48, cost=Decimal("840.00"), cost_for=24, pack=crate),
            ReceiptLine(sugar.pk, 50_000, cost=Decimal("6500.00"), cost_for=50_000),
            ReceiptLine(sugar.pk, 1_500, cost=Decimal("133.33"), cost_for=1_000),
        ],
        a_voucher(amina),
    )

    assert [line.total for line in receipt.lines.all()] == [Decimal("1680.00"), Decimal("6500.00"), Decimal("200.00")]
    assert receipt.total == Decimal("8380.00")
    assert [line.movement.unit_cost for line in receipt.lines.all()] == [
        Decimal("35.0000"),
        Decimal("130.0000"),
        Decimal("133.3300"),
    ]
    for product, buying_price in ((soda, "35.00"), (sugar, "133.33")):
        product.refresh_from_db()
        assert product.buying_price == Decimal(buying_price)


def test_goods_that_came_free_leave_the_buying_price_as_it_is(amina):
    bread = a_product("Bread", by=amina, stock="10", cost="12")
    receive_goods([ReceiptLine(bread.pk, 2, cost=Decimal(0), cost_for=1)], a_voucher(amina))
    bread.refresh_from_db()
    assert (bread.stock_quantity, bread.average_cost, bread.buying_price) == (
        12,
        Decimal("10.0000"),
        Decimal("12.00"),
    )


def test_a_form_that_was_sent_twice_makes_one_receipt(amina):
    bread = a_product("Bread", by=amina, stock="8")
    lines = [ReceiptLine(bread.pk, 4, cost=Decimal(16), cost_for=1)]
    again = partial(receive_goods, lines, a_voucher(amina), supplier_reference="INV 7", client_ref=uuid4())
    first = again()
    before = receipts_written()
    assert again() == first
    assert receipts_written() == before


def test_two_receipts_that_are_alike_are_two(amina):
    bread = a_product("Bread", by=amina, stock="8")
    lines = [ReceiptLine(bread.pk, 4, cost=Decimal(16), cost_for=1)]
    one, other = (receive_goods(lines, a_voucher(amina), client_ref=uuid4()) for _ in range(2))
    bread.refresh_from_db()
    assert (one != other, bread.stock_quantity) == (True, 16)


def test_another_receipt_of_the_same_form_is_refused(amina):
    bread = a_product("Bread", by=amina, stock="8")
    baker, tray = Supplier.objects.create(name="Baker"), a_pack(bread, "Tray of 4", size=4)
    line, ref = ReceiptLine(bread.pk, 4, cost=Decimal(16), cost_for=1), uuid4()
    first = receive_goods([line], a_voucher(amina), supplier_reference="INV 7", client_ref=ref)
    before = receipts_written()
    for other, papers in (
        ([replace(line, quantity=5)], {}),
        ([replace(line, cost=Decimal(17))], {}),
        ([replace(line, pack=tray)], {}),
        ([line, line], {}),
        ([line], {"supplier_reference": "INV 8"}),
        ([line], {"supplier": baker}),
    ):
        with pytest.raises(ClientRefReused, match=first.number):
            receive_goods(other, a_voucher(amina), **{"supplier_reference": "INV 7", "client_ref": ref} | papers)
    assert receipts_written() == before


@pytest.mark.parametrize(
    ("unit", "quantity", "cost", "cost_for"),
    [
        ("piece", 1, "100000000.00", 1),
        ("kilogram", 1, "100000.00", 1),
        ("piece", 2_000_000_000, "6.00", 1),
        ("piece", 2_000_000_000, "0.01", 1),
    ],
    ids=["dear piece", "dear gram", "large total", "more than the books count"],
)
def test_what_the_books_cannot_hold_is_refused_and_nothing_is_written(amina, unit, quantity, cost, cost_for):
    product = a_product("Saffron", by=amina, stock="8", unit=unit)
    before = receipts_written()
    with pytest.raises(Refusal, match="the books can hold"):
        receive_goods([ReceiptLine(product.pk, quantity, Decimal(cost), cost_for)], a_voucher(amina))
    assert receipts_written() == before


def test_airtime_is_not_received(amina):
    airtime = a_product("Airtime", by=amina, is_counted=False)
    before = receipts_written()
    with pytest.raises(Refusal, match="not counted"):
        receive_goods([ReceiptLine(airtime.pk, 1, cost=Decimal(1), cost_for=1)], a_voucher(amina))
    with pytest.raises(Refusal, match="no such product"):
        receive_goods([ReceiptLine(airtime.pk + 1, 1, cost=Decimal(1), cost_for=1)], a_voucher(amina))
    with pytest.raises(Refusal, match="Nothing"):
        receive_goods([], a_voucher(amina))
    assert receipts_written() == before
