"""The stock ledger's verbs: what each writes, what the shelf and its cost are afterwards, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory import audit, ledger
from inventory.ledger import InsufficientStock, Item
from inventory.models import Product, StockMovement
from smartduka import quantity
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON, a_product, a_voucher, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_ledger_that_adds_up(db):
    """After every test."""
    yield
    assert list(audit.movements()) == []


@pytest.fixture
def bread(amina):
    """Eight that cost 10.00 each."""
    return a_product("Bread", stock="8", cost="10", price="20", by=amina)


@pytest.fixture
def post(amina):
    """Run a verb on locked products, as a caller must."""

    def post(verb, *items, at=NOON):
        with transaction.atomic():
            products = ledger.lock(product.pk for product, *_ in items)
            wanted = [Item(products[product.pk], *rest) for product, *rest in items]
            return verb(wanted, a_voucher(amina, at=at, reference="S-000001", note="Why"))

    return post


@pytest.fixture
def count(amina):
    def count(product, counted):
        with transaction.atomic():
            return ledger.count(ledger.lock([product.pk])[product.pk], counted, a_voucher(amina))

    return count


@pytest.fixture
def reverse(amina):
    def reverse(movement):
        with transaction.atomic():
            movement.product = ledger.lock([movement.product_id])[movement.product_id]
            return ledger.reverse(movement, a_voucher(amina))

    return reverse


def state(product) -> tuple[int, Decimal]:
    product.refresh_from_db()
    return product.stock_quantity, product.average_cost


def refused(work, message, kind=Refusal) -> None:
    before = what_is_written()
    with pytest.raises(kind) as caught:
        work()
    assert caught.value.message == message
    assert what_is_written() == before


def test_the_average_moves_with_what_comes_in_and_not_with_what_goes_out(post, bread):
    assert state(bread) == (8, Decimal("10.0000"))
    post(ledger.receive, (bread, 4, Decimal(16)))
    assert state(bread) == (12, Decimal("12.0000"))
    (issued,) = post(ledger.issue, (bread, 10))
    assert (issued.unit_cost, issued.value) == (Decimal("12.0000"), Decimal("-120.00"))
    assert state(bread) == (2, Decimal("12.0000"))
    post(ledger.receive, (bread, 2, Decimal(6)))
    assert state(bread) == (4, Decimal("9.0000"))


def test_a_movement_says_how_much_when_by_whom_and_what_for(post, bread, amina):
    (movement,) = post(ledger.issue, (bread, 3))
    movement.refresh_from_db()
    assert (movement.product, movement.quantity, movement.quantity_after) == (bread, -3, 5)
    assert (movement.reason, movement.reference, movement.note) == ("sale", "S-000001", "Why")
    assert (movement.posted_at, movement.posted_on, movement.posted_by) == (NOON, NOON.date(), amina)


@pytest.mark.parametrize(
    ("verb", "reason", "after"),
    [
        (ledger.receive, "receipt", 10),
        (ledger.take_back, "sale_return", 10),
        (ledger.issue, "sale", 6),
        (ledger.write_off, "write_off", 6),
    ],
)
def test_each_verb_has_its_reason_and_its_direction(post, bread, verb, reason, after):
    incoming = [Decimal(10)] if after == 10 else []
    (movement,) = post(verb, (bread, 2, *incoming))
    assert (movement.reason, state(bread)) == (reason, (after, Decimal("10.0000")))


def test_goods_that_come_back_count_at_the_cost_they_left_with(post, bread):
    post(ledger.take_back, (bread, 2, Decimal(5)))
    assert state(bread) == (10, Decimal("9.0000"))


def test_the_value_of_part_of_a_kilogram_is_rounded_to_cents_the_same_both_ways(post, amina):
    sugar = a_product("Sugar", stock="1", cost="131.59", unit="kilogram", by=amina)
    (out,) = post(ledger.issue, (sugar, 125))
    (back,) = post(ledger.take_back, (sugar, 125, out.unit_cost))
    assert (out.value, back.value) == (Decimal("-16.45"), Decimal("16.45"))


def test_goods_without_an_average_leave_at_the_buying_price(post, count, amina):
    soap = a_product("Soap", cost="30", by=amina)
    count(soap, 5)
    (movement,) = post(ledger.issue, (soap, 2))
    assert (movement.unit_cost, state(soap)) == (Decimal("30.0000"), (3, Decimal("0.0000")))


class TestABatch:
    def test_is_written_in_two_statements_however_long_it_is(self, post, amina):
        goods = [a_product(f"Goods {number}", stock="5", by=amina) for number in range(10)]
        for some in (goods[:2], goods):
            with CaptureQueriesContext(connection) as captured:
                post(ledger.issue, *[(product, 1) for product in some])
            written = [query for query in captured.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]
            assert len(written) == 2

    def test_may_name_one_product_twice(self, post, bread):
        movements = post(ledger.issue, (bread, 3), (bread, 4))
        assert [movement.quantity_after for movement in movements] == [5, 1]
        assert state(bread)[0] == 1

    def test_is_refused_whole_when_one_product_falls_short(self, post, bread, amina):
        soap = a_product("Soap", stock="1", by=amina)
        message = "The books say 1 of Soap, and 2 are wanted."
        refused(lambda: post(ledger.issue, (bread, 1), (soap, 2)), message, InsufficientStock)

    def test_is_told_what_it_wants_together(self, post, bread):
        message = "The books say 8 of Bread, and 9 are wanted."
        refused(lambda: post(ledger.issue, (bread, 5), (bread, 4)), message, InsufficientStock)

    def test_of_nothing_writes_nothing(self, post, bread):
        before = what_is_written()
        with transaction.atomic():
            assert ledger.issue([], None) == []
        assert what_is_written() == before


def test_products_are_locked_in_one_query_in_the_order_of_their_keys(amina):
    goods = [a_product(name, by=amina) for name in ("Tea", "Soap", "Bread")]
    asked = [goods[2].pk, goods[0].pk, 2**62, goods[1].pk, goods[0].pk]
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        locked = ledger.lock(asked)
    assert list(locked.values()) == goods
    (query,) = [query["sql"] for query in captured.captured_queries if "inventory_product" in query["sql"]]
    assert query.count("JOIN") == 0
    if connection.features.has_select_for_update:
        assert "FOR UPDATE" in query


class TestACount:
    @pytest.mark.parametrize(("counted", "variance"), [(5, -3), (11, 3), (8, 0), (0, -8)])
    def test_says_what_the_books_hold_from_now_on(self, count, bread, counted, variance):
        movement = count(bread, counted)
        assert (movement.reason, movement.quantity, movement.quantity_after) == ("count", variance, counted)
        assert (movement.unit_cost, movement.value) == (Decimal(10), Decimal(10 * variance))
        assert state(bread) == (counted, Decimal("10.0000"))

    def test_cannot_find_more_than_the_books_can_hold(self, count, bread):
        message = "There would be more of Bread than the books can hold."
        refused(lambda: count(bread, quantity.LARGEST + 1), message)

    def test_cannot_find_less_than_nothing(self, count, bread):
        refused(lambda: count(bread, -1), "The books say 8 of Bread, and 9 are wanted.", InsufficientStock)


class TestAReversal:
    def test_of_a_receipt_takes_the_goods_and_their_cost_out_again(self, post, reverse, bread):
        (received,) = post(ledger.receive, (bread, 4, Decimal(16)))
        movement = reverse(received)
        assert (movement.reason, movement.quantity, movement.reverses) == ("reversal", -4, received)
        assert movement.value == -received.value
        assert state(bread) == (8, Decimal("10.0000"))

    def test_of_a_write_off_puts_the_goods_back(self, post, reverse, bread):
        (lost,) = post(ledger.write_off, (bread, 3))
        reverse(lost)
        assert state(bread) == (8, Decimal("10.0000"))

    def test_is_made_once(self, post, reverse, bread):
        (lost,) = post(ledger.write_off, (bread, 3))
        reversal = reverse(lost)
        refused(lambda: reverse(lost), "The write-off S-000001 is reversed already.")
        refused(lambda: reverse(reversal), f"The reversal {reversal.pk} is reversed already.")

    def test_of_a_count_that_agreed_has_nothing_to_do(self, count, reverse, bread):
        movement = count(bread, 8)
        message = f"The stock count {movement.pk} changed nothing, so there is nothing to reverse."
        refused(lambda: reverse(movement), message)

    def test_of_goods_that_are_gone_is_refused(self, post, reverse, bread):
        (received,) = post(ledger.receive, (bread, 4, Decimal(16)))
        post(ledger.issue, (bread, 10))
        refused(lambda: reverse(received), "The books say 2 of Bread, and 4 are wanted.", InsufficientStock)


class TestTheLastSale:
    def test_is_when_it_was_sold_last_and_not_when_it_was_heard_of_last(self, post, bread):
        post(ledger.issue, (bread, 1), at=NOON)
        post(ledger.issue, (bread, 1), at=NOON - timedelta(hours=3))
        assert Product.objects.get().last_sold_at == NOON
        post(ledger.issue, (bread, 1), at=NOON + timedelta(hours=3))
        assert Product.objects.get().last_sold_at == NOON + timedelta(hours=3)

    def test_is_no_other_movement(self, post, count, bread):
        post(ledger.receive, (bread, 1, Decimal(10)))
        post(ledger.write_off, (bread, 1))
        count(bread, 3)
        assert Product.objects.get().last_sold_at is None
        assert StockMovement.objects.count() == 4
