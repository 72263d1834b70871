"""The whole back office: every list and page opens, facts stay as they are, and owners stay owners."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from inventory.receipts import ReceiptLine, receive_goods
from sales import payments
from sales.models import Sale, Tender
from smartduka.models import Shop
from smartduka.tests.builders import (
    FACTS,
    a_line,
    a_pack,
    a_product,
    a_sale,
    a_user,
    a_voucher,
    paid,
    what_is_written,
)  # fmt: skip

pytestmark = pytest.mark.django_db

READ_ONLY = [
    model for model, place in admin.site._registry.items() if model in FACTS or hasattr(place, "number_prefix")
]


@pytest.fixture
def traded(shop, amina, otieno, wanjiku):
    """A shop in which a little of everything has happened."""
    bread = a_product("Bread", by=amina, stock="50", price="60", cost="41.37")
    pack = a_pack(bread, size=12)
    receive_goods([ReceiptLine(bread.pk, 24, Decimal("496.44"), 12, pack)], a_voucher(amina))
    for _ in range(3):
        a_sale(
            [a_line(bread, "2"), a_line(bread, "1", pack=pack)],
            [paid("700"), paid("80", "on_account")],
            by=otieno, customer=wanjiku, due_on=date(2026, 7, 1),
        )  # fmt: skip
    payments.receive_payment(wanjiku.pk, paid("100", "mpesa", "QBC2DE3FG4"), a_voucher(otieno))
    return shop


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row, kind="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}", args=[row.pk])


def test_facts_are_all_here():
    assert {model.__name__ for model in READ_ONLY} == {
        "CashMovement", "GoodsReceipt", "LedgerEntry", "Payment", "Return", "Sale", "SaleLine", "StockMovement",
        "Tender", "TillSession",
    }  # fmt: skip


def test_every_list_and_every_page_opens_for_the_owner(office, traded):
    for model in admin.site._registry:
        if model is Permission:
            continue
        response = office.get(list_of(model), follow=model is Shop)
        assert response.status_code == 200, model
        for row in model.objects.all()[:3]:
            assert office.get(page_of(row)).status_code == 200, row


def test_every_list_is_searched_and_every_filter_filters(office, traded):
    for model, place in admin.site._registry.items():
        if not place.search_fields:
            continue
        response = office.get(list_of(model), {"q": "QBC2DE3FG4"})
        assert response.status_code == 200, model
        for each in response.context["cl"].filter_specs:
            for choice in each.choices(response.context["cl"]):
                assert office.get(list_of(model) + choice["query_string"]).status_code == 200, (model, choice)


@pytest.mark.parametrize("text", ["\x00", "S-000001", "s-999999", "x" * 3000, "'; --"])
def test_no_search_is_too_odd(office, traded, text):
    for model, place in admin.site._registry.items():
        if place.search_fields:
            assert office.get(list_of(model), {"q": text}).status_code == 200, model


def test_a_fact_is_found_by_its_printed_number(office, traded):
    sale = Sale.objects.last()
    found = office.get(list_of(Sale), {"q": sale.number.lower()}).context["cl"].result_list
    assert list(found) == [sale]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_nobody_adds_changes_or_deletes_a_fact(client, traded, superuser, model):
    client.force_login(superuser)
    before = what_is_written()
    assert client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")).status_code == 403
    for row in model.objects.all():
        assert client.post(page_of(row), {"amount": "1", "total": "1"}).status_code == 403
        assert client.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [row.pk for row in model.objects.all()], "post": "yes"}
    client.post(list_of(model), sent)
    assert what_is_written() == before


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_a_list_of_facts_takes_as_many_queries_for_few_as_for_many(
    office, traded, amina, otieno, wanjiku, model, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14) as first:
        office.get(list_of(model))
    bread = a_product("Milk", by=amina, stock="500")
    for _ in range(12):
        a_sale([a_line(bread)], [paid("10"), paid("50", "on_account")], by=otieno, customer=wanjiku)
    with django_assert_max_num_queries(len(first)):
        office.get(list_of(model))


def test_a_sale_shows_its_cost_only_to_who_may_see_costs(client, traded):
    clerk = a_user("Clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_sale"))
    pages = [page_of(Sale.objects.first()), "/admin/sales/saleline/", page_of(Sale.objects.first().lines.first())]
    client.force_login(clerk)
    for page in pages:
        assert "cost" not in client.get(page).content.decode().lower()
    clerk.user_permissions.add(Permission.objects.get(codename="view_cost"))
    for page in pages:
        assert "82.74" in client.get(page).content.decode()


# --- Who gets in -------------------------------------------------------------------------------------------


def test_a_cashier_does_not_get_in(client, otieno, traded):
    client.force_login(otieno)
    for page in ("/admin/", "/admin/inventory/product/", page_of(Tender.objects.first())):
        assert client.get(page).status_code == 302
        assert "who may not see that page" in client.get(page, follow=True).content.decode()


def test_the_shop_is_one(office, shop):
    assert office.get("/admin/smartduka/shop/").headers["Location"] == "/admin/smartduka/shop/1/change/"
    assert office.get("/admin/smartduka/shop/add/").status_code == 403
    assert office.get("/admin/smartduka/shop/1/delete/").status_code == 403
    sent = {"name": "Duka mpya", "phone": "", "kra_pin": "", "receipt_footer": "", "paper": "58"}
    sent |= {"rounding_step": "5", "day_turns_at": "4"}
    assert office.post("/admin/smartduka/shop/1/change/", sent).status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.paper, shop.rounding_step, shop.day_turns_at) == ("Duka mpya", "58", 5, 4)


def test_a_shop_without_settings_gets_them(client, amina):
    client.force_login(amina)
    assert client.get("/admin/smartduka/shop/").headers["Location"] == "/admin/smartduka/shop/add/"
    sent = {
        "name": "Duka",
        "phone": "",
        "kra_pin": "",
        "receipt_footer": "",
        "paper": "80",
        "rounding_step": "1",
        "day_turns_at": "0",
    }
    assert client.post("/admin/smartduka/shop/add/", sent).status_code == 302
    assert Shop.objects.get().name == "Duka"
