"""Only the first print of a receipt is the original."""

import pytest

from sales import prints
from sales.models import ReceiptPrint
from smartduka.tests.builders import NOON, a_line, a_product, a_sale, paid, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def sales(shop, amina, otieno):
    """Two sales of one bread each."""
    bread = a_product("Bread 400 g", stock="10", price="65", by=amina)
    return [a_sale([a_line(bread)], [paid("65")], by=otieno) for _ in range(2)]


def test_the_first_print_is_the_original_and_each_later_one_a_copy(sales, otieno, amina):
    people = [otieno, otieno, amina]
    printed = [prints.record(sales[0], at=NOON, by=who) for who in people]
    assert [each.ordinal for each in printed] == [prints.ORIGINAL, 2, 3]
    assert [(each.printed_by, each.printed_at) for each in printed] == [(who, NOON) for who in people]


def test_each_sale_has_an_original_of_its_own(sales, otieno):
    assert [prints.record(sale, at=NOON, by=otieno).ordinal for sale in sales] == [1, 1]


def test_printing_writes_nothing_else(sales, otieno):
    before = what_is_written()
    prints.record(sales[0], at=NOON, by=otieno)
    assert what_is_written() == before | {"ReceiptPrint": 1}
    assert str(ReceiptPrint.objects.get()) == f"{sales[0].pk} print 1"
