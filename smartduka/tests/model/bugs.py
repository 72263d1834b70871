"""Bugs that the machine must find. Each plants itself in the program and is what somebody could have written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN

import pytest

from customers import ledger as customer_ledger
from inventory import ledger as stock_ledger
from sales import checkout, drawer, refunds, returns
from sales.models import ReturnLine, Tender
from smartduka import money, quantity

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """`plant` puts it into the program; `shows` is a pattern of the difference by which it is found."""

    plant: Plant
    shows: str

    @property
    def name(self) -> str:
        return self.plant.__name__


def halves_are_rounded_to_even(patch: pytest.MonkeyPatch) -> None:
    """What `round()` and `Decimal.quantize` do when nobody says otherwise."""
    patch.setattr(money, "ROUND_HALF_UP", ROUND_HALF_EVEN)


def change_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """500 for 480 is written down as 500."""
    settle = checkout.settle
    patch.setattr(checkout, "settle", lambda given, total: [each for each in settle(given, total) if each.amount > 0])


def a_sale_moves_the_average_cost(patch: pytest.MonkeyPatch) -> None:
    """Goods leave at the buying price, and the average follows."""
    issue = stock_ledger.issue

    def at_the_buying_price(items, voucher):
        return issue([replace(item, unit_cost=item.product.buying_price) for item in items], voucher)

    patch.setattr(stock_ledger, "issue", at_the_buying_price)


def goods_come_back_at_the_price_of_today(patch: pytest.MonkeyPatch) -> None:
    """The refund reads the product instead of the line that was sold."""
    part = refunds._part

    def at_the_price_of_today(*args):
        made = part(*args)
        product = made.sale_line.product
        made.amount = quantity.price(made.quantity, product.unit, product.selling_price)
        return made

    patch.setattr(refunds, "_part", at_the_price_of_today)


def an_amount_is_cut_off_to_grams(patch: pytest.MonkeyPatch) -> None:
    """What is over is cut off instead of rounded."""
    patch.setattr(quantity, "bought_for", lambda amount, price, base_units: int(amount * base_units / price))


def an_override_is_told_to_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checkout.events, "overridden", lambda *args, **kwargs: None)


def a_credit_note_is_written_twice(patch: pytest.MonkeyPatch) -> None:
    credit_note = customer_ledger.credit_note

    def twice(customer, amount, voucher):
        credit_note(customer, amount, voucher)
        return credit_note(customer, amount, voucher)

    patch.setattr(customer_ledger, "credit_note", twice)


def a_refund_leaves_the_debt(patch: pytest.MonkeyPatch) -> None:
    """Goods that were never paid are paid out in cash."""
    patch.setattr(refunds, "_still_on_account", lambda sale, customer: money.ZERO)


def a_void_leaves_the_shelf_empty(patch: pytest.MonkeyPatch) -> None:
    """The money goes back, the goods do not."""
    write_lines = returns._write_lines

    def without_movements(sale_return, parts, voucher):
        if not sale_return.is_void:
            return write_lines(sale_return, parts, voucher)
        for part in parts:
            part.sale_return = sale_return
        return ReturnLine.objects.bulk_create(parts)

    patch.setattr(returns, "_write_lines", without_movements)


def a_limit_forgets_what_is_owed(patch: pytest.MonkeyPatch) -> None:
    """Each sale alone is held against the limit."""
    charge = customer_ledger.charge

    def alone(customer, amount, voucher, *, due_on):
        with pytest.MonkeyPatch.context() as within:
            within.setattr(customer_ledger, "balance", lambda _: money.ZERO)
            return charge(customer, amount, voucher, due_on=due_on)

    patch.setattr(customer_ledger, "charge", alone)


def change_stays_in_the_drawer(patch: pytest.MonkeyPatch) -> None:
    """Of 500 for 480, the drawer is said to hold 500."""
    expected_cash = drawer.expected_cash

    def without_change(session):
        change = Tender.objects.filter(sale__till_session=session, type="cash", amount__lt=0)
        return expected_cash(session) - change.sum_of("amount")

    patch.setattr(drawer, "expected_cash", without_change)


BUGS = (
    Bug(halves_are_rounded_to_even, "average cost of|of a sale|of a return|of a stock movement|tenders_do_not_match"),
    Bug(change_is_forgotten, "number of new rows of tender"),
    Bug(a_sale_moves_the_average_cost, "unit_cost of a stock movement|average cost of"),
    Bug(goods_come_back_at_the_price_of_today, "subtotal of a return|amount of a return line"),
    Bug(an_amount_is_cut_off_to_grams, "quantity of a sale line|quantity of a stock movement|the refusal to sell"),
    Bug(an_override_is_told_to_nobody, "number of new rows of event"),
    Bug(a_credit_note_is_written_twice, "number of new rows of ledger entry"),
    Bug(a_refund_leaves_the_debt, "number of new rows of ledger entry"),
    Bug(a_void_leaves_the_shelf_empty, "number of new rows of stock movement"),
    Bug(a_limit_forgets_what_is_owed, "the refusal to sell"),
    Bug(change_stays_in_the_drawer, "the cash expected in a drawer"),
)
