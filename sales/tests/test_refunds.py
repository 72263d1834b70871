"""What goods that come back are worth: to the cent, however a sale is split, and a debt before money."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers import ledger as customer_ledger
from inventory.models import Product
from sales import payments
from sales.tests.conftest import tendered
from smartduka import money
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_product, a_sale, a_voucher, paid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_that_tie_out")]


def test_a_price_after_discount_is_what_comes_back(take_back, bread, amina):
    Product.objects.update(floor_price=50)
    bargain = a_line(bread, "3", unit_price=Decimal(60), discount=Decimal(10))
    sale = a_sale([bargain], [paid("170")], by=amina, may_change_price=True)
    assert [take_back(sale, 1).total for _ in range(3)] == [Decimal(57), Decimal(56), Decimal(57)]


@pytest.mark.parametrize(
    ("step", "total", "parts"),
    [(1, "81", ["27", "27", "27"]), (5, "80", ["25", "30", "25"])],
    ids=["by ones", "by fives"],
)
def test_parts_are_rounded_so_that_together_they_are_the_whole(take_back, shop, amina, step, total, parts):
    Shop.objects.update(rounding_step=step)
    soap = a_product("Soap", stock="3", price="27.08", cost="20", by=amina)
    sale = a_sale([a_line(soap, "3")], [paid(total)], by=amina)
    assert (sale.subtotal, sale.total) == (Decimal("81.24"), Decimal(total))
    assert [take_back(sale, 1).total for _ in parts] == [Decimal(part) for part in parts]


def test_what_was_paid_comes_back_although_the_shop_rounds_otherwise_since(take_back, shop, amina):
    soap = a_product("Soap", stock="3", price="27.08", cost="20", by=amina)
    sales = [a_sale([a_line(soap)], [paid("27")], by=amina), a_sale([a_line(soap, "2")], [paid("54")], by=amina)]
    Shop.objects.update(rounding_step=5)
    assert [take_back(sales[0], 1).total, *(take_back(sales[1], 1).total for _ in range(2))] == [27, 25, 29]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    step=st.sampled_from([1, 5]),
    prices=st.lists(st.decimals("0.00", "400.00", places=2), min_size=1, max_size=3),
    costs=st.decimals("0.01", "400.00", places=2),
    split=st.lists(st.integers(1, 6), min_size=1, max_size=6),
)
def test_however_a_sale_is_split_its_returns_add_up_to_it(take_back, shop, amina, step, prices, costs, split):
    Shop.objects.update(rounding_step=step)
    count = Product.objects.count()
    goods = [
        a_product(f"Goods {count + at}", stock=str(sum(split)), price=str(price), cost=str(costs), by=amina)
        for at, price in enumerate(prices)
    ]
    basket = [a_line(product, str(sum(split))) for product in goods]
    due = sum(price * sum(split) for price in prices)
    tenders = [paid(str(total))] if (total := money.round_to_step(due, step)) else []
    sale = a_sale(basket, tenders, by=amina)
    came_back = [take_back(sale, *[each] * len(goods)) for each in split]
    assert sum(each.total for each in came_back) == sale.total
    assert sum(each.subtotal for each in came_back) == sale.subtotal
    assert all(each.total >= 0 for each in came_back)
    for line in sale.lines.all():
        assert sum(part.amount for part in line.return_lines.all()) == line.line_total
        assert sum(part.cost for part in line.return_lines.all()) == line.line_cost


class TestADebt:
    def test_is_lowered_first_and_the_rest_goes_out_in_money(self, take_back, bread, wanjiku, otieno):
        sale = a_sale([a_line(bread, "2")], [paid("30"), paid("100", "on_account")], customer=wanjiku, by=otieno)
        first = take_back(sale, 1)
        assert tendered(first) == [("on_account", Decimal("-65.00"))]
        entry = first.tenders.get().ledger_entry
        assert (entry.kind, entry.amount, entry.reference) == ("credit_note", Decimal("-65.00"), first.number)
        assert customer_ledger.balance(wanjiku) == Decimal("35.00")
        assert tendered(take_back(sale, 1)) == [("on_account", Decimal("-35.00")), ("cash", Decimal("-30.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("0.00")

    def test_that_was_repaid_goes_out_in_money(self, take_back, bread, wanjiku, otieno, amina):
        sale = a_sale([a_line(bread, "2")], [paid("130", "on_account")], customer=wanjiku, by=otieno)
        payments.receive_payment(wanjiku.pk, paid("90"), a_voucher(amina))
        assert tendered(take_back(sale, 2)) == [("on_account", Decimal("-40.00")), ("cash", Decimal("-90.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("0.00")

    def test_is_lowered_by_no_more_than_this_sale_put_on_it(self, take_back, bread, wanjiku, otieno):
        a_sale([a_line(bread, "2")], [paid("130", "on_account")], customer=wanjiku, by=otieno)
        sale = a_sale([a_line(bread, "2")], [paid("30"), paid("100", "on_account")], customer=wanjiku, by=otieno)
        take_back(sale, 1)
        assert tendered(take_back(sale, 1)) == [("on_account", Decimal("-35.00")), ("cash", Decimal("-30.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("130.00")

    def test_of_another_sale_stays(self, take_back, bread, wanjiku, otieno):
        a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
        in_cash = a_sale([a_line(bread)], [paid("65")], customer=wanjiku, by=otieno)
        assert tendered(take_back(in_cash, 1)) == [("cash", Decimal("-65.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("65.00")

    def test_is_not_lowered_below_nothing(self, take_back, bread, wanjiku, otieno, amina):
        sale = a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
        payments.receive_payment(wanjiku.pk, paid("100"), a_voucher(amina))
        assert tendered(take_back(sale, 1)) == [("cash", Decimal("-65.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("-35.00")
