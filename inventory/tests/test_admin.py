"""The shelf in the back office."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from inventory.models import Category, Pack, Product
from smartduka.tests.builders import a_pack, a_product, a_user, what_is_written

pytestmark = pytest.mark.django_db

LIST = "/admin/inventory/product/"
NEW = "/admin/inventory/product/add/"


@pytest.fixture
def office(client, amina, shop):
    client.force_login(amina)
    return client


@pytest.fixture
def groceries(db):
    return Category.objects.create(name="Groceries")


def page_of(product):
    return reverse("admin:inventory_product_change", args=[product.pk])


def words(category, *packs, existing=0, **changed):
    """What the form of a product sends."""
    sent = {
        "name": "Bread", "sku": "", "barcode": "", "category": category.pk, "unit": "piece",
        "selling_price": "60", "floor_price": "", "buying_price": "50", "low_stock_threshold": "0",
        "is_counted": "on", "is_active": "on",
        "packs-TOTAL_FORMS": len(packs), "packs-INITIAL_FORMS": existing,
    }  # fmt: skip
    for number, pack in enumerate(packs):
        sent |= {f"packs-{number}-{field}": value for field, value in pack.items()}
    return sent | changed


def errors_of(response):
    assert response.status_code == 200
    context = response.context
    found = {field: list(said) for field, said in context["adminform"].form.errors.items()}
    for formset in context["inline_admin_formsets"]:
        for form in formset.formset.forms:
            found |= {f"pack.{field}": list(said) for field, said in form.errors.items()}
    return found


# --- SKU, threshold, packs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"), [("", "BREAD-400-G-2"), ("  brd-4 ", "BRD-4"), ("BREAD-400-G.X", "BREAD-400-G.X")]
)
def test_a_sku_is_proposed_from_the_name_or_written_properly(office, groceries, amina, typed, kept):
    a_product("Other", by=amina, sku="BREAD-400-G")
    response = office.post(NEW, words(groceries, name="Bread 400 g", sku=typed))
    assert Product.objects.get(name="Bread 400 g").sku == kept
    assert response.headers["Location"] == f"/products/{kept}/"


@pytest.mark.parametrize("sku", ["bread", "a b", "a/b", "X" * 41])
def test_a_sku_that_is_taken_or_misshapen_is_refused(office, groceries, amina, sku):
    a_product("Other", by=amina, sku="BREAD")
    assert list(errors_of(office.post(NEW, words(groceries, sku=sku)))) == ["sku"]
    assert Product.objects.count() == 1


@pytest.mark.parametrize("sku", ["a b", "a/b", "É", "X" * 41])
def test_a_misshapen_sku_is_refused_on_a_page_that_leads_to_the_product_as_it_is(office, groceries, amina, sku):
    bread = a_product("Bread", by=amina, sku="BREAD")
    response = office.post(page_of(bread), words(groceries, sku=sku))
    assert list(errors_of(response)) == ["sku"]
    assert 'href="/products/BREAD/"' in response.content.decode()


@pytest.mark.parametrize(
    ("unit", "typed", "kept"), [("kilogram", "0.5", 500), ("piece", "12", 12), ("litre", "0", 0)]
)
def test_the_threshold_is_typed_in_units(office, groceries, unit, typed, kept):
    office.post(NEW, words(groceries, unit=unit, low_stock_threshold=typed))
    product = Product.objects.get()
    assert product.low_stock_threshold == kept
    assert f'name="low_stock_threshold" value="{typed}"' in office.get(page_of(product)).content.decode()


@pytest.mark.parametrize("typed", ["0.5", "-1", "", "x", "1e3"])
def test_a_wrong_threshold_is_refused(office, groceries, typed):
    assert list(errors_of(office.post(NEW, words(groceries, low_stock_threshold=typed)))) == ["low_stock_threshold"]
    assert not Product.objects.exists()


def test_packs_are_typed_in_units_of_the_product(office, groceries):
    sack = {"name": "Sack", "size": "50", "selling_price": "7,500", "barcode": "", "is_active": "on"}
    office.post(NEW, words(groceries, sack, name="Sugar", unit="kilogram"))
    pack = Pack.objects.get()
    assert (pack.size, pack.selling_price, pack.barcode) == (50_000, Decimal("7500.00"), None)
    assert 'name="packs-0-size" value="50"' in office.get(page_of(pack.product)).content.decode()


def test_saving_a_product_again_changes_nothing(office, groceries, amina):
    product = a_product("Sugar", by=amina, sku="SUGAR", unit="kilogram", stock="2", low_stock_threshold=500)
    pack = a_pack(product, "Sack", size=50_000, price="7500")
    rows = Product.objects.values_list(), Pack.objects.values_list()
    before = [list(row.all()) for row in rows]
    kept = {"id": pack.pk, "product": product.pk, "name": "Sack", "size": "50", "selling_price": "7500.00"}
    sent = words(
        groceries, kept | {"is_active": "on"}, existing=1, name="Sugar", sku="SUGAR", unit="kilogram",
        selling_price="60.00", buying_price="50.00", low_stock_threshold="0.5",
    )  # fmt: skip
    response = office.post(page_of(product), sent)
    assert response.status_code == 302
    assert [list(row.all()) for row in rows] == before


@pytest.mark.parametrize(
    ("pack", "field"),
    [
        ({"size": "0"}, "pack.size"),
        ({"size": "0.5"}, "pack.size"),
        ({"selling_price": "-1"}, "pack.selling_price"),
        ({"barcode": "2000100000014"}, "pack.barcode"),
        ({"barcode": "on the product"}, "pack.barcode"),
    ],
)
def test_a_wrong_pack_is_refused_with_its_product(office, groceries, pack, field):
    right = {"name": "Carton", "size": "12", "selling_price": "600", "barcode": ""}
    response = office.post(NEW, words(groceries, right | pack, barcode="2000100000014"))
    assert list(errors_of(response)) == [field]
    assert not Product.objects.exists()


def test_a_broken_unit_is_refused(office, groceries):
    pack = {"name": "Carton", "size": "12", "selling_price": "600", "barcode": ""}
    assert list(errors_of(office.post(NEW, words(groceries, pack, unit="furlong")))) == ["unit"]
    assert not Product.objects.exists()


def test_the_unit_of_goods_that_the_books_count_does_not_change(office, groceries, amina):
    counted = a_product("Bread", by=amina, sku="BREAD", stock="5")
    response = office.post(page_of(counted), words(groceries, sku="BREAD", unit="kilogram"))
    assert list(errors_of(response)) == ["unit"]
    never_moved = a_product("Bread", by=amina, sku="BREAD-2")
    assert office.post(page_of(never_moved), words(groceries, sku="BREAD-2", unit="kilogram")).status_code == 302
    assert set(Product.objects.values_list("sku", "unit")) == {("BREAD", "piece"), ("BREAD-2", "kilogram")}


def test_constraints_speak_in_sentences(office, groceries):
    response = office.post(NEW, words(groceries, floor_price="70"))
    assert errors_of(response) == {"__all__": ["The floor price cannot be above the selling price."]}
    assert not Product.objects.exists()


def test_stock_and_cost_are_shown_and_cannot_be_typed(office, groceries, amina):
    product = a_product("Bread", by=amina, sku="BREAD", stock="5", cost="50")
    before = what_is_written()
    forged = words(groceries, sku="BREAD", stock_quantity="999", average_cost="1", stock="999")
    assert office.post(page_of(product), forged).status_code == 302
    assert what_is_written() == before


# --- The list ----------------------------------------------------------------------------------------------


def listed(response):
    return [product.sku for product in response.context["cl"].result_list]


def test_products_are_searched_and_filtered(office, amina):
    bread = a_product("Bread", by=amina, sku="BREAD", stock="2", low_stock_threshold=2, barcode="2000100000014")
    a_product("Milk", by=amina, sku="MILK", stock="9", category="Dairy")
    a_product("Tea", by=amina, sku="TEA", stock="9", is_active=False)
    a_pack(bread, barcode="2010100001010")
    dairy = Category.objects.get(name="Dairy").pk
    expected = {
        "?q=bre": ["BREAD"],
        "?q=mil": ["MILK"],
        "?q=2000100000014": ["BREAD"],
        "?q=2010100001010": ["BREAD"],
        "?stock=low": ["BREAD"],
        "?is_active__exact=0": ["TEA"],
        f"?category__id__exact={dairy}": ["MILK"],
        "": ["BREAD", "MILK", "TEA"],
    }
    assert {query: listed(office.get(LIST + query)) for query in expected} == expected


def test_the_list_shows_stock_in_units_the_low_stock_flag_and_profit(office, amina):
    a_product("Sugar", by=amina, stock="0.25", unit="kilogram", price="160", cost="148.50", low_stock_threshold=500)
    shown = office.get(LIST).content.decode()
    for fact in ("0.25 kg", "LOW", "11.50"):
        assert fact in shown


def test_the_list_takes_the_same_queries_for_1_and_for_40_products(office, amina, django_assert_num_queries):
    a_product("Bread", by=amina)
    with django_assert_num_queries(8):
        office.get(LIST)
    for number in range(40):
        a_product(f"Soap {number}", by=amina)
    with django_assert_num_queries(8):
        assert len(listed(office.get(LIST))) == 41


# --- Costs are for who may see them ------------------------------------------------------------------------


@pytest.fixture
def clerk(client, shop):
    """Somebody who keeps the catalogue and may see no cost."""
    clerk = a_user("Clerk", is_staff=True)
    for right in ("add_product", "change_product", "view_product", "view_pack", "view_stockmovement"):
        clerk.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(clerk)
    return client


def test_who_may_see_no_cost_sees_none(clerk, amina):
    product = a_product("Bread", by=amina, sku="BREAD", stock="2", price="60", cost="48.37")
    movement = product.movements.get()
    for page in (LIST, page_of(product), "/admin/inventory/stockmovement/"):
        shown = clerk.get(page).content.decode()
        for secret in ("48.37", "96.74", "11.63", "rofit", "Average cost", "Buying price"):
            assert secret not in shown, page
    shown = clerk.get(f"/admin/inventory/stockmovement/{movement.pk}/change/").content.decode()
    assert "48.37" not in shown


def test_who_may_see_no_cost_keeps_it_when_changing_a_product_and_types_it_for_a_new_one(clerk, amina, groceries):
    product = a_product("Bread", by=amina, sku="BREAD", cost="48.37")
    forged = words(groceries, sku="BREAD", selling_price="65", buying_price="1")
    honest = {field: value for field, value in forged.items() if field != "buying_price"}
    for sent in (forged, honest):
        assert clerk.post(page_of(product), sent).status_code == 302
        product.refresh_from_db()
        assert (product.selling_price, product.buying_price) == (Decimal("65.00"), Decimal("48.37"))
    assert clerk.post(NEW, words(groceries, name="Milk")).status_code == 302
    assert Product.objects.get(name="Milk").buying_price == Decimal("50.00")


# --- Deleting ----------------------------------------------------------------------------------------------


def test_what_has_a_history_is_protected(office, amina):
    product = a_product("Bread", by=amina, stock="2")
    category = product.category
    before = what_is_written()
    for model, row in (("product", product), ("category", category)):
        page = f"/admin/inventory/{model}/{row.pk}/delete/"
        shown = office.get(page)
        assert shown.status_code == 200
        assert "would require deleting the following protected related objects" in shown.content.decode()
        assert "protected" in office.post(page, {"post": "yes"}).content.decode()
        chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        assert "protected" in office.post(f"/admin/inventory/{model}/", chosen).content.decode()
    assert what_is_written() == before
    assert Category.objects.filter(pk=category.pk).exists()


def test_what_has_no_history_is_deleted(office, amina):
    product = a_product("Bread", by=amina)
    assert office.post(f"/admin/inventory/product/{product.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Product.objects.exists()
