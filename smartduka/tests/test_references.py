"""Printed numbers follow from primary keys, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartduka.references import primary_key, reference


@pytest.mark.parametrize(
    ("prefix", "pk", "number"),
    [("S", 1, "S-000001"), ("GR", 123, "GR-000123"), ("P", 999_999, "P-999999"), ("R", 1_234_567, "R-1234567")],
)
def test_a_number_has_six_digits_or_more(prefix, pk, number):
    assert reference(prefix, pk) == number
    assert primary_key(prefix, number) == pk


@given(prefix=st.sampled_from(["S", "R", "P", "GR", "Z"]), pk=st.integers(1, 10**18 - 1))
def test_a_number_leads_back_to_its_row(prefix, pk):
    assert primary_key(prefix, reference(prefix, pk)) == pk


@pytest.mark.parametrize(
    "text",
    [
        "", "S", "S-", "S-1", "S-12345", "S-0000123", "s-000123", "R-000123", "S000123", "S--00123", "S-00012a",
        " S-000123", "S-000123 ", "S-000123\n", "S-\N{ARABIC-INDIC DIGIT ONE}00123", "S-+00123", "S-" + "9" * 19,
        "123", "SS-000123",
    ],
)  # fmt: skip
def test_a_row_has_one_number_and_no_other_spelling(text):
    with pytest.raises(ValueError, match="is not a number such as S-000123"):
        primary_key("S", text)
