"""Every way in which a Kenyan mobile number is written down, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import phones


@pytest.mark.parametrize(
    "typed",
    [
        "0712345678", "712345678", "254712345678", "+254712345678", "00254712345678", "+2540712345678",
        "0712 345 678", " 0712-345-678 ", "0712.345.678", "(0712) 345678", "+254 (0) 712 345 678", "+254-712-345678",
        "0712\N{NO-BREAK SPACE}345\N{NO-BREAK SPACE}678", "0712\N{EN DASH}345\N{NON-BREAKING HYPHEN}678",
        "\N{LEFT-TO-RIGHT EMBEDDING}+254 712 345 678\N{POP DIRECTIONAL FORMATTING}", "0712345678\n",
    ],
)  # fmt: skip
def test_one_number_has_many_spellings_and_one_form(typed):
    assert phones.parse(typed) == "+254712345678"


@pytest.mark.parametrize("typed", ["0112345678", "112345678", "254112345678", "+254 112 345 678"])
def test_the_younger_numbers_begin_with_01(typed):
    assert phones.parse(typed) == "+254112345678"


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "+", "0", "-", "none", "071234567", "07123456789", "0712 345 678 9", "1" * 5000,
        "0812345678", "020 2345678", "0800123456", "0212345678",  # no mobile numbers
        "+255712345678", "+44 7712 345678", "+712345678", "254254712345678",  # not of Kenya
        "Jane 0712345678", "0712345678 Jane", "0712345678 / 0722345678", "0712345678,0722345678",  # two things
        "0712345678 ext 5", "0712345678x5", "0712345678;ext=5", "tel:0712345678", "0712-DUKA-78", "0712345678#",
        "\N{ARABIC-INDIC DIGIT ZERO}712345678", "\N{FULLWIDTH DIGIT ZERO}712345678", "0712345678\0", "0712_345_678",
        "++254712345678", "0712+345678", "'0712345678", "=0712345678",
    ],
)  # fmt: skip
def test_what_is_no_single_kenyan_mobile_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"^Write a mobile number such as 0712 345 678\.$"):
        phones.parse(typed)


@given(st.text())
def test_any_text_is_a_number_in_one_form_or_refused(text):
    try:
        stored = phones.parse(text)
    except ValueError:
        return
    assert len(stored) == 13


@given(st.from_regex(r"\A[17][0-9]{8}\Z"))
def test_a_number_is_read_as_it_is_shown(digits):
    stored = f"+254{digits}"
    assert phones.parse(stored) == stored
    assert phones.parse(phones.show(stored)) == stored


def test_a_number_is_shown_as_people_say_it():
    assert phones.show("+254712345678") == "0712 345 678"
