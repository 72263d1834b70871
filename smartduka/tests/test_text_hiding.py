"""What hides in a text is refused, wherever people can type it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from customers.models import Customer
from inventory.models import Category, Pack, Product, Supplier
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_product, a_sale, paid, what_is_written
from smartduka.tests.formfields import typed_fields
from smartduka.tests.words import HIDING

pytestmark = pytest.mark.django_db

AS_SENT = {name: typed for name, typed in HIDING.items() if name != "half a character"}
"""No browser can send half a character; JSON can."""

FORMS = {
    "a count's note": ("/products/BREAD/count/", "note", {"counted": "3"}),
    "a write-off's note": ("/products/BREAD/write-off/", "note", {"quantity": "1"}),
    "an invoice's number": (
        "/products/BREAD/receive/",
        "supplier_reference",
        {"quantity": "1", "counted_in": "unit", "cost": "5", "cost_is_for": "unit"},
    ),
    "a payment's note": ("/customers/{customer}/payment/", "note", {"amount": "5", "type": "cash"}),
    "a slip's number": ("/customers/{customer}/payment/", "reference", {"amount": "5", "type": "card"}),
    "a void's reason": ("/sales/{sale}/void/", "reason", {"type": "cash"}),
    "a customer's name": ("/customers/{customer}/edit/", "name", {"credit_limit": "0", "is_active": "on"}),
    "a customer's notes": (
        "/customers/{customer}/edit/",
        "notes",
        {"name": "Wanjiku", "credit_limit": "0", "is_active": "on"},
    ),
    "a category's name": ("/admin/inventory/category/add/", "name", {}),
    "a supplier's name": ("/admin/inventory/supplier/add/", "name", {"is_active": "on"}),
}
"""Each form in which people write: where, in which field, and what else it needs."""
LONGEST = {"notes": 2000, "note": 200, "reason": 200, "supplier_reference": 40, "reference": 60}
LONGEST_NAME = {"a category's name": 60, "a customer's name": 80, "a supplier's name": 80}


class FormPage:
    """One of the forms, as a browser has it: with its hidden fields."""

    def __init__(self, which: str, office: Client, numbers: dict[str, Any]) -> None:
        address, self.field, self.others = FORMS[which]
        self.office, self.address = office, address.format(**numbers)

    def send(self, typed: str) -> Any:
        form = _form_of(self.office.get(self.address))
        hidden = {field.html_name: field.value() for field in form.hidden_fields()}
        return self.office.post(self.address, {**hidden, **self.others, self.field: typed})

    def errors(self, response: Any) -> list[str]:
        return list(_form_of(response).errors.get(self.field, []))


def _form_of(response: Any) -> Any:
    return response.context.get("form") or response.context["adminform"].form


@pytest.fixture(params=FORMS)
def form(request, office, amina, wanjiku) -> FormPage:
    bread = a_product("Bread", sku="BREAD", stock="10", by=amina)
    sale = a_sale([a_line(bread)], [paid("60")], by=amina)
    return FormPage(request.param, office, {"customer": wanjiku.pk, "sale": sale.number})


def everything() -> tuple[Any, ...]:
    names = [list(model.objects.order_by("pk").values()) for model in (Customer, Category, Supplier, Product)]
    return (*names, what_is_written())


@pytest.mark.parametrize("typed", AS_SENT.values(), ids=AS_SENT)
def test_a_form_refuses_what_hides_and_writes_nothing(typed, form):
    before = everything()
    response = form.send(typed)
    assert response.status_code == 200
    assert form.errors(response)
    assert everything() == before


@pytest.mark.parametrize("sign", ["x", "漢", "🥬"])
def test_a_form_takes_so_many_signs_and_no_more(sign, form, request):
    longest = LONGEST_NAME.get(request.node.callspec.params["form"]) or LONGEST[form.field]
    before = everything()
    assert len(form.errors(form.send(sign * (longest + 1)))) == 1
    assert everything() == before
    assert form.send(sign * longest).status_code == 302
    assert everything() != before


def test_every_model_field_that_people_fill_refuses_what_hides():
    """Fields of facts are left out: what is written there came through a form."""
    for model in (Shop, Category, Supplier, Product, Pack, Customer):
        written = [
            field
            for field in model._meta.concrete_fields
            if field.editable and not field.choices and field.get_internal_type() in ("CharField", "TextField")
        ]
        assert written
        for field in written:
            if (model, field.name) == (Customer, "phone"):
                continue  # parsed into digits before it is looked at
            for typed in HIDING.values():
                with pytest.raises(ValidationError):
                    field.run_validators(typed)


def test_every_field_that_people_type_into_refuses_what_hides():
    """By itself, or because it fills a field of a row that does. What is searched for may be anything."""
    checked = set()
    for form, name, field in typed_fields():
        if name == "q" or form.__qualname__.startswith("Group"):
            continue
        model = getattr(getattr(form, "_meta", None), "model", None)
        filled = {each.name: each for each in model._meta.concrete_fields}.get(name) if model else None
        if (model, name) == (Customer, "phone"):
            continue
        for typed in HIDING.values():
            assert _refuses(field.clean, typed) or (filled and _refuses(filled.run_validators, typed)), (form, name)
        checked.add(name)
    assert checked >= {"name", "notes", "note", "reason", "reference", "first_name", "receipt_footer", "shop_name"}


def _refuses(check: Any, typed: str) -> bool:
    try:
        check(typed)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("typed", HIDING.values(), ids=HIDING)
def test_the_wire_refuses_what_hides_in_a_reference(typed, office, amina):
    bread = a_product("Bread", sku="BREAD", stock="10", by=amina)
    before = what_is_written()
    sale = {
        "client_ref": "0d4c1c62-3b7b-4f0c-9f8e-3d1f0a7e5b11",
        "lines": [{"product": bread.pk, "pack": None, "quantity": "1"}],
        "tenders": [{"type": "card", "amount": "60.00", "reference": typed}],
    }
    response = office.post("/till/sales/", sale, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid"
    assert "tenders.0.reference" in response.json()["error"]["fields"]
    assert what_is_written() == before
