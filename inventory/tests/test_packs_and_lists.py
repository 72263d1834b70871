"""Packs, categories and suppliers in the browser, and the lists in which they are found."""

from decimal import Decimal

import pytest

from inventory.models import Category, Pack, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from inventory.tests.conftest import errors_of, send
from smartduka.tests.builders import a_pack, a_product, a_voucher, diary

pytestmark = pytest.mark.django_db

# --- Packs -------------------------------------------------------------------------------------------------

CRATE = {"name": "Crate of 24", "size": "24", "selling_price": "1,200", "barcode": ""}


def test_a_pack_is_added_once_however_often_it_is_sent(office, bread):
    since = office.get("/products/BREAD/packs/new/").context["form"]["since"].value()
    for _ in range(2):
        answer = office.post("/products/BREAD/packs/new/", CRATE | {"since": since})
        assert answer.headers["Location"] == "/products/BREAD/"
    pack = Pack.objects.get()
    assert (pack.product, pack.size, pack.selling_price, pack.is_active) == (bread, 24, Decimal("1200.00"), True)
    assert diary() == [("master_data_changed", "Crate of 24 of Bread (BREAD)", "", "", "added", "Mwangi")]


def test_a_pack_is_repriced_and_taken_off_sale(office, bread):
    pack = a_pack(bread, "Crate of 24", size=24, price="1200")
    response = send(office, f"/products/BREAD/packs/{pack.pk}/", **CRATE | {"selling_price": "1100"})
    assert response.headers["Location"] == "/products/BREAD/"
    what = "Crate of 24 of Bread (BREAD)"
    assert diary() == [
        ("price_changed", what, "selling price", "1,200", "1,100", "Mwangi"),
        ("master_data_changed", what, "on sale", "yes", "no", "Mwangi"),
    ]
    assert "not on sale" in office.get("/products/BREAD/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "dozen"}, "name"),
        ({"name": "DOZÉN"}, "name"),
        ({"size": "0"}, "size"),
        ({"size": "0.5"}, "size"),
        ({"selling_price": "x"}, "selling_price"),
        ({"barcode": "2010100001010"}, "barcode"),
    ],
)
def test_a_wrong_pack_names_the_field_and_writes_nothing(office, bread, wrong, field):
    a_pack(bread, "Dozen", barcode="2010100001010")
    assert list(errors_of(send(office, "/products/BREAD/packs/new/", **CRATE | wrong))) == [field]
    assert Pack.objects.count() == 1
    assert diary() == []


def test_a_pack_is_reached_through_its_own_product_only(office, bread, amina):
    pack = a_pack(a_product("Milk", by=amina, sku="MILK"))
    assert office.get(f"/products/MILK/packs/{pack.pk}/").status_code == 200
    assert office.get(f"/products/BREAD/packs/{pack.pk}/").status_code == 404


# --- Categories and suppliers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "model", "words"),
    [("categories", Category, {"name": "Bakery"}), ("suppliers", Supplier, {"name": "Bakery", "phone": ""})],
)
def test_a_name_is_added_once_whatever_its_capitals_and_accents(office, place, model, words):
    since = office.get(f"/{place}/new/").context["form"]["since"].value()
    for _ in range(2):
        assert office.post(f"/{place}/new/", words | {"since": since}).headers["Location"] == f"/{place}/"
    for other in ("Bakery", "bakery", "BÁKERY"):
        response = send(office, f"/{place}/new/", **words | {"name": other})
        assert errors_of(response) == {"name": ["There is already one called Bakery."]}
    assert list(model.objects.values_list("name", flat=True)) == ["Bakery"]
    assert len(diary()) == 1


def test_a_category_and_a_supplier_are_renamed(office, bread):
    jumla = Supplier.objects.create(name="Jumla")
    send(office, f"/categories/{bread.category_id}/", name="Mikate")
    send(office, f"/suppliers/{jumla.pk}/", name="Jumla Ltd", phone="0712 000 111")
    assert diary() == [
        ("master_data_changed", "Category Mikate", "name", "Bakery", "Mikate", "Mwangi"),
        ("master_data_changed", "Supplier Jumla Ltd", "name", "Jumla", "Jumla Ltd", "Mwangi"),
        ("master_data_changed", "Supplier Jumla Ltd", "phone", "", "0712 000 111", "Mwangi"),
        ("master_data_changed", "Supplier Jumla Ltd", "active", "yes", "no", "Mwangi"),
    ]


def test_only_what_is_empty_is_deleted_and_once(client, shop, bread, amina):
    client.force_login(amina)
    empty, jumla = Category.objects.create(name="Empty"), Supplier.objects.create(name="Jumla")
    new = Supplier.objects.create(name="New")
    receive_goods([ReceiptLine(bread.pk, 1, Decimal(50), 1)], a_voucher(amina), supplier=jumla)

    def delete(row, place):
        page = client.post(f"/{place}/{row.pk}/delete/", follow=True)
        return [str(message) for message in page.context["messages"]]

    assert delete(bread.category, "categories") == ["Bakery is in use, and stays."]
    assert delete(jumla, "suppliers") == ["Jumla is in use, and stays."]
    assert diary() == []
    assert [delete(empty, "categories"), delete(empty, "categories")] == [["Empty is deleted."], []]
    assert delete(new, "suppliers") == ["New is deleted."]
    assert [entry[1:5] for entry in diary()] == [
        ("Category Empty", "", "", "deleted"),
        ("Supplier New", "", "", "deleted"),
    ]
    assert list(Category.objects.values_list("name", flat=True)) == ["Bakery"]
    assert list(Supplier.objects.values_list("name", flat=True)) == ["Jumla"]


def test_lists_are_searched_and_say_how_to_fill_them(office, bread):
    assert "No suppliers yet" in office.get("/suppliers/").content.decode()
    Supplier.objects.create(name="Café Jumla", phone="0712 000 111")
    Supplier.objects.create(name="Zamani", is_active=False)
    expected = {
        "/suppliers/": ["Café Jumla"],
        "/suppliers/?q=CAFE": ["Café Jumla"],
        "/suppliers/?q=000": ["Café Jumla"],
        "/suppliers/?q=%25": [],
        "/suppliers/?off=1": ["Zamani"],
        "/categories/": ["Bakery"],
        "/categories/?q=BÁK": ["Bakery"],
        "/categories/?q=x": [],
    }
    found = {address: [row.name for row in office.get(address).context["page"]] for address in expected}
    assert found == expected
