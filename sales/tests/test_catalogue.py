"""What the till reads: the catalogue and the customers, for who may sell, and no more than a cashier may know."""

import gzip
from decimal import Decimal

import pytest
from django.db import transaction

from customers import ledger as customer_ledger
from inventory.models import Product
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_customer, a_pack, a_product, a_voucher

pytestmark = pytest.mark.django_db

CATALOGUE = "/till/catalogue.json"
CUSTOMERS = "/till/customers.json"


@pytest.fixture
def goods(amina):
    """Bread with a tray, sugar by the kilogram that may go for less, and airtime that nobody counts."""
    bread = a_product("Bread 400 g", stock="10", price="65", cost="51.37", barcode="6161100000017", by=amina)
    tray = a_pack(bread, "Tray of 6", size=6, price="360", barcode="6161100000024")
    sugar = a_product(
        "Sugar", stock="2.5", price="160", cost="131.59", unit="kilogram", floor_price=Decimal(150), by=amina
    )
    airtime = a_product("Airtime 50", price="50", cost="47.31", is_counted=False, category="Airtime", by=amina)
    return bread, tray, sugar, airtime


def test_the_catalogue_has_everything_that_is_on_sale(till, goods):
    bread, tray, _, airtime = goods
    Shop.objects.create(rounding_step=5)
    answer = till.get(CATALOGUE)
    document = answer.json()
    assert answer.status_code == 200
    assert document.keys() == {"version", "currency", "rounding_step", "may", "products", "tenders"}
    assert (document["currency"], document["rounding_step"]) == ("KES", 5)
    assert [product["name"] for product in document["products"]] == ["Airtime 50", "Bread 400 g", "Sugar"]
    assert document["products"][1] == {
        "id": bread.pk,
        "sku": "BREAD-400-G",
        "name": "Bread 400 g",
        "barcode": "6161100000017",
        "unit": "piece",
        "unit_label": "pc",
        "base_units": 1,
        "price": "65.00",
        "floor": "65.00",
        "stock": 10,
        "is_counted": True,
        "category": "Groceries",
        "packs": [
            {"id": tray.pk, "name": "Tray of 6", "size": 6, "price": "360.00", "barcode": "6161100000024"},
        ],
    }
    by_weight = document["products"][2]
    assert (by_weight["unit"], by_weight["unit_label"], by_weight["base_units"]) == ("kilogram", "kg", 1000)
    assert (by_weight["stock"], by_weight["barcode"], by_weight["packs"]) == (2500, None, [])
    assert (document["products"][0]["id"], document["products"][0]["is_counted"]) == (airtime.pk, False)


def test_the_catalogue_says_what_the_cashier_may(till, till_of, mwangi, amina, goods):
    rights = ["change_price", "sell_below_floor", "count_stock", "add_customer"]
    for each, has in ((till, "0001"), (till_of(mwangi), "1011"), (till_of(amina), "1111")):
        assert each.get(CATALOGUE).json()["may"] == {
            right: yes == "1" for right, yes in zip(rights, has, strict=True)
        }


def test_the_catalogue_names_every_means_of_payment(till):
    tenders = till.get(CATALOGUE).json()["tenders"]
    assert [tender["type"] for tender in tenders] == ["cash", "mpesa", "card", "bank", "on_account"]
    assert tenders[1] == {
        "type": "mpesa",
        "label": "M-Pesa",
        "is_cash": False,
        "is_on_account": False,
        "needs_code": True,
    }


def test_what_is_off_sale_is_not_in_the_catalogue(till, goods):
    _, tray, sugar, _ = goods
    type(tray).objects.update(is_active=False)
    Product.objects.filter(pk=sugar.pk).update(is_active=False)
    products = till.get(CATALOGUE).json()["products"]
    assert [(product["name"], product["packs"]) for product in products] == [("Airtime 50", []), ("Bread 400 g", [])]


def test_the_floor_is_shown_to_who_may_go_down_to_it(till, till_of, amina, goods):
    def floor_of_sugar(each):
        return each.get(CATALOGUE).json()["products"][2]["floor"]

    assert floor_of_sugar(till) == "160.00"
    assert floor_of_sugar(till_of(amina)) == "150.00"


def test_a_cashier_is_told_no_cost(till, goods, wanjiku):
    for path in (CATALOGUE, CUSTOMERS):
        text = till.get(path).content.decode()
        for cost in ("51.37", "131.59", "47.31", "cost", "buying", "profit"):
            assert cost not in text


