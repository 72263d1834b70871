"""Money is rounded half up, once, and reads as it is shown."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartduka import money

AMOUNTS = st.decimals("0.00", str(money.LARGEST), places=2)
ANY_AMOUNT = st.decimals("-9999999999.99", "9999999999.99", places=2)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [("0.125", "0.13"), ("0.135", "0.14"), ("-0.125", "-0.13"), ("0.1249", "0.12"), ("2.675", "2.68"), ("7", "7.00")],
)
def test_cents_are_rounded_half_up(exact, cents):
    assert str(money.to_cents(Decimal(exact))) == cents


def test_a_cost_keeps_four_places():
    assert str(money.to_cost(Decimal("0.33335"))) == "0.3334"
    assert str(money.to_cost(Decimal(12))) == "12.0000"


@pytest.mark.parametrize(
    ("amount", "by_ones", "by_fives"),
    [
        ("0.49", "0.00", "0.00"),
        ("0.50", "1.00", "0.00"),
        ("2.49", "2.00", "0.00"),
        ("2.50", "3.00", "5.00"),
        ("12.50", "13.00", "15.00"),
        ("81.25", "81.00", "80.00"),
        ("82.50", "83.00", "85.00"),
        ("100.00", "100.00", "100.00"),
    ],
)
def test_a_total_is_rounded_to_the_shops_step_half_up(amount, by_ones, by_fives):
    assert str(money.round_to_step(Decimal(amount), 1)) == by_ones
    assert str(money.round_to_step(Decimal(amount), 5)) == by_fives


@given(amount=AMOUNTS, step=st.sampled_from([1, 5]))
def test_a_rounded_total_is_a_multiple_at_most_half_a_step_away(amount, step):
    rounded = money.round_to_step(amount, step)
    assert rounded % step == 0
    assert -Decimal(step) / 2 < rounded - amount <= Decimal(step) / 2


def test_the_sum_of_nothing_is_no_money():
    assert str(money.total([])) == "0.00"


@given(st.lists(ANY_AMOUNT, max_size=50))
def test_a_sum_is_exact(amounts):
    assert money.total(amounts) * 100 == sum(int(amount * 100) for amount in amounts)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", "0.00"), ("5", "5.00"), ("0.5", "0.50"), ("1000.50", "1000.50"), ("1,000.50", "1000.50"),
        ("12,345,678", "12345678.00"), (" 65 ", "65.00"), ("007", "7.00"), ("9,999,999,999.99", "9999999999.99"),
    ],
)  # fmt: skip
def test_what_people_type_is_read(typed, amount):
    assert str(money.parse(typed)) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-1", "+1", "1e3", "1E400", "NaN", "sNaN", "Infinity", "1_000", "1.", ".5", "1.234", "1.2.3", "0x10",
        "1,00", "1,0000", ",100", "10,00,000", "1.000,50", "1 000", "KES 1", "1/2", "½", "¹", "1\0", "one",
        "\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}", "\N{BENGALI DIGIT FOUR}", "\N{MINUS SIGN}1",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(ValueError, match=r"^Write an amount such as 1,000\.50\.$"):
        money.parse(typed)


@pytest.mark.parametrize("typed", ["10000000000", "10,000,000,000.00", "9" * 5000])
def test_more_than_the_books_can_hold_is_refused(typed):
    with pytest.raises(ValueError, match=r"^This amount is too large\.$"):
        money.parse(typed)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    with suppress(ValueError):
        assert 0 <= money.parse(text) <= money.LARGEST


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0"), ("0.05", "0.05"), ("65.00", "65"), ("65.5", "65.50"), ("1000", "1,000"), ("-1234.5", "-1,234.50"),
        ("0.004", "0"), ("1E+3", "1,000"),
    ],
)  # fmt: skip
def test_whole_shillings_are_shown_without_cents(amount, shown):
    assert money.show(Decimal(amount)) == shown


@given(AMOUNTS)
def test_what_is_shown_can_be_typed(amount):
    assert money.parse(money.show(amount)) == amount
