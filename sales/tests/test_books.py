"""The audit finds every kind of difference, and nothing in books that are clean."""

from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from customers.models import Customer, LedgerEntry
from inventory.models import Product
from sales.models import Return
from sales.tests.trade import Trade, a_trade, differences, forge, lose
from smartduka.databases import append_only

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(amina: User, otieno: User, wanjiku: Customer) -> Trade:
    return a_trade(amina, otieno, wanjiku)


@pytest.fixture(scope="module", autouse=True)
def without_triggers(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database lets forgers work. Around the whole file, for MariaDB cannot do it inside a transaction."""
    with django_db_blocker.unblock(), append_only.lifted():
        yield


@pytest.fixture(autouse=True)
def missed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forger who knows the trade puts the triggers back."""
    monkeypatch.setattr(append_only, "missing", list)


def the_difference() -> str:
    """The only one there is."""
    found = differences()
    assert len(found) == 1, found
    return found[0]


def test_books_in_which_one_of_everything_happened_are_clean(trade):
    assert differences() == []


def test_a_trigger_that_is_gone(trade, monkeypatch):
    monkeypatch.setattr(append_only, "missing", lambda: ["append_only_sales_sale_update"])
    assert the_difference() == (
        "The trigger append_only_sales_sale_update is missing: run migrate, which installs it."
    )


class TestTheStockLedger:
    def test_stock_that_is_not_the_sum_of_its_movements(self, trade):
        forge(trade.bread, stock_quantity=7)
        assert the_difference() == f"Product {trade.bread.pk} (Bread 400 g): stock is 7, its movements add up to 6."

    def test_a_product_with_stock_and_no_movement(self, trade):
        product = Product.objects.get(sku="AIRTIME-50")
        forge(product, stock_quantity=3)
        assert the_difference() == f"Product {product.pk} (Airtime 50): stock is 3, its movements add up to 0."

    def test_a_movement_after_which_another_quantity_was_left(self, trade):
        second = trade.bread.movements.order_by("pk")[1]
        forge(second, quantity_after=9)
        assert the_difference() == (
            f"Movement {second.pk} of product {trade.bread.pk}: "
            "quantity after is 9, the movements until then add up to 8."
        )


class TestTheCustomerLedger:
    def test_a_reversal_that_is_not_the_opposite_of_its_entry(self, trade):
        entry = LedgerEntry.objects.get(kind="reversal")
        forge(entry, amount=Decimal(4))
        assert differences()[0] == (
            f"Ledger entry {entry.pk} of customer {entry.customer_id} (4.00) does not reverse "
            f"entry {entry.reverses_id} of customer {entry.customer_id} (-5.00)."
        )

    def test_a_reversal_in_the_account_of_somebody_else(self, trade, juma):
        entry = LedgerEntry.objects.get(kind="reversal")
        forge(entry, customer=juma)
        assert differences()[0] == (
            f"Ledger entry {entry.pk} of customer {juma.pk} (5.00) does not reverse "
            f"entry {entry.reverses_id} of customer {entry.reverses.customer_id} (-5.00)."
        )

    def test_a_debt_that_is_not_what_was_put_on_account(self, trade):
        tender = trade.credit_sale.tenders.get(type="on_account")
        forge(tender.ledger_entry, amount=Decimal("100.01"))
        assert (
            the_difference()
            == f"Tender {tender.pk}: its entry in the customer ledger is 100.01, and should be 100.00."
        )

    def test_a_sale_on_account_without_a_debt(self, trade):
        tender = trade.credit_sale.tenders.get(type="on_account")
        forge(tender, ledger_entry=None)
        assert differences() == [
            f"Tender {tender.pk}: its entry in the customer ledger is None, and should be 100.00.",
            f"Ledger entry {tender.ledger_entry_id} names {trade.credit_sale.number}, which has no tender for it.",
        ]

    def test_a_repayment_that_lowers_the_debt_by_another_amount(self, trade):
        tender = trade.payment.tenders.get()
        forge(tender.ledger_entry, amount=Decimal(-70))
        assert (
            the_difference()
            == f"Tender {tender.pk}: its entry in the customer ledger is -70.00, and should be -60.00."
        )


class TestSales:
    def test_a_line_that_does_not_follow_from_its_price(self, trade):
        line = trade.credit_sale.lines.get()
        forge(line, unit_price=Decimal(60))
        assert the_difference() == f"Sale line {line.pk}: its total is 195.00, its price makes it 180.00."

    @pytest.mark.parametrize(
        ("what", "value"), [("reason", "write_off"), ("quantity", -4), ("product", "SUGAR")], ids=str
    )
    def test_goods_that_left_otherwise_than_they_were_sold(self, trade, what, value):
        line = trade.credit_sale.lines.get()
        forge(line.movement, **{what: Product.objects.get(sku=value) if what == "product" else value})
        assert f"Sale line {line.pk}: its stock movement is not about what was sold." in differences()

    def test_a_sale_that_lost_a_line(self, trade):
        lose(trade.cash_sale.lines.last())
        assert the_difference() == f"Sale {trade.cash_sale.pk}: its lines add up to 150.25, its subtotal is 200.25."

    def test_a_sale_that_lost_all_its_lines(self, trade):
        line = trade.credit_sale.lines.get()
        lose(line)
        assert differences() == [
            f"Stock movement {line.movement_id} names {trade.credit_sale.number}, which has no line for it.",
            f"Sale {trade.credit_sale.pk}: its lines add up to 0.00, its subtotal is 195.00.",
        ]

    def test_a_line_that_no_longer_knows_how_its_goods_left(self, trade):
        line = trade.credit_sale.lines.get()
        forge(line, movement=None)
        assert the_difference() == (
            f"Stock movement {line.movement_id} names {trade.credit_sale.number}, which has no line for it."
        )

    def test_a_rounding_that_does_not_lead_to_the_total(self, trade):
        forge(trade.cash_sale, rounding=Decimal("0.75"))
        assert (
            the_difference() == f"Sale {trade.cash_sale.pk}: 200.25 and a rounding of 0.75 are not its total, 200.00."
        )

    def test_a_sale_that_was_not_paid_exactly(self, trade):
        change = trade.cash_sale.tenders.get(amount__lt=0)
        forge(change, amount=Decimal("-299.99"))
        assert the_difference() == f"Sale {trade.cash_sale.pk}: its tenders add up to 200.01, its total is 200.00."

    def test_a_sale_that_was_not_paid_at_all(self, trade):
        for tender in trade.cash_sale.tenders.all():
            lose(tender)
        assert the_difference() == f"Sale {trade.cash_sale.pk}: its tenders add up to 0.00, its total is 200.00."


class TestReturns:
    def test_a_return_that_is_not_the_sum_of_its_lines(self, trade):
        forge(trade.sale_return.lines.get(), amount=Decimal(64))
        part = trade.sale_return.lines.get()
        assert differences() == [
            f"Return line {part.pk}: its amount is 64.00, its share of sale line {part.sale_line_id} is 65.00.",
            f"Return {trade.sale_return.pk}: its lines add up to 64.00, its subtotal is 65.00.",
        ]

    def test_a_return_that_was_not_paid_out_exactly(self, trade):
        forge(trade.sale_return.tenders.get(), amount=Decimal(-66))
        assert the_difference() == f"Return {trade.sale_return.pk}: its tenders add up to 66.00, its total is 65.00."

    def test_more_given_back_than_was_paid(self, trade):
        part = trade.sale_return
        forge(part, subtotal=Decimal(201), total=Decimal(201))
        forge(part.lines.get(), amount=Decimal(201))
        forge(part.tenders.get(), amount=Decimal(-201))
        assert f"Sale {trade.cash_sale.pk}: 201.00 was given back of 200.00." in differences()

    @pytest.mark.parametrize("what", ["returned_before", "sold_quantity", "sale_return"])
    def test_a_return_line_that_does_not_follow_from_its_sale_line(self, trade, what):
        part = trade.sale_return.lines.get()
        values = {
            "returned_before": 1,
            "sold_quantity": 3,
            "sale_return": Return.objects.exclude(sale=trade.cash_sale).get(),
        }
        forge(part, **{what: values[what]})
        assert f"Return line {part.pk} does not follow from sale line {part.sale_line_id}." in differences()


class TestPayments:
    def test_a_payment_that_was_not_tendered_exactly(self, trade):
        forge(trade.payment, amount=Decimal(61))
        assert the_difference() == f"Payment {trade.payment.pk}: it is 61.00, its tenders add up to 60.00."

    def test_a_reversal_that_was_not_paid_out(self, trade):
        entry = trade.reversal.tenders.get().ledger_entry
        lose(trade.reversal.tenders.get())
        assert differences() == [
            f"Payment {trade.reversal.pk}: it is -5.00, its tenders add up to 0.00.",
            f"Ledger entry {entry.pk} names {trade.reversal.number}, which has no tender for it.",
        ]


class TestTheCommand:
    def test_it_is_silent_about_clean_books(self, trade):
        said, complained = StringIO(), StringIO()
        call_command("check_books", stdout=said, stderr=complained)
        assert (said.getvalue(), complained.getvalue()) == ("", "")

    def test_it_lists_every_difference_and_exits_with_1(self, trade):
        forge(trade.bread, stock_quantity=7)
        forge(trade.payment, amount=Decimal(61))
        said = StringIO()
        with pytest.raises(CommandError, match=r"^The books do not tie out: 2 differences\.$") as caught:
            call_command("check_books", stdout=said)
        assert caught.value.returncode == 1
        assert said.getvalue().splitlines() == [
            f"Product {trade.bread.pk} (Bread 400 g): stock is 7, its movements add up to 6.",
            f"Payment {trade.payment.pk}: it is 61.00, its tenders add up to 60.00.",
        ]
