"""The lists of the back office answer what they offer, and nothing that only some engines can be asked."""

import pytest
from django.contrib import admin
from django.test import Client

from inventory.models import Category
from smartduka.tests.fuzz import duka

pytestmark = pytest.mark.django_db

LISTS = [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]
BEYOND = "9" * 25


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(duka.open_shop()["root"])
    return client


@pytest.mark.parametrize("address", [each for each in LISTS if "shop" not in each])
@pytest.mark.parametrize(
    "asked", [("id__in", BEYOND), ("pk__regex", "("), ("id__exact", "1"), ("name__iregex", "*"), ("_to_field", "+")]
)
def test_a_question_that_no_list_offers_is_a_bad_request(office, address, asked):
    name, value = asked
    assert office.get(address, {name: value}).status_code == 400


def offered(office: Client, address: str) -> set[str]:
    """Whatever the filters of a list lead to."""
    changelist = office.get(address).context["cl"]
    choices = [choice for each in changelist.filter_specs for choice in each.choices(changelist)]
    return {choice["query_string"] for choice in choices}


@pytest.mark.parametrize("address", [each for each in LISTS if "shop" not in each])
def test_every_filter_that_a_list_offers_is_answered(office, address):
    for question in offered(office, address):
        assert office.get(address + question).status_code == 200, question


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/admin/inventory/product/", "stock"),
        ("/admin/inventory/product/", "category__id__exact"),
        ("/admin/inventory/product/", "is_active__exact"),
        ("/admin/inventory/stockmovement/", "reason__exact"),
        ("/admin/inventory/stockmovement/", "posted_on__gte"),
        ("/admin/sales/tender/", "type"),
        ("/admin/sales/return/", "voided_sale__isempty"),
    ],
)
@pytest.mark.parametrize("value", ["\0", "a\0", "x", BEYOND, "-1", "(", "9999-12-31", "\u202e", "🥬", "'"])
def test_whatever_an_offered_filter_is_asked_for_is_no_server_error(office, address, name, value):
    assert office.get(address, {name: value}).status_code in (200, 302, 400)


@pytest.mark.parametrize("chosen", [BEYOND, "x", "", "-1", "\0", "1.5", "٣"])
def test_rows_that_cannot_be_there_are_no_rows_to_delete(office, chosen):
    sent = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    before = Category.objects.count()
    assert office.post("/admin/inventory/category/", sent).status_code == 400
    assert Category.objects.count() == before


@pytest.mark.parametrize("chosen", [BEYOND, "x", "-1", "1.5", "٣"])
def test_a_right_that_cannot_be_there_is_no_choice(office, chosen):
    response = office.post("/admin/auth/group/add/", {"name": "Helpers", "permissions": chosen})
    assert list(response.context["adminform"].form.errors) == ["permissions"]
