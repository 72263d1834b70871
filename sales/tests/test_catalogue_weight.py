"""A large shop's catalogue comes to a cheap phone on prepaid data."""

import gzip
import json

import pytest

from inventory.models import Product
from sales.tests.many import many_goods
from smartduka.tests.builders import a_pack, a_product

pytestmark = pytest.mark.django_db

ROWS = "/till/catalogue.json"
COLUMNS = "/till/catalogue.json?as=columns"
MOST_BYTES = 220_000


def test_columns_say_what_the_list_of_products_says(till, amina):
    a_pack(a_product("Soda", stock="5", price="40", barcode="6161100000017", by=amina))
    a_product("Sugar", unit="kilogram", price="160", floor_price="150", by=amina)
    rows, columns = till.get(ROWS).json(), till.get(COLUMNS).json()
    keys = list(columns["products"])
    assert [dict(zip(keys, each, strict=True)) for each in zip(*columns["products"].values(), strict=True)] == rows[
        "products"
    ]
    assert len(rows["products"]) == 2
    for document in (rows, columns):
        assert document.pop("version")
        del document["products"]
    assert rows == columns


def test_an_empty_shop_has_empty_columns(till):
    assert set(map(len, till.get(COLUMNS).json()["products"].values())) == {0}


@pytest.mark.parametrize("odd", ["?as=", "?as=rows", "?as=%00", "?columns"])
def test_anything_else_is_the_list(till, odd):
    assert till.get(f"/till/catalogue.json{odd}").json()["products"] == []


@pytest.mark.once
def test_ten_thousand_products_are_light_and_not_sent_twice(till, amina):
    many_goods(10_000, by=amina)
    compressed = {"Accept-Encoding": "gzip"}
    sent = till.get(COLUMNS, **compressed)
    products = json.loads(gzip.decompress(sent.content))["products"]

    assert len(products["id"]) == Product.objects.count() == 10_000
    assert len(set(products["barcode"])) > 8_900
    assert len(sent.content) <= MOST_BYTES, len(sent.content)
    assert len(sent.content) <= 0.75 * len(till.get(ROWS, **compressed).content)
    again = till.get(COLUMNS, **{"If-None-Match": sent.headers["ETag"], **compressed})
    assert (again.status_code, again.content) == (304, b"")
