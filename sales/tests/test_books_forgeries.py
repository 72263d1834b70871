"""The audit finds each fact that somebody forged, and takes no sale that is rung up meanwhile for a forgery."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from customers.models import Customer
from inventory.models import GoodsReceipt, Product, StockMovement
from sales import returns
from sales.models import PaymentCode, Sale, SaleLine, Tender
from sales.tenders import CASH
from sales.tests.trade import Trade, a_trade, differences, forge, lose
from smartduka.databases import append_only
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_line, a_sale, a_voucher, by_shillings, paid

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def without_triggers(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database lets forgers work. Around the whole file, for MariaDB cannot do it inside a transaction."""
    with django_db_blocker.unblock(), append_only.lifted():
        yield


@pytest.fixture(autouse=True)
def missed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forger who knows the trade puts the triggers back."""
    monkeypatch.setattr(append_only, "missing", list)


@pytest.fixture
def trade(amina: User, otieno: User, wanjiku: Customer) -> Trade:
    """With goods that came back from a sale on account, one of them damaged."""
    trade = a_trade(amina, otieno, wanjiku)
    line = trade.credit_sale.lines.get()
    for is_damaged in (False, True):
        returns.take_back(
            trade.credit_sale.pk,
            [returns.ReturnedLine(line.pk, 1, is_damaged=is_damaged)],
            refund=returns.Refund(CASH),
            shop=Shop.current(),
            voucher=a_voucher(amina, note="Stale"),
        )
    assert differences() == []
    return trade


def movement_of(trade: Trade) -> StockMovement:
    return trade.credit_sale.lines.get().movement


def receipt_line(trade: Trade) -> Any:
    return GoodsReceipt.objects.order_by("pk").first().lines.get()


class TestDebts:
    def test_a_charge_moved_to_another_account(self, trade: Trade, juma: Customer) -> None:
        tender = trade.credit_sale.tenders.get(type="on_account")
        forge(tender.ledger_entry, customer=juma)
        said = f"Tender {tender.pk}: the customer of its entry in the customer ledger is {juma.pk}, not "
        assert differences() == [f"{said}{trade.credit_sale.customer_id}."]

    @pytest.mark.parametrize("what", ["credit_sale", "payment"])
    def test_a_sale_or_payment_given_to_another_customer(self, trade: Trade, juma: Customer, what: str) -> None:
        cause = getattr(trade, what)
        forge(cause, customer=juma)
        tender = cause.tenders.get(ledger_entry__isnull=False)
        said = f"Tender {tender.pk}: the customer of its entry in the customer ledger is {cause.customer_id}, not "
        assert f"{said}{juma.pk}." in differences()

    def test_a_credit_note_that_is_called_a_payment(self, trade: Trade) -> None:
        tender = Tender.objects.filter(sale_return__isnull=False, ledger_entry__isnull=False).earliest("pk")
        forge(tender.ledger_entry, kind="payment")
        assert differences() == [
            f"Tender {tender.pk}: the kind of its entry in the customer ledger is payment, not credit_note."
        ]

    def test_an_entry_of_another_day(self, trade: Trade) -> None:
        tender = trade.payment.tenders.get()
        right = trade.payment.received_on
        day = right.replace(day=1)
        forge(tender.ledger_entry, posted_on=day)
        assert differences() == [
            f"Tender {tender.pk}: the day of its entry in the customer ledger is {day}, not {right}."
        ]

    def test_a_reversal_that_is_not_of_its_payment(self, trade: Trade) -> None:
        forge(trade.reversal, reverses=trade.payment)
        assert differences() == [
            f"Payment {trade.reversal.pk} does not reverse payment {trade.payment.pk}.",
        ]


class TestCodes:
    def test_a_code_that_nobody_holds(self, trade: Trade) -> None:
        held = PaymentCode.objects.get(code="QBC2DE3FG4")
        held.delete()
        assert differences() == [f"Tender {held.tender_id}: its code QBC2DE3FG4 is not held as it should be."]

    def test_a_code_that_is_held_as_another(self, trade: Trade) -> None:
        held = PaymentCode.objects.get(code="QBC2DE3FG4")
        forge(held, code="QBC2DE3FG9")
        assert differences() == [f"Tender {held.tender_id}: its code QBC2DE3FG4 is not held as it should be."]

    def test_a_code_that_was_freed_while_the_sale_stands(self, trade: Trade) -> None:
        held = PaymentCode.objects.get(code="QBC2DE3FG4")
        forge(held, code=None, released_at=NOON)
        assert differences() == [f"Tender {held.tender_id}: its code QBC2DE3FG4 is not held as it should be."]

    def test_a_code_that_is_held_again_for_a_void_sale(self, trade: Trade) -> None:
        freed = PaymentCode.objects.get(code=None)
        forge(freed, code="QBC2DE3FG5", released_at=None)
        assert differences() == [f"Tender {freed.tender_id}: its code QBC2DE3FG5 is not held as it should be."]


class TestCosts:
    @pytest.mark.parametrize("what", ["line_cost", "unit_cost"])
    def test_a_sale_line_at_another_cost(self, trade: Trade, what: str) -> None:
        line = trade.cash_sale.lines.earliest("pk")
        forge(line, **{what: Decimal(1)})
        assert f"Sale line {line.pk}: its cost is not that of its stock movement." in differences()

    def test_a_line_without_stock_at_another_cost(self, trade: Trade) -> None:
        line = SaleLine.objects.get(movement=None)
        forge(line, line_cost=Decimal(1))
        assert differences() == [
            f"Sale line {line.pk}: its cost is 1.00, its quantity and cost per unit make it 48.00."
        ]

    def test_a_movement_of_another_value(self, trade: Trade) -> None:
        movement = trade.bread.movements.get(reason="write_off")
        forge(movement, value=Decimal(-51))
        name = f"Movement {movement.pk} of product {trade.bread.pk}"
        assert differences() == [f"{name}: its value is -51.00, its quantity and cost make it -50.00."]

    def test_an_average_cost_to_which_no_movement_led(self, trade: Trade) -> None:
        forge(trade.bread, average_cost=Decimal(20))
        assert differences() == [
            f"Product {trade.bread.pk} (Bread 400 g): average cost is 20.0000, its movements make it 50.0000."
        ]

    def test_a_sale_at_another_cost_than_the_average(self, trade: Trade) -> None:
        line, movement = trade.credit_sale.lines.get(), movement_of(trade)
        forge(movement, unit_cost=Decimal(60), value=Decimal(-180))
        forge(line, unit_cost=Decimal(60), line_cost=Decimal(180))
        assert differences()[0] == (
            f"Movement {movement.pk} of product {trade.bread.pk}: "
            "it moved at a cost of 60.0000, the average was 50.0000."
        )


class TestAskedAmounts:
    """Sugar for 20 at 162, which is 123 g; one of them with a discount."""

    @pytest.fixture
    def line(self, trade: Trade, amina: User) -> SaleLine:
        sugar = Product.objects.get(sku="SUGAR")
        return a_sale([by_shillings(sugar, "20")], [paid("20")], by=amina).lines.get()

    def test_a_line_that_comes_to_less_than_was_asked(self, line: SaleLine) -> None:
        forge(line, line_total=Decimal(19))
        assert f"Sale line {line.pk}: its total is 19.00, its price makes it 20.00." in differences()

    def test_another_amount(self, line: SaleLine) -> None:
        forge(line, asked_amount=Decimal(30))
        assert differences() == [
            f"Sale line {line.pk}: its total is 20.00, its price makes it 30.00.",
            f"Sale line {line.pk}: its quantity is 123, which is not what 30.00 buys at its price.",
        ]

    @pytest.mark.parametrize("price", ["161", "0"])
    def test_another_price(self, line: SaleLine, price: str) -> None:
        forge(line, unit_price=Decimal(price))
        assert differences() == [
            f"Sale line {line.pk}: its quantity is 123, which is not what 20.00 buys at its price."
        ]

    def test_a_discount_that_nobody_got(self, line: SaleLine) -> None:
        forge(line, discount=Decimal(1))
        assert differences() == [f"Sale line {line.pk}: its total is 20.00, its price makes it 19.00."]

    def test_more_goods_than_the_amount_buys(self, line: SaleLine) -> None:
        forge(line, quantity=124)
        assert (
            f"Sale line {line.pk}: its quantity is 124, which is not what 20.00 buys at its price." in differences()
        )

    def test_an_amount_where_none_was_asked(self, trade: Trade) -> None:
        line = trade.cash_sale.lines.get(product__sku="SUGAR")
        forge(line, asked_amount=line.line_total)
        assert differences() == []
        forge(line, asked_amount=None)
        other = trade.cash_sale.lines.get(product__sku="BREAD-400-G")
        forge(other, asked_amount=Decimal(200))
        assert differences()[0] == f"Sale line {other.pk}: its total is 130.00, its price makes it 200.00."


class TestReceipts:
    def test_a_total_that_is_not_the_sum_of_the_lines(self, trade: Trade) -> None:
        receipt = receipt_line(trade).receipt
        forge(receipt, total=Decimal(501))
        assert differences() == [f"Goods receipt {receipt.pk}: its lines add up to 500.00, its total is 501.00."]

    def test_a_receipt_that_is_dearer_than_its_goods(self, trade: Trade) -> None:
        line = receipt_line(trade)
        forge(line, total=Decimal(510))
        forge(line.receipt, total=Decimal(510))
        assert differences() == [f"Goods receipt line {line.pk}: it cost 510.00, its stock movement is worth 500.00."]

    @pytest.mark.parametrize(("what", "value"), [("quantity", 9), ("product", "SUGAR")], ids=str)
    def test_a_line_about_other_goods(self, trade: Trade, what: str, value: Any) -> None:
        line = receipt_line(trade)
        forge(line, **{what: Product.objects.get(sku=value) if what == "product" else value})
        assert differences() == [f"Goods receipt line {line.pk}: its stock movement is not about what came in."]

    def test_goods_that_came_in_and_are_called_found(self, trade: Trade) -> None:
        line = receipt_line(trade)
        forge(line.movement, reason="count")
        assert f"Goods receipt line {line.pk}: its stock movement is not about what came in." in differences()

    def test_goods_that_came_in_without_a_receipt(self, trade: Trade) -> None:
        line = receipt_line(trade)
        lose(line)
        assert f"Stock movement {line.movement_id} names {line.receipt.number}, which has no line for it." in (
            differences()
        )


class TestWhenAndWhoseItWas:
    @pytest.mark.parametrize("what", ["sold_on", "sold_at"])
    def test_a_sale_at_another_time_than_its_goods(self, trade: Trade, what: str) -> None:
        sale = trade.cash_sale
        forge(sale, **{what: getattr(sale, what).replace(day=1)})
        counted = sale.lines.filter(movement__isnull=False)
        assert differences() == [
            f"Sale line {line.pk}: its stock movement is not about what was sold." for line in counted
        ]

    def test_a_return_of_another_day(self, trade: Trade) -> None:
        part = trade.sale_return.lines.get()
        forge(trade.sale_return, returned_on=trade.sale_return.returned_on.replace(day=1))
        assert differences() == [f"Return line {part.pk}: its stock movement is not about what came back."]

    @pytest.mark.parametrize(("what", "value"), [("quantity", 2), ("reason", "count"), ("posted_on", "2026-06-01")])
    def test_goods_that_came_back_otherwise(self, trade: Trade, what: str, value: Any) -> None:
        part = trade.sale_return.lines.get()
        forge(part.movement, **{what: value})
        assert f"Return line {part.pk}: its stock movement is not about what came back." in differences()


class TestWhileTheTillsSell:
    """Between any two statements of the audit, a sale on account is rung up and taken back."""

    @pytest.fixture
    def selling(self, trade: Trade, otieno: User, wanjiku: Customer) -> Callable[..., Any]:
        busy: list[bool] = []

        def sell(execute: Any, *statement: Any) -> Any:
            if not busy:
                busy.append(True)
                sale = a_sale([a_line(trade.bread)], [paid("65", "on_account")], by=otieno, customer=wanjiku)
                refund, voucher = returns.Refund(CASH), a_voucher(otieno, note="Tried")
                returns.void(sale.pk, refund=refund, shop=Shop.current(), voucher=voucher)
                busy.clear()
            return execute(*statement)

        return sell

    def test_no_alarm_is_raised(self, trade: Trade, selling: Any) -> None:
        before = Sale.objects.count()
        with connection.execute_wrapper(selling):
            assert differences() == []
        assert Sale.objects.count() >= before + 10

    def test_sums_that_are_read_before_their_sales_would_raise_one(self, trade: Trade, selling: Any) -> None:
        with connection.execute_wrapper(selling):
            lines = SaleLine.objects.sums_by("sale", "line_total")
            sales = dict(Sale.objects.values_list("pk", "subtotal"))
        assert lines != sales
