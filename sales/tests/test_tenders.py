"""What is handed over adds up to the total; change is a negative cash tender."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import tenders
from sales.tenders import BANK, CARD, CASH, MPESA, ON_ACCOUNT, TYPES, Tendered
from smartduka import money
from smartduka.refusals import Refusal
from smartduka.tests.builders import paid

CODE = "QBC2DE3FG4"
AMOUNTS = st.decimals("0.01", "99999999.99", places=2)


def refused(given_, total) -> Refusal:
    with pytest.raises(Refusal) as caught:
        tenders.settle(given_, Decimal(total))
    return caught.value


class TestSettling:
    @pytest.mark.parametrize("kind", ["cash", "mpesa", "card", "bank", "on_account"])
    def test_the_exact_money_needs_no_change(self, kind):
        given_ = [paid("65", kind)]
        assert tenders.settle(given_, Decimal("65.00")) == given_

    def test_change_is_given_in_cash(self):
        assert tenders.settle([paid("100")], Decimal(65)) == [paid("100"), Tendered(CASH, Decimal("-35.00"))]

    def test_change_may_come_out_of_a_mixed_sale_as_far_as_cash_went_in(self):
        given_ = [paid("60", "mpesa", CODE), paid("20")]
        assert tenders.settle(given_, Decimal(65))[-1] == Tendered(CASH, Decimal("-15.00"))

    @pytest.mark.parametrize("cash", ["5", "4"])
    def test_change_that_would_hand_all_the_cash_back_is_refused(self, cash):
        refusal = refused([paid("65", "mpesa", CODE), paid(cash)], "65")
        assert refusal.code == "tenders_do_not_match"

    def test_nothing_is_due_for_nothing(self):
        assert tenders.settle([], Decimal("0.00")) == []
        assert refused([paid("5")], "0").code == "tenders_do_not_match"

    @pytest.mark.parametrize("missing", ["64.99", "0.01"])
    def test_too_little_is_refused(self, missing):
        assert refused([paid(missing)], "65").code == "tenders_do_not_match"

    def test_more_than_the_books_can_hold_is_refused(self):
        assert refused([paid("9999999999.99"), paid("0.01")], "65").code == "tenders_do_not_match"

    @given(cash=AMOUNTS, card=st.none() | AMOUNTS, total=AMOUNTS)
    def test_what_is_settled_adds_up_to_the_total(self, cash, card, total):
        given_ = [Tendered(CASH, cash)] + ([Tendered(CARD, card)] if card else [])
        try:
            settled = tenders.settle(given_, total)
        except Refusal:
            assert cash + (card or 0) < total or (card or 0) >= total
        else:
            assert money.total(each.amount for each in settled) == total
            assert all(each.amount > 0 or each.type is CASH for each in settled)


class TestTheSameTender:
    def test_of_a_code_or_a_debt_stands_there_once(self):
        for twice in ([paid("30", "mpesa", CODE), paid("35", "mpesa", CODE)], [paid("30", "on_account")] * 2):
            assert refused(twice, "65").fields == {"tenders": "The same tender stands there twice."}

    def test_of_another_kind_may_stand_there_again(self):
        given_ = [
            paid("10", "mpesa", CODE),
            paid("10", "mpesa", "RBC2DE3FG4"),
            paid("5"),
            paid("5"),
            paid("5", "card"),
        ]
        assert tenders.settle(given_, Decimal(35)) == given_


class TestAReference:
    @pytest.mark.parametrize("typed", [CODE, CODE.lower(), f" {CODE}\n"])
    def test_of_mpesa_is_ten_letters_and_digits(self, typed):
        assert tenders.parse_reference(MPESA, typed) == CODE

    @pytest.mark.parametrize(
        "typed",
        ["", "QBC2DE3FG", "QBC2DE3FG45", "QBC2 DE3FG", "QBC2DE3FG\0", "\N{LATIN SMALL LETTER LONG S}BC2DE3FG4"],
    )
    def test_of_mpesa_is_nothing_else(self, typed):
        with pytest.raises(ValueError, match=r"^Write the M-Pesa code: 10 letters and digits, such as QBC2DE3FG4\.$"):
            tenders.parse_reference(MPESA, typed)

    @pytest.mark.parametrize(
        ("typed", "kept"), [("", ""), (" SLIP 7 ", "SLIP 7"), ("Ñandú", "Ñandú"), ("x" * 60, "x" * 60)]
    )
    def test_of_a_bank_is_what_stands_on_the_slip(self, typed, kept):
        assert tenders.parse_reference(BANK, typed) == kept

    @pytest.mark.parametrize(
        ("typed", "cure"),
        [
            ("x" * 61, "at most 60"),
            ("a\0b", "invisible"),
            ("a\nb", "one line"),
            ("\N{RIGHT-TO-LEFT OVERRIDE}b", "invisible"),
        ],
    )
    def test_of_a_bank_hides_nothing(self, typed, cure):
        with pytest.raises(ValueError, match=cure):
            tenders.parse_reference(BANK, typed)


def test_the_registry_names_each_type_by_its_code():
    assert {code: kind.code for code, kind in TYPES.items()} == {code: code for code in TYPES}
    assert [kind for kind in TYPES.values() if kind.is_cash] == [CASH]
    assert [kind for kind in TYPES.values() if kind.is_on_account] == [ON_ACCOUNT]


def test_a_type_that_is_no_longer_here_is_shown_by_its_code():
    assert (tenders.label("mpesa"), tenders.label("cowrie")) == ("M-Pesa", "cowrie")
