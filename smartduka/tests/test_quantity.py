"""Quantities are whole base units inside, and units for people."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartduka import quantity
from smartduka.quantity import Unit

BASE = st.integers(1, quantity.LARGEST)
UNITS = st.sampled_from(Unit.values)


@pytest.mark.parametrize(
    ("typed", "unit", "base"),
    [
        ("3", "piece", 3),
        ("1,200", "piece", 1200),
        ("2.0", "piece", 2),
        ("0.25", "kilogram", 250),
        ("0.001", "kilogram", 1),
        ("1.250", "litre", 1250),
        (" 50 ", "metre", 50_000),
        ("2000000", "kilogram", 2_000_000_000),
        ("1/4", "kilogram", 250),
        ("1 1/2", "litre", 1500),
        ("4/2", "piece", 2),
    ],
)
def test_units_become_whole_base_units(typed, unit, base):
    assert quantity.parse(typed, unit) == base


@pytest.mark.parametrize(
    ("typed", "unit", "message"),
    [
        ("0", "piece", "The quantity must be more than zero."),
        ("0.000", "kilogram", "The quantity must be more than zero."),
        ("0.5", "piece", "This cannot be divided: write a whole number."),
        ("1/2", "piece", "This cannot be divided: write a whole number."),
        ("0/4", "kilogram", "The quantity must be more than zero."),
        ("2000000.001", "kilogram", "This quantity is too large."),
        ("2000000001", "piece", "This quantity is too large."),
        ("9" * 5000, "kilogram", "This quantity is too large."),
        ("9" * 40 + ".5", "piece", "This quantity is too large."),
    ],
)
def test_what_the_shelf_cannot_hold_is_refused(typed, unit, message):
    with pytest.raises(ValueError, match="^" + message.replace(".", r"\.") + "$"):
        quantity.parse(typed, unit)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-1", "+1", "1e3", "1E400", "NaN", "Infinity", "1_000", "1.", ".5", "1.2345", "0x10", "1,00",
        "1.000,5", "1 000", "half", "½", "1 1/2/3", "2 kg", "\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}",
        "1\0", "²",
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(typed):
    with pytest.raises(ValueError, match=r"^Write a quantity such as 3 or 0\.25\.$"):
        quantity.parse_number(typed)


@pytest.mark.parametrize("typed", ["1/3", "1 2/3", "1/2000", "1/0"])
def test_a_fraction_that_is_no_whole_number_of_thousandths_is_refused(typed):
    with pytest.raises(ValueError, match=r"^Write a quantity such as 3 or 0\.25: this fraction is no whole number"):
        quantity.parse_number(typed)


def test_a_count_may_be_zero():
    assert quantity.parse_number_or_zero("0") == 0


@given(text=st.text(), unit=UNITS)
def test_any_text_is_a_quantity_or_refused(text, unit):
    with suppress(ValueError):
        assert 0 < quantity.parse(text, unit) <= quantity.LARGEST


@pytest.mark.parametrize(
    ("base", "unit", "number", "shown"),
    [
        (3, "piece", "3", "3"),
        (1200, "piece", "1200", "1,200"),
        (10, "piece", "10", "10"),
        (250, "kilogram", "0.25", "0.25 kg"),
        (20_000, "litre", "20", "20 l"),
        (1, "metre", "0.001", "0.001 m"),
        (1_234_500, "kilogram", "1234.5", "1,234.5 kg"),
        (0, "kilogram", "0", "0 kg"),
    ],
)
def test_people_see_units(base, unit, number, shown):
    assert quantity.number(base, unit) == number
    assert quantity.show(base, unit) == shown


@given(base=BASE, unit=UNITS)
def test_what_is_shown_can_be_typed(base, unit):
    assert quantity.parse(quantity.number(base, unit), unit) == base
    assert quantity.parse(quantity.show(base, unit).split()[0], unit) == base


@given(base=BASE, unit=UNITS)
def test_units_are_exact(base, unit):
    assert quantity.to_base(quantity.to_units(base, unit), Unit(unit).base_units) == base


@pytest.mark.parametrize(
    ("base", "unit", "per_unit", "cents"),
    [
        (125, "kilogram", "160", "20.00"),
        (3, "piece", "0.3333", "1.00"),
        (1, "kilogram", "4.99", "0.00"),
        (1, "kilogram", "5", "0.01"),
        (2_000_000_000, "piece", "9999999999.9999", "19999999999999800000.00"),
    ],
)
def test_the_price_of_a_quantity_is_in_cents(base, unit, per_unit, cents):
    assert str(quantity.price(base, unit, Decimal(per_unit))) == cents


def test_every_unit_has_base_units_and_a_symbol():
    assert {unit.value: (unit.base_units, unit.symbol) for unit in Unit} == {
        "piece": (1, "pc"),
        "kilogram": (1000, "kg"),
        "litre": (1000, "l"),
        "metre": (1000, "m"),
    }
