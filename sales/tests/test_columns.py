"""Text in columns: nothing is lost, nothing is wider than it may be, and amounts stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import columns


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0),
        ("Bread 400 g", 11),
        ("Café", 4),
        ("Cafe\u0301", 4),
        ("面包", 4),
        ("🍞", 2),
        ("خبز", 3),
        ("a\u200db", 2),
    ],
)
def test_a_sign_is_as_wide_as_it_looks(text, wide):
    assert columns.width(text) == wide


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("Bread", ["Bread"]),
        ("Bread  of  Naivasha", ["Bread of", "Naivasha"]),
        ("Supercalifragilistic", ["Supercali", "fragilist", "ic"]),
        ("a Supercalifragilistic", ["a", "Supercali", "fragilist", "ic"]),
        ("面包面包面包", ["面包面包", "面包"]),
    ],
)
def test_words_are_kept_whole_where_they_fit(text, lines):
    assert columns.wrapped(text, 9) == lines


def test_the_amount_stands_at_the_right_of_the_first_line():
    assert columns.paired("Bread of Naivasha", "195", 14) == ["Bread of   195", "Naivasha"]
    assert columns.paired("3 × 65", "195", 14, indent="  ") == ["  3 × 65   195"]
    assert columns.centred("Duka", 10) == ["   Duka"]


@given(text=st.text(max_size=200), amount=st.from_regex(r"[0-9,]{1,16}", fullmatch=True))
def test_no_line_is_too_wide_and_no_sign_is_lost(text, amount):
    for lines in (
        columns.wrapped(text, 32),
        columns.centred(text, 32),
        columns.paired(text, amount, 32, indent="  "),
    ):
        assert all(columns.width(line) <= 32 for line in lines)
    assert "".join("".join(columns.wrapped(text, 32)).split()) == "".join(text.split())
    assert columns.paired(text, amount, 32)[0].endswith(f" {amount}")
