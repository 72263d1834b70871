"""Fields that read what people type."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from smartduka import quantity
from smartduka.forms import MoneyField, QuantityField, SearchForm, add_refusal
from smartduka.refusals import Refusal

NOT_A_NUMBER = ["", "-1", "+1", "1e3", "NaN", "٣", "1_000", "1,00", "1.2345", "0x1", "1 000", ".5", "5.", "1\x00"]


@pytest.mark.parametrize(("text", "number"), [("0", "0"), ("0.000", "0"), ("12", "12"), (" 1,000.5 ", "1000.5")])
def test_a_count_may_be_zero(text, number):
    assert quantity.parse_number_or_zero(text) == Decimal(number)


@pytest.mark.parametrize("text", NOT_A_NUMBER)
def test_what_is_no_number_is_no_count_either(text):
    with pytest.raises(ValueError, match="Write a quantity such as"):
        quantity.parse_number_or_zero(text)


@pytest.mark.parametrize(
    ("field", "text", "parsed"),
    [
        (MoneyField(), "1,000.5", Decimal("1000.50")),
        (MoneyField(), "0", Decimal("0.00")),
        (MoneyField(required=False), "", None),
        (QuantityField(), "0.25", Decimal("0.25")),
        (QuantityField(zero=True), "0", Decimal(0)),
        (QuantityField(required=False), " ", None),
    ],
)
def test_a_field_parses(field, text, parsed):
    assert field.clean(text) == parsed


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (MoneyField(), "", "required"),
        (MoneyField(), "1.234", "1,000.50"),
        (QuantityField(), "0", "more than zero"),
        *[(QuantityField(), text, "Write a quantity|required|Null") for text in NOT_A_NUMBER],
        *[(MoneyField(), text, "Write an amount|required|Null") for text in NOT_A_NUMBER],
    ],
)
def test_a_field_refuses_with_a_sentence(field, text, said):
    with pytest.raises(ValidationError, match=said):
        field.clean(text)


def test_a_quantity_field_counts_in_base_units_once_it_knows_which():
    field = QuantityField(zero=True)
    field.count_in(1000)
    assert field.clean("0.25") == 250
    field.count_in(1)
    assert field.clean("0") == 0
    with pytest.raises(ValidationError, match="cannot be divided"):
        field.clean("0.25")
    with pytest.raises(ValidationError, match="too large"):
        field.clean("2000000001")


def test_forms_of_two_products_do_not_share_their_unit():
    class Form(forms.Form):
        amount = QuantityField()

    kilograms, pieces = Form({"amount": "3"}), Form({"amount": "3"})
    kilograms.fields["amount"].count_in(1000)
    pieces.fields["amount"].count_in(12)
    for form in (kilograms, pieces):
        assert form.is_valid()
    assert (kilograms.cleaned_data, pieces.cleaned_data) == ({"amount": 3000}, {"amount": 36})


@pytest.mark.parametrize(
    ("field", "kept", "shown"),
    [
        (MoneyField(), Decimal("1000.5"), "1000.50"),
        (MoneyField(), "1,00x", "1,00x"),
        (QuantityField(), Decimal("20.000"), "20"),
        (QuantityField(), Decimal(1000), "1000"),
        (QuantityField(), "half", "half"),
        (QuantityField(), None, None),
    ],
)
def test_a_field_shows_its_value_plainly_and_keeps_what_was_typed(field, kept, shown):
    assert field.prepare_value(kept) == shown
    assert field.has_changed(kept, shown) is False
    assert field.has_changed(kept, "7") is True


def test_a_search_that_cannot_be_read_looks_for_nothing():
    assert SearchForm({"q": " soap "}).words() == {"q": "soap"}
    assert SearchForm({"q": "\x00"}).words() == {"q": None}
    assert SearchForm({}).words() == {"q": ""}


def test_a_refusal_stands_beside_the_field_it_names_or_above_all():
    class Form(forms.Form):
        amount = forms.CharField(required=False)

    for refusal, errors in (
        (Refusal("invalid", "Too much.", {"amount": "Too much here."}), {"amount": ["Too much here."]}),
        (Refusal("invalid", "Too much.", {"elsewhere": "There."}), {"__all__": ["Too much."]}),
        (Refusal("invalid", "Too much."), {"__all__": ["Too much."]}),
    ):
        form = Form({})
        assert form.is_valid()
        add_refusal(form, refusal)
        assert form.errors == errors
