"""Counts and write-offs."""

from decimal import Decimal

import pytest

from inventory import corrections
from inventory.ledger import InsufficientStock
from smartduka.refusals import Refusal
from smartduka.tests.builders import a_product, a_voucher, receive, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(amina):
    return a_product("Bread", by=amina, stock="8", cost="50")


@pytest.fixture
def seen(bread):
    return bread.movements.first().pk


def test_a_count_says_what_the_books_hold_from_now_on(amina, bread, seen):
    movement = corrections.count(bread.pk, 5, a_voucher(amina, note="top shelf"), seen=seen)
    assert (movement.reason, movement.quantity, movement.quantity_after) == ("count", -3, 5)
    assert (movement.value, movement.note, movement.posted_by) == (Decimal("-150.00"), "top shelf", amina)
    bread.refresh_from_db()
    assert bread.stock_quantity == 5


def test_an_empty_shelf_can_be_counted(amina, bread, seen):
    corrections.count(bread.pk, 0, a_voucher(amina), seen=seen)
    bread.refresh_from_db()
    assert bread.stock_quantity == 0


def test_a_product_without_movements_can_be_counted(amina):
    tea = a_product("Tea", by=amina)
    corrections.count(tea.pk, 4, a_voucher(amina), seen=0)
    tea.refresh_from_db()
    assert tea.stock_quantity == 4


def test_a_count_is_refused_when_the_shelf_moved_meanwhile(amina, bread, seen):
    receive(bread, "2", "50", by=amina)
    before = what_is_written()
    with pytest.raises(corrections.StockMoved, match="the books now say 10"):
        corrections.count(bread.pk, 5, a_voucher(amina), seen=seen)
    assert what_is_written() == before


def test_a_count_that_was_sent_twice_is_written_once(amina, bread, seen):
    first = corrections.count(bread.pk, 5, a_voucher(amina), seen=seen)
    before = what_is_written()
    assert corrections.count(bread.pk, 5, a_voucher(amina), seen=seen) == first
    assert what_is_written() == before


def test_two_people_who_count_differently_do_not_overrule_each_other(amina, otieno, bread, seen):
    corrections.count(bread.pk, 5, a_voucher(amina), seen=seen)
    with pytest.raises(corrections.StockMoved):
        corrections.count(bread.pk, 5, a_voucher(otieno), seen=seen)


def test_a_write_off_takes_goods_off_the_shelf(amina, bread, seen):
    movement = corrections.write_off(bread.pk, 2, a_voucher(amina, note="mouldy"), seen=seen)
    assert (movement.reason, movement.quantity, movement.value) == ("write_off", -2, Decimal("-100.00"))
    bread.refresh_from_db()
    assert bread.stock_quantity == 6


def test_a_write_off_that_was_sent_twice_is_written_once(amina, bread, seen):
    first = corrections.write_off(bread.pk, 6, a_voucher(amina, note="mouldy"), seen=seen)
    before = what_is_written()
    assert corrections.write_off(bread.pk, 6, a_voucher(amina, note="mouldy"), seen=seen) == first
    assert what_is_written() == before

    another = corrections.write_off(bread.pk, 1, a_voucher(amina, note="mouldy"), seen=seen)
    more_of_the_same = corrections.write_off(bread.pk, 1, a_voucher(amina, note="mouldy"), seen=another.pk)
    bread.refresh_from_db()
    assert (another != more_of_the_same, bread.stock_quantity) == (True, 0)


def test_more_than_the_books_hold_is_not_written_off(amina, bread, seen):
    before = what_is_written()
    with pytest.raises(InsufficientStock, match="The books say 8 of Bread, and 9 are wanted"):
        corrections.write_off(bread.pk, 9, a_voucher(amina), seen=seen)
    assert what_is_written() == before


def test_what_is_not_counted_is_neither_counted_nor_written_off(amina):
    airtime = a_product("Airtime", by=amina, is_counted=False)
    before = what_is_written()
    for verb in (corrections.count, corrections.write_off):
        with pytest.raises(Refusal, match="The stock of Airtime is not counted"):
            verb(airtime.pk, 1, a_voucher(amina), seen=0)
        with pytest.raises(Refusal, match="no such product"):
            verb(airtime.pk + 1, 1, a_voucher(amina), seen=0)
    assert what_is_written() == before
