"""One form of numbers: `numbers.json` says what each text is, in cents or thousandths, or that it is no number.

The same table is held against the two parsers, the fields of forms, every page that asks for a number, the till's
JSON and the till's own code.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from inventory.models import Category, Product
from sales import wire
from smartduka import money, quantity
from smartduka.forms import MoneyField, QuantityField, WholeNumberField
from smartduka.models import Shop
from smartduka.refusals import Refusal
from smartduka.tests.formfields import typed_fields

TABLE: dict[str, dict[str, int | None]] = json.loads(Path(__file__).with_name("numbers.json").read_text("utf-8"))
TOO_LARGE = {"2,000,000.001", "9" * 32}
MONEY, QUANTITY = TABLE["money"].items(), TABLE["quantity"].items()


def cents(amount: Decimal) -> int:
    assert amount.as_tuple().exponent == -2
    return int(amount * 100)


@pytest.mark.parametrize(("typed", "expected"), MONEY)
def test_money_is_read_by_the_table(typed, expected):
    if expected is not None:
        assert cents(money.parse(typed)) == expected
        return
    with pytest.raises(ValueError, match="amount"):
        money.parse(typed)


@pytest.mark.parametrize(("typed", "expected"), QUANTITY)
def test_kilograms_are_read_by_the_table(typed, expected):
    if expected is not None:
        assert quantity.parse(typed, "kilogram") == expected
        return
    with pytest.raises(ValueError, match=r"quantity|number"):
        quantity.parse(typed, "kilogram")


def cleaned(field: forms.Field, typed: str) -> Any:
    try:
        return field.clean(typed)
    except ValidationError:
        return None


@pytest.mark.parametrize(("typed", "expected"), MONEY)
def test_a_field_of_a_form_reads_money_by_the_table(typed, expected):
    amount = cleaned(MoneyField(), typed)
    assert (None if amount is None else cents(amount)) == expected


@pytest.mark.parametrize(("typed", "expected"), QUANTITY)
def test_a_field_of_a_form_reads_kilograms_by_the_table(typed, expected):
    field = QuantityField()
    field.count_in(1000)
    assert cleaned(field, typed) == expected


def on_the_wire(**line: str) -> Any:
    """The first line of a sale that says this of it; None when it is refused."""
    document = {
        "client_ref": "0d4c1c62-3b7b-4f0c-9f8e-3d1f0a7e5b11",
        "lines": [{"product": 1, "quantity": "1", **line}],
        "tenders": [],
    }
    try:
        return wire.read_sale(document).lines[0]
    except Refusal:
        return None


@pytest.mark.parametrize(("typed", "expected"), [case for case in MONEY if case[0] == case[0].strip()])
def test_the_wire_reads_money_by_the_table(typed, expected):
    line, asked = on_the_wire(discount=typed), on_the_wire(amount=typed)
    assert (line and cents(line.discount)) == expected
    assert (asked and cents(asked.asked_amount)) == expected


@pytest.mark.parametrize(("typed", "expected"), [case for case in QUANTITY if case[0] == case[0].strip()])
def test_the_wire_reads_quantities_by_the_table(typed, expected):
    line = on_the_wire(quantity=typed)
    if "/" in typed:  # fractions are for people
        assert line is None
    elif typed in TOO_LARGE:  # for any unit; that is found out when the product is known
        with pytest.raises(ValueError, match="too large"):
            quantity.to_base(line.quantity, 1000)
    else:
        assert (line and quantity.to_base(line.quantity, 1000)) == expected


@pytest.mark.browser
def test_the_till_reads_by_the_table(till):
    asked = """async ({ money, quantity }) => {
      const [shillings, units] = await Promise.all(
        ["money", "quantity"].map((name) => import(`/static/sales/till/${name}.js`)));
      const read = (texts, parse) => Object.fromEntries(Object.keys(texts).map((text) => [text, parse(text)]));
      return { money: read(money, shillings.parse), quantity: read(quantity, (text) => units.parse(text, 1000)) };
    }"""
    assert till.page.evaluate(asked, TABLE) == TABLE


def test_every_number_on_a_form_is_read_by_these_fields(db):
    numbers = [
        (form.__qualname__, name, field)
        for form, name, field in typed_fields()
        if isinstance(field, forms.IntegerField | MoneyField | QuantityField)
    ]
    assert {type(field) for _, _, field in numbers} == {MoneyField, QuantityField, WholeNumberField}
    named = {name for _, name, _ in numbers}
    assert named >= {"selling_price", "credit_limit", "quantity", "size", "amount", "cost", "counted", "day_turns_at"}


@pytest.mark.parametrize("typed", ["٣", "1_0", "4.5", "1e1", "+4", "-1", "24", "four"])
def test_an_hour_is_a_whole_number_of_the_same_form(typed, client, amina, shop):
    client.force_login(amina)
    page = client.get("/admin/smartduka/shop/1/change/")
    typed_before = {
        name: page.context["adminform"].form[name].value() or "" for name in ("name", "rounding_step", "paper")
    }
    response = client.post("/admin/smartduka/shop/1/change/", {**typed_before, "day_turns_at": typed})
    assert list(response.context["adminform"].form.errors) == ["day_turns_at"]
    assert Shop.current().day_turns_at == 0
    assert client.post("/admin/smartduka/shop/1/change/", {**typed_before, "day_turns_at": "4"}).status_code == 302
    assert Shop.current().day_turns_at == 4


@pytest.mark.parametrize(
    ("typed", "cents_kept"),
    [("1,000.50", 100050), ("1000.5", 100050), ("1.000,50", None), ("١٢", None), ("9.999", None)],
)
def test_the_back_office_reads_a_price_like_every_page(typed, cents_kept, client, amina, shop):
    client.force_login(amina)
    category = Category.objects.create(name="Groceries")
    packs = {"packs-TOTAL_FORMS": "0", "packs-INITIAL_FORMS": "0"}
    sent = {"name": "Rice", "sku": "RICE", "category": category.pk, "unit": "kilogram", "low_stock_threshold": "0.5"}
    response = client.post(
        "/admin/inventory/product/add/", {**sent, **packs, "buying_price": "1", "selling_price": typed}
    )
    stored = [cents(price) for price in Product.objects.values_list("selling_price", flat=True)]
    assert stored == ([] if cents_kept is None else [cents_kept])
    assert response.status_code == (200 if cents_kept is None else 302)