class TestTheVersion:
    def test_of_a_catalogue_that_the_till_has_is_304_without_a_body(self, till, goods):
        first = till.get(CATALOGUE)
        etag = first.headers["ETag"]
        assert etag == f'"{first.json()["version"]}"'
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            again = till.get(CATALOGUE, **{"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
        assert till.get(CATALOGUE, **{"If-None-Match": '"other"'}).status_code == 200

    def test_holds_for_the_compressed_catalogue_too(self, till, goods):
        plain = till.get(CATALOGUE)
        packed = till.get(CATALOGUE, **{"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.content) == plain.content
        again = till.get(CATALOGUE, **{"If-None-Match": packed.headers["ETag"], "Accept-Encoding": "gzip"})
        assert (again.status_code, again.content) == (304, b"")

    def test_may_be_kept_by_nobody_but_this_browser(self, till):
        assert till.get(CATALOGUE).headers["Cache-Control"] == "private, no-cache"

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Product.objects.filter(name="Sugar").update(selling_price=161),
            lambda: Product.objects.filter(name="Sugar").update(barcode="7"),
            lambda: Product.objects.filter(name="Sugar").update(is_active=False),
            lambda: Shop.objects.create(rounding_step=5),
        ],
        ids=["price", "barcode", "off sale", "rounding"],
    )
    def test_changes_when_anything_in_it_does(self, till, goods, change):
        before = till.get(CATALOGUE).headers["ETag"]
        assert till.get(CATALOGUE).headers["ETag"] == before
        change()
        assert till.get(CATALOGUE, **{"If-None-Match": before}).status_code == 200

    def test_changes_when_something_was_sold(self, till, a_document):
        before = till.get(CATALOGUE).headers["ETag"]
        till.post(a_document())
        assert till.get(CATALOGUE).headers["ETag"] != before

    def test_is_another_one_for_who_may_change_prices(self, till, till_of, amina, goods):
        assert till.get(CATALOGUE).headers["ETag"] != till_of(amina).get(CATALOGUE).headers["ETag"]


class TestCustomers:
    @pytest.fixture
    def people(self, wanjiku, juma, amina):
        with transaction.atomic():
            locked = customer_ledger.lock(wanjiku.pk)
            customer_ledger.charge(locked, Decimal("480.50"), a_voucher(amina), due_on=NOON.date())
        a_customer("Wanjiru", phone="+254112345678", is_active=False)

    def test_are_found_with_what_they_owe_and_may_owe(self, till, people, wanjiku):
        answer = till.get(f"{CUSTOMERS}?q=wanji")
        assert answer.json() == {
            "customers": [
                {
                    "id": wanjiku.pk,
                    "name": "Wanjiku",
                    "phone": "0712 345 678",
                    "balance": "480.50",
                    "credit_limit": "5000.00",
                }
            ]
        }
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("", ["Juma", "Wanjiku"]),
            ("JUMA", ["Juma"]),
            ("0712 345", ["Wanjiku"]),
            ("+254712", ["Wanjiku"]),
            ("345678", ["Wanjiku"]),
            ("Zawadi", []),
            ("%25", []),
            ("_", []),
            ("'", []),
            ("\N{ARABIC-INDIC DIGIT SEVEN}\N{ARABIC-INDIC DIGIT ONE}\N{ARABIC-INDIC DIGIT TWO}", []),
        ],
    )
    def test_are_found_by_name_or_phone(self, till, people, asked, names):
        found = till.get(f"{CUSTOMERS}?q={asked}").json()["customers"]
        assert [customer["name"] for customer in found] == names

    @pytest.mark.parametrize("odd", ["%00", "a%00b", "%ED%A0%80", "%FF", "x" * 5000, "1" * 5000, "[]", "%20"])
    def test_are_looked_for_by_nothing_odd(self, till, people, odd):
        assert till.get(f"{CUSTOMERS}?q={odd}").status_code == 200

    def test_are_twenty_at_most(self, till):
        for number in range(21):
            a_customer(f"Customer {number:02}")
        assert len(till.get(CUSTOMERS).json()["customers"]) == 20


@pytest.mark.parametrize("path", [CATALOGUE, CUSTOMERS])
class TestTheDoor:
    def test_a_stranger_is_401(self, till, path):
        till.client.logout()
        answer = till.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "login_required")

    def test_who_may_not_sell_is_403(self, till_of, baraka, path):
        answer = till_of(baraka).get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_is_for_reading(self, till, path, method):
        till.client.handler.enforce_csrf_checks = False
        assert getattr(till.client, method)(path).status_code == 405
