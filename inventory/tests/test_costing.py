"""The moving average, in worked numbers and in what is always true of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import costing

COSTS = st.decimals("0.0001", "99999999.9999", places=4)
QUANTITIES = st.integers(1, 2_000_000_000)


def incoming(stock, average_cost, quantity, unit_cost) -> Decimal:
    average = costing.after_incoming(
        stock=stock, average_cost=Decimal(average_cost), quantity=quantity, unit_cost=Decimal(unit_cost)
    )
    assert average.as_tuple().exponent == -4
    return average


def removal(stock, average_cost, quantity, unit_cost) -> Decimal:
    return costing.after_removal(
        stock=stock, average_cost=Decimal(average_cost), quantity=quantity, unit_cost=Decimal(unit_cost)
    )


def test_eight_at_ten_and_four_at_sixteen_cost_twelve_and_two_more_at_six_make_it_nine():
    assert incoming(0, "0", 8, "10") == Decimal("10.0000")
    assert incoming(8, "10", 4, "16") == Decimal("12.0000")
    # Ten are sold at 12.00 and leave the average as it is.
    assert incoming(2, "12", 2, "6") == Decimal("9.0000")


@pytest.mark.parametrize(
    ("stock", "average", "expected"),
    [(0, "99", "6.0000"), (-3, "99", "6.0000"), (5, "0", "6.0000")],
    ids=["an empty shelf", "less than nothing", "a cost that nobody knew"],
)
def test_the_incoming_cost_counts_alone_beside(stock, average, expected):
    assert incoming(stock, average, 2, "6") == Decimal(expected)


def test_goods_that_come_free_make_the_others_cheaper():
    assert incoming(10, "12", 2, "0") == Decimal("10.0000")


def test_the_average_is_rounded_half_up_to_four_places():
    assert incoming(1, "1", 2, "2") == Decimal("1.6667")
    assert incoming(1, "0.0001", 1, "0.0002") == Decimal("0.0002")


def test_what_is_taken_out_leaves_the_average_as_if_it_had_never_come():
    assert removal(12, "12", 4, "16") == Decimal("10.0000")


@pytest.mark.parametrize(
    ("stock", "quantity", "unit_cost"),
    [(4, 4, "16"), (5, 4, "16")],
    ids=["when nothing is left", "when the rest would be worth less than nothing"],
)
def test_what_is_taken_out_leaves_the_average_alone(stock, quantity, unit_cost):
    assert removal(stock, "12", quantity, unit_cost) == Decimal(12)


def test_what_is_taken_out_may_leave_goods_that_cost_nothing():
    assert removal(4, "4", 1, "16") == Decimal("0.0000")


@given(stock=QUANTITIES, average=COSTS, quantity=QUANTITIES, unit_cost=COSTS)
def test_an_average_is_between_what_was_there_and_what_came(stock, average, quantity, unit_cost):
    assert min(average, unit_cost) <= incoming(stock, average, quantity, unit_cost) <= max(average, unit_cost)


@given(quantity=st.integers(1, 10**9), more=st.integers(0, 10**9), average=COSTS, unit_cost=COSTS)
def test_taking_out_what_came_in_brings_the_average_back(quantity, more, average, unit_cost):
    """To the ten-thousandth by which each average is rounded, as long as not more is taken out than stays."""
    mixed = incoming(quantity + more, average, quantity, unit_cost)
    back = removal(quantity + more + quantity, mixed, quantity, unit_cost)
    assert abs(back - average) <= Decimal("0.0002")
