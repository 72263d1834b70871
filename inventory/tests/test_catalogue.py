"""Products in the browser: added, edited, and never written over unseen."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from inventory import catalogue
from inventory.models import Category, Pack, Product
from inventory.receipts import ReceiptLine, receive_goods
from inventory.tests.conftest import BREAD, errors_of, rows, send, words_of
from smartduka.refusals import Refusal
from smartduka.tests.builders import a_pack, a_product, a_user, a_voucher, diary, receive

pytestmark = pytest.mark.django_db

# --- Products ----------------------------------------------------------------------------------------------


def test_a_manager_adds_a_product_with_a_sku_made_from_its_name(office):
    bakery = Category.objects.create(name="Bakery")
    words = BREAD | {"category": bakery.pk, "name": "Mkate 400 g", "sku": "", "low_stock_threshold": "5"}
    response = send(office, "/products/new/", **words)
    assert response.headers["Location"] == "/products/MKATE-400-G/"
    added = Product.objects.get()
    assert (added.name, added.category, added.selling_price) == ("Mkate 400 g", bakery, Decimal("60.00"))
    assert (added.low_stock_threshold, added.stock_quantity, added.is_active) == (5, 0, True)
    assert diary() == [("master_data_changed", "Mkate 400 g (MKATE-400-G)", "", "", "added", "Mwangi")]


@pytest.mark.parametrize("sku", ["", "BRD"])
def test_a_product_that_was_sent_twice_is_added_once(office, sku):
    words = BREAD | {"category": Category.objects.create(name="Bakery").pk, "sku": sku}
    since = office.get("/products/new/").context["form"]["since"].value()
    answers = [office.post("/products/new/", words | {"since": since}) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/products/{sku or 'BREAD'}/"] * 2
    assert (Product.objects.count(), len(diary())) == (1, 1)


def test_a_second_product_of_one_name_is_another_kind_of_goods(office, bread):
    send(office, "/products/new/", **words_of(bread, sku=""))
    assert sorted(Product.objects.values_list("sku", flat=True)) == ["BREAD", "BREAD-2"]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 121}, "name", "120"),
        ({"category": ""}, "category", "required"),
        ({"category": "999"}, "category", "valid choice"),
        ({"sku": "a b"}, "sku", "A–Z"),
        ({"sku": "TAKEN"}, "sku", "already exists"),
        ({"unit": "furlong"}, "unit", "valid choice"),
        ({"selling_price": "-1"}, "selling_price", "1,000.50"),
        ({"selling_price": "1.000,50"}, "selling_price", "1,000.50"),
        ({"selling_price": ""}, "selling_price", "required"),
        ({"buying_price": ""}, "buying_price", "required"),
        ({"floor_price": "61"}, "__all__", "floor price cannot be above"),
        ({"low_stock_threshold": "0.5"}, "low_stock_threshold", "whole number"),
        ({"barcode": "2000100000014"}, "barcode", "already exists"),
        ({"barcode": "2010100001010"}, "barcode", "on a pack"),
        ({"since": ""}, "since", "Load this page again"),
    ],
)
def test_a_wrong_product_names_the_field_keeps_what_was_typed_and_writes_nothing(office, amina, wrong, field, said):
    other = a_product("Other", by=amina, sku="TAKEN", barcode="2000100000014")
    a_pack(other, barcode="2010100001010")
    before = rows(Product)
    response = send(office, "/products/new/", **words_of(other, name="Mkate", sku="MK", floor_price="55") | wrong)
    errors = errors_of(response)
    assert list(errors) == [field]
    assert said in errors[field][0]
    if field not in ("name", "since"):
        assert 'value="Mkate"' in response.content.decode()
    assert rows(Product) == before
    assert diary() == []


def test_each_changed_fact_of_a_product_is_written_down(office, bread):
    dairy = Category.objects.create(name="Dairy")
    changed = {
        "name": "Maziwa", "sku": "maziwa-1", "category": dairy.pk, "unit": "litre", "selling_price": "170",
        "floor_price": "150.50", "buying_price": "120", "low_stock_threshold": "0.5", "barcode": "2000100000014",
    }  # fmt: skip
    words = BREAD | changed
    del words["is_active"], words["is_counted"]
    response = send(office, "/products/BREAD/edit/", **words)
    assert response.headers["Location"] == "/products/MAZIWA-1/"
    what, who = "Maziwa (MAZIWA-1)", "Mwangi"
    assert diary() == [
        ("master_data_changed", what, "name", "Bread", "Maziwa", who),
        ("master_data_changed", what, "SKU", "BREAD", "MAZIWA-1", who),
        ("master_data_changed", what, "barcode", "", "2000100000014", who),
        ("master_data_changed", what, "category", "Bakery", "Dairy", who),
        ("master_data_changed", what, "unit", "piece", "litre", who),
        ("price_changed", what, "selling price", "60", "170", who),
        ("price_changed", what, "floor price", "", "150.50", who),
        ("price_changed", what, "buying price", "50", "120", who),
        ("master_data_changed", what, "low-stock threshold", "0", "0.5 l", who),
        ("master_data_changed", what, "stock is counted", "yes", "no", who),
        ("master_data_changed", what, "on sale", "yes", "no", who),
    ]
    bread.refresh_from_db()
    assert (bread.selling_price, bread.low_stock_threshold, bread.is_active) == (Decimal("170.00"), 500, False)


def test_editing_without_a_change_writes_nothing(office, bread):
    before = rows(Product)
    assert send(office, "/products/BREAD/edit/", **words_of(bread)).status_code == 302
    assert send(office, "/products/BREAD/edit/", **words_of(bread, sku="")).status_code == 302
    assert rows(Product) == before
    assert diary() == []


def test_an_edit_sent_twice_is_written_once(office, bread):
    seen = office.get("/products/BREAD/edit/").context["form"]["seen"].value()
    for _ in range(2):
        answer = office.post("/products/BREAD/edit/", words_of(bread, seen=seen, selling_price="70"))
        assert answer.headers["Location"] == "/products/BREAD/"
    assert diary() == [("price_changed", "Bread (BREAD)", "selling price", "60", "70", "Mwangi")]


def test_a_price_that_somebody_else_changed_is_not_overwritten(office, bread, amina):
    seen = office.get("/products/BREAD/edit/").context["form"]["seen"].value()
    bread.selling_price = Decimal(75)
    catalogue.save(bread, by=amina, fields={"selling_price"})
    before = rows(Product)

    words = words_of(bread, seen=seen, name="Mkate", selling_price="60")
    response = office.post("/products/BREAD/edit/", words)

    errors = errors_of(response)
    assert set(errors) == {"__all__", "selling_price"}
    assert errors["selling_price"] == ["Amina changed this meanwhile: it is now 75."]
    shown = response.content.decode()
    assert 'value="Mkate"' in shown
    assert 'value="60"' in shown
    assert rows(Product) == before
    assert len(diary()) == 1

    words["seen"] = response.context["form"]["seen"].value()
    assert f'value="{words["seen"]}"' in shown
    assert office.post("/products/BREAD/edit/", words).status_code == 302
    bread.refresh_from_db()
    assert (bread.name, bread.selling_price) == ("Mkate", Decimal("60.00"))


def test_without_the_mark_the_price_of_the_other_is_lost(bread, amina, mwangi):
    """The control of the test above: this is what the mark keeps from happening."""
    mine = Product.objects.get(pk=bread.pk)
    bread.selling_price = Decimal(75)
    catalogue.save(bread, by=amina, fields={"selling_price"})
    catalogue.save(mine, by=mwangi, fields={"name", "selling_price"})
    bread.refresh_from_db()
    assert bread.selling_price == Decimal("60.00")


def test_the_mark_survives_another_mistake(office, bread, amina):
    """A form that came back for a wrong name still knows how the price was when it was first shown."""
    seen = office.get("/products/BREAD/edit/").context["form"]["seen"].value()
    bread.selling_price = Decimal(75)
    catalogue.save(bread, by=amina, fields={"selling_price"})
    response = office.post("/products/BREAD/edit/", words_of(bread, seen=seen, name=""))
    assert errors_of(response) == {"name": ["This field is required."]}
    assert f'name="seen" value="{seen}"' in response.content.decode()


def test_what_the_same_two_people_changed_alike_is_no_conflict(office, bread, amina):
    seen = office.get("/products/BREAD/edit/").context["form"]["seen"].value()
    bread.selling_price = Decimal(75)
    catalogue.save(bread, by=amina, fields={"selling_price"})
    words = words_of(bread, seen=seen, name="Mkate", selling_price="75")
    assert office.post("/products/BREAD/edit/", words).status_code == 302


def test_stock_that_moved_and_a_cost_that_came_in_meanwhile_stay(office, bread, amina):
    """The edit writes what was typed, and never the stock that the page happened to have read."""
    mine = Product.objects.get(pk=bread.pk)
    receive_goods([ReceiptLine(bread.pk, 10, Decimal(55), 1)], a_voucher(amina))
    mine.name = "Mkate"
    catalogue.save(mine, by=amina, fields={"name"})
    bread.refresh_from_db()
    assert (bread.name, bread.stock_quantity, bread.buying_price) == ("Mkate", 10, Decimal("55.00"))


def test_the_unit_of_goods_that_the_books_count_does_not_change(office, bread, amina):
    receive(bread, "5", "50", by=amina)
    before = rows(Product)
    response = send(office, "/products/BREAD/edit/", **words_of(bread, unit="kilogram"))
    sentence = "The books count Bread in pieces. Make a new product instead."
    assert errors_of(response) == {"unit": [sentence]}
    bread.refresh_from_db()
    bread.unit = "kilogram"
    with pytest.raises(Refusal, match="The books count Bread in pieces"):
        catalogue.save(bread, by=amina, fields={"unit"})
    assert rows(Product) == before


def test_goods_on_the_shelf_do_not_stop_being_counted(bread, amina):
    receive(bread, "5", "50", by=amina)
    bread.refresh_from_db()
    before = rows(Product)
    bread.is_counted = False
    with pytest.raises(Refusal, match="There is 5 on the shelf: count or write it off first"):
        catalogue.save(bread, by=amina, fields={"is_counted"})
    assert rows(Product) == before


def test_a_barcode_is_on_a_product_or_on_a_pack_never_on_both(bread, amina):
    carton = a_pack(bread, barcode="2010000000017")
    bread.barcode = "2010000000017"
    with pytest.raises(Refusal, match="This barcode is on a pack"):
        catalogue.save(bread, by=amina, fields={"barcode"})
    bread.refresh_from_db()
    bread.barcode = "2000000000015"
    catalogue.save(bread, by=amina, fields={"barcode"})
    carton.barcode = "2000000000015"
    with pytest.raises(Refusal, match="This barcode is on a product"):
        catalogue.save(carton, by=amina, fields={"barcode"})
    assert (Product.objects.get().barcode, Pack.objects.get().barcode) == ("2000000000015", "2010000000017")


def test_goods_off_sale_with_stock_left_are_pointed_out_and_come_back(office, bread, amina):
    receive(bread, "5", "50", by=amina)
    words = words_of(bread)
    del words["is_active"]
    page = office.get(send(office, "/products/BREAD/edit/", **words).headers["Location"]).content.decode()
    assert "5 of it are still on the shelf" in page
    send(office, "/products/BREAD/edit/", **words_of(bread))
    assert [entry[2:5] for entry in diary()] == [("on sale", "yes", "no"), ("on sale", "no", "yes")]


def test_who_may_see_no_cost_edits_without_it(client, shop, bread):
    clerk = a_user("Clerk")
    for right in ("view_product", "change_product"):
        clerk.user_permissions.add(Permission.objects.get(codename=right))
    client.force_login(clerk)
    assert "uying" not in client.get("/products/BREAD/edit/").content.decode()
    forged = words_of(bread, buying_price="1", selling_price="65")
    assert send(client, "/products/BREAD/edit/", **forged).status_code == 302
    bread.refresh_from_db()
    assert (bread.selling_price, bread.buying_price) == (Decimal("65.00"), Decimal("50.00"))


# --- The back office writes the same -----------------------------------------------------------------------


def test_a_price_changed_in_the_back_office_is_written_down_too(client, shop, bread, amina):
    client.force_login(amina)
    words = words_of(bread, selling_price="65") | {"packs-TOTAL_FORMS": 1, "packs-INITIAL_FORMS": 0}
    words |= {"packs-0-name": "Dozen", "packs-0-size": "12", "packs-0-selling_price": "700"}
    assert client.post(f"/admin/inventory/product/{bread.pk}/change/", words).status_code == 302
    assert diary() == [
        ("price_changed", "Bread (BREAD)", "selling price", "60", "65", "Amina"),
        ("master_data_changed", "Dozen of Bread (BREAD)", "", "", "added", "Amina"),
    ]


def test_what_is_refused_in_the_back_office_is_said_there(client, shop, bread, amina, monkeypatch):
    monkeypatch.setattr("inventory.forms.ProductForm.clean_unit", lambda form: form.cleaned_data["unit"])
    receive(bread, "5", "50", by=amina)
    client.force_login(amina)
    words = words_of(bread, unit="kilogram") | {"packs-TOTAL_FORMS": 0, "packs-INITIAL_FORMS": 0}
    page = client.post(f"/admin/inventory/product/{bread.pk}/change/", words, follow=True)
    assert "Make a new product instead" in page.content.decode()
    bread.refresh_from_db()
    assert bread.unit == "piece"
