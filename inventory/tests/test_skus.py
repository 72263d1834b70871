"""SKUs: how they are written, and how one is proposed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import skus


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        ("Bread 400 g", "BREAD-400-G"),
        ("Sugar, loose", "SUGAR-LOOSE"),
        ("Café (instant)", "CAFE-INSTANT"),
        ("  Soap  ", "SOAP"),
        ("牛奶", "SKU"),
        ("x" * 80, "X" * 40),
        ("Soda " + "x" * 34 + " yz", "SODA-" + "X" * 34),
    ],
)
def test_a_proposed_sku_recalls_the_name(name, sku):
    assert skus.propose(name, is_taken=lambda sku: False) == sku


def test_a_taken_sku_is_numbered_from_2():
    taken = {"BREAD", "BREAD-2"}
    assert skus.propose("Bread", taken.__contains__) == "BREAD-3"


def test_a_long_sku_makes_room_for_its_number():
    longest = "X" * 40
    assert skus.propose(longest, {longest}.__contains__) == "X" * 38 + "-2"


@given(name=st.text(max_size=200), others=st.integers(min_value=0, max_value=12))
def test_every_proposal_is_a_proper_sku_that_is_free(name, others):
    taken: set[str] = set()
    for _ in range(others + 1):
        sku = skus.propose(name, taken.__contains__)
        assert re.fullmatch(r"[A-Z0-9._-]{1,40}", sku)
        assert sku not in taken
        taken.add(sku)


def test_a_typed_sku_is_trimmed_folded_and_capital():
    assert skus.normalise("  bread-\uff1400 ") == "BREAD-400"
