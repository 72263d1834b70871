"""Mwangi, the manager, at the pages of the catalogue."""

import pytest

from smartduka.tests.builders import a_product, a_user

BREAD = {
    "name": "Bread", "unit": "piece", "selling_price": "60", "buying_price": "50", "floor_price": "",
    "low_stock_threshold": "0", "barcode": "", "sku": "BREAD", "is_counted": "on", "is_active": "on",
}  # fmt: skip


@pytest.fixture
def mwangi(db):
    return a_user("Mwangi", "Manager")


@pytest.fixture
def office(client, mwangi, shop):
    client.force_login(mwangi)
    return client


@pytest.fixture
def bread(amina):
    return a_product("Bread", by=amina, sku="BREAD", category="Bakery")


@pytest.fixture
def sugar(amina):
    return a_product("Sugar", by=amina, stock="1.5", cost="140", price="160", unit="kilogram", sku="SUGAR")


@pytest.fixture
def shopkeeper(client, amina, shop):
    client.force_login(amina)
    return client


def send(client, address, **words):
    """Post the form as the page has it: with its hidden mark of the moment."""
    form = client.get(address).context["form"]
    mark = next(name for name in ("seen", "since") if name in form.fields)
    return client.post(address, {mark: form[mark].value(), **words})


def words_of(product, **changed):
    return BREAD | {"category": product.category_id} | changed


def errors_of(response):
    assert response.status_code == 200
    return {field: list(said) for field, said in response.context["form"].errors.items()}


def rows(model):
    return list(model.objects.order_by("pk").values())
