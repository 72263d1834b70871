"""The shelf in the browser."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.urls import reverse

from inventory.models import Category, Product
from smartduka.tests.builders import a_pack, a_product, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(amina):
    return a_product("Bread", by=amina, stock="8", cost="50", price="60", sku="BREAD", low_stock_threshold=3)


# --- The list ----------------------------------------------------------------------------------------------


def names(response):
    return [product.name for product in response.context["page"]]


def test_products_are_found_by_name_sku_barcode_category_and_low_stock(shopkeeper, bread, sugar, amina):
    a_product("Old tea", by=amina, sku="TEA", barcode="2000100000014", is_active=False)
    a_product("Milk", by=amina, sku="MILK", stock="3", low_stock_threshold=3, category="Dairy")
    dairy = Category.objects.get(name="Dairy").pk
    expected = {
        "": ["Bread", "Milk", "Sugar"],
        "?q=br": ["Bread"],
        "?q=sugar": ["Sugar"],
        "?q=nothing": [],
        "?low=1": ["Milk"],
        "?off=1": ["Old tea"],
        "?off=1&q=2000100000014": ["Old tea"],
        f"?category={dairy}": ["Milk"],
    }
    assert {query: names(shopkeeper.get(f"/products/{query}")) for query in expected} == expected


@pytest.mark.parametrize(
    "query",
    ["?q=%00", "?page=x", "?page=99999999999999999999", "?page=-1", "?category=x", "?category=0", "?q=" + "a" * 200],
)
def test_what_cannot_be_understood_is_not_looked_for(shopkeeper, bread, query):
    assert names(shopkeeper.get(f"/products/{query}")) == ["Bread"]


def test_the_list_takes_the_same_queries_for_2_and_for_60_products(
    shopkeeper, bread, sugar, amina, django_assert_num_queries
):
    shopkeeper.get("/products/")
    with django_assert_num_queries(6):
        assert len(names(shopkeeper.get("/products/"))) == 2
    for number in range(60):
        a_product(f"Soap {number}", by=amina, category=f"Category {number % 7}")
    with django_assert_num_queries(6):
        assert len(names(shopkeeper.get("/products/"))) == 50
    assert len(names(shopkeeper.get("/products/?page=2"))) == 12


def test_costs_and_profit_are_shown_only_to_who_may_see_them(client, amina, otieno, sugar, shop):
    """150 shillings of cost and 10 of profit stand nowhere on a cashier's page."""
    Product.objects.filter(pk=sugar.pk).update(buying_price=Decimal("151.37"), selling_price=Decimal("160.00"))
    for page in ("/products/", "/products/SUGAR/"):
        client.force_login(amina)
        shown = client.get(page).content.decode()
        assert "Profit per item" in shown
        assert "8.63" in shown
        client.force_login(otieno)
        shown = client.get(page).content.decode()
        assert "160" in shown
        for secret in ("Profit", "Cost", "151.37", "140", "8.63"):
            assert secret not in shown


# --- One product -------------------------------------------------------------------------------------------


def test_a_product_shows_its_newest_movements_first(shopkeeper, bread, amina):
    receive(bread, "4", "56", by=amina, at=datetime(2026, 6, 24, 6, 30, tzinfo=UTC))
    response = shopkeeper.get("/products/BREAD/")
    assert [movement.quantity_after for movement in response.context["page"]] == [12, 8]
    shown = response.content.decode()
    assert "24 Jun 2026, 09:30" in shown
    assert "+4" in shown


def test_the_product_page_takes_the_same_queries_for_1_and_for_30_movements(
    shopkeeper, bread, amina, django_assert_num_queries
):
    a_pack(bread)
    with django_assert_num_queries(7):
        shopkeeper.get("/products/BREAD/")
    for _ in range(30):
        receive(bread, "1", "50", by=amina)
    with django_assert_num_queries(7):
        assert len(shopkeeper.get("/products/BREAD/").context["page"]) == 25
    assert len(shopkeeper.get("/products/BREAD/?page=2").context["page"]) == 6


def test_a_cashier_sees_the_product_without_its_movements(client, otieno, bread, shop):
    client.force_login(otieno)
    response = client.get("/products/BREAD/")
    assert "page" not in response.context
    assert "Receive" not in response.content.decode()


@pytest.mark.parametrize("sku", ["NONE", "bread", "a/b", "%00", "X" * 41, "ÄÖ"])
@pytest.mark.parametrize("page", ["", "receive/", "count/", "write-off/"])
def test_a_product_that_is_not_there_is_not_found(shopkeeper, bread, sku, page):
    assert shopkeeper.get(f"/products/{quote(sku, safe='%/')}/{page}").status_code == 404


def test_every_proper_sku_is_an_address(shopkeeper, amina):
    odd = a_product("Odd", by=amina, sku="A.B_C-1.")
    for name in ("product", "product-receive", "product-count", "product-write-off"):
        assert shopkeeper.get(reverse(name, args=[odd.sku])).status_code == 200
