"""Counts and write-offs."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from inventory import corrections
from inventory.ledger import InsufficientStock
from smartduka.refusals import ClientRefReused, Refusal
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
    again = partial(corrections.count, bread.pk, 5, a_voucher(amina), seen=seen, client_ref=uuid4())
    first = again()
    before = what_is_written()
    assert again() == first
    assert what_is_written() == before


def test_a_count_that_agrees_and_was_sent_twice_is_written_once(amina, bread, seen):
    again = partial(corrections.count, bread.pk, 8, a_voucher(amina), seen=seen, client_ref=uuid4())
    assert again() == again()


def test_another_count_of_the_same_form_is_refused(amina, bread, seen):
    ref = uuid4()
    first = corrections.count(bread.pk, 5, a_voucher(amina), seen=seen, client_ref=ref)
    before = what_is_written()
    for counted, note in ((6, ""), (5, "again")):
        with pytest.raises(ClientRefReused, match=f"kept already as stock count {first.pk}"):
            corrections.count(bread.pk, counted, a_voucher(amina, note=note), seen=first.pk, client_ref=ref)
    assert what_is_written() == before


def test_two_people_who_count_differently_do_not_overrule_each_other(amina, otieno, bread, seen):
    corrections.count(bread.pk, 5, a_voucher(amina), seen=seen)
    with pytest.raises(corrections.StockMoved):
        corrections.count(bread.pk, 5, a_voucher(otieno), seen=seen)


def test_a_write_off_takes_goods_off_the_shelf(amina, bread):
    movement = corrections.write_off(bread.pk, 2, a_voucher(amina, note="mouldy"))
    assert (movement.reason, movement.quantity, movement.value) == ("write_off", -2, Decimal("-100.00"))
    bread.refresh_from_db()
    assert bread.stock_quantity == 6


def test_a_write_off_that_was_sent_twice_is_written_once(amina, bread):
    again = partial(corrections.write_off, bread.pk, 6, a_voucher(amina, note="mouldy"), client_ref=uuid4())
    first = again()
    before = what_is_written()
    assert again() == first
    assert what_is_written() == before


def test_two_write_offs_that_are_alike_are_two(amina, bread):
    voucher = a_voucher(amina, note="mouldy")
    one, other = (corrections.write_off(bread.pk, 2, voucher, client_ref=uuid4()) for _ in range(2))
    bread.refresh_from_db()
    assert (one != other, bread.stock_quantity) == (True, 4)


def test_another_write_off_of_the_same_form_is_refused(amina, bread):
    ref, tea = uuid4(), a_product("Tea", by=amina, stock="8")
    corrections.write_off(bread.pk, 2, a_voucher(amina, note="mouldy"), client_ref=ref)
    before = what_is_written()
    for product, quantity, note in ((bread, 1, "mouldy"), (bread, 2, "torn"), (tea, 2, "mouldy")):
        with pytest.raises(ClientRefReused):
            corrections.write_off(product.pk, quantity, a_voucher(amina, note=note), client_ref=ref)
    assert what_is_written() == before


def test_more_than_the_books_hold_is_not_written_off(amina, bread):
    before = what_is_written()
    with pytest.raises(InsufficientStock, match="The books say 8 of Bread, and 9 are wanted"):
        corrections.write_off(bread.pk, 9, a_voucher(amina))
    assert what_is_written() == before


def test_what_is_not_counted_is_neither_counted_nor_written_off(amina):
    airtime = a_product("Airtime", by=amina, is_counted=False)
    before = what_is_written()
    for verb in (partial(corrections.count, seen=0), corrections.write_off):
        with pytest.raises(Refusal, match="The stock of Airtime is not counted"):
            verb(airtime.pk, 1, a_voucher(amina))
        with pytest.raises(Refusal, match="no such product"):
            verb(airtime.pk + 1, 1, a_voucher(amina))
    assert what_is_written() == before


def test_a_shelf_worth_more_than_the_books_can_hold_is_refused(amina):
    safe = a_product("Safe", by=amina, cost="25000", stock="1")
    seen, before = safe.movements.first().pk, what_is_written()
    with pytest.raises(Refusal) as caught:
        corrections.count(safe.pk, 54_490_000, a_voucher(amina), seen=seen)
    assert caught.value.message == "The books cannot hold what 54,489,999 of Safe are worth."
    assert what_is_written() == before
    corrections.count(safe.pk, 40_000_000, a_voucher(amina), seen=seen)
    assert safe.movements.first().value == Decimal("999999975000.00")
