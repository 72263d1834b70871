"""Every address × role × method, in one table. A view that does not stand here fails the suite."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from inventory import receipts
from inventory.models import StockMovement, Supplier
from sales import payments, sessions
from sales.models import Tender
from sales.returns import Refund, void
from sales.tenders import CASH
from smartduka.tests.backedup import a_backup_of_now
from smartduka.tests.builders import a_line, a_pack, a_product, a_sale, a_user, a_voucher, paid, what_is_written

pytestmark = pytest.mark.django_db

PUBLIC = {"stranger", "nobody", "Cashier", "Manager", "Owner"}
EVERYBODY = PUBLIC - {"stranger"}
ALL = {"Cashier", "Manager", "Owner"}
CHIEFS = {"Manager", "Owner"}
OWNER = {"Owner"}
NOBODY: set[str] = set()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

PAGES: dict[str, dict[str, set[str]]] = {
    "": {"GET": ALL},
    "login/": {"GET": PUBLIC, "POST": PUBLIC},
    "logout/": {"POST": PUBLIC},
    "welcome/": {"GET": PUBLIC, "POST": PUBLIC},
    "healthz": {"GET": PUBLIC},
    "health/": {"GET": OWNER},
    "backups/": {"GET": OWNER},
    "backups/new/": {"POST": OWNER},
    "backups/upload/": {"GET": OWNER, "POST": OWNER},
    "backups/<name>/": {"GET": OWNER, "POST": OWNER},
    "backups/<name>/download/": {"POST": OWNER},
    "setup/": {"GET": CHIEFS},
    "events/": {"GET": OWNER},
    "people/": {"GET": OWNER},
    "people/new/": {"GET": OWNER, "POST": OWNER},
    "people/<int:pk>/": {"GET": OWNER, "POST": OWNER},
    "people/<int:pk>/password/": {"GET": OWNER, "POST": OWNER},
    "shop/": {"GET": OWNER, "POST": OWNER},
    "till/": {"GET": ALL},
    "till/catalogue.json": {"GET": ALL},
    "till/customers.json": {"GET": ALL},
    "till/customers/": {"POST": ALL},
    "till/codes.json": {"GET": ALL},
    "till/stock/<int:pk>/": {"GET": CHIEFS},
    "till/counts/": {"POST": CHIEFS},
    "till/sales/": {"POST": ALL},
    "till/session/": {"GET": ALL, "POST": ALL},
    "till/sessions/": {"GET": ALL},
    "till/sessions/<number>/": {"GET": ALL},
    "till/sessions/<number>/pay-in/": {"GET": ALL, "POST": ALL},
    "till/sessions/<number>/pay-out/": {"GET": ALL, "POST": ALL},
    "till/sessions/<number>/close/": {"GET": ALL, "POST": ALL},
    "sales/": {"GET": ALL},
    "sales/<number>/": {"GET": ALL},
    "sales/<number>/prints/": {"POST": ALL},
    "sales/<number>/return/": {"GET": CHIEFS, "POST": CHIEFS},
    "sales/<number>/void/": {"GET": CHIEFS, "POST": CHIEFS},
    "returns/<number>/": {"GET": ALL},
    "products/": {"GET": ALL},
    "products/new/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/": {"GET": ALL},
    "products/<sku:sku>/edit/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/packs/new/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/packs/<int:pk>/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/receive/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/count/": {"GET": CHIEFS, "POST": CHIEFS},
    "products/<sku:sku>/write-off/": {"GET": CHIEFS, "POST": CHIEFS},
    "categories/": {"GET": CHIEFS},
    "categories/new/": {"GET": CHIEFS, "POST": CHIEFS},
    "categories/<int:pk>/": {"GET": CHIEFS, "POST": CHIEFS},
    "categories/<int:pk>/delete/": {"POST": OWNER},
    "suppliers/": {"GET": CHIEFS},
    "suppliers/new/": {"GET": CHIEFS, "POST": CHIEFS},
    "suppliers/<int:pk>/": {"GET": CHIEFS, "POST": CHIEFS},
    "suppliers/<int:pk>/delete/": {"POST": OWNER},
    "customers/": {"GET": ALL},
    "customers/new/": {"GET": ALL, "POST": ALL},
    "customers/<int:pk>/": {"GET": ALL},
    "customers/<int:pk>/edit/": {"GET": CHIEFS, "POST": CHIEFS},
    "customers/<int:pk>/payment/": {"GET": ALL, "POST": ALL},
}
"""The pages of the shop: who may use each method. Another method is 405 for everybody who is logged in."""

JSON = {
    "till/catalogue.json", "till/customers.json", "till/customers/", "till/codes.json", "till/stock/<int:pk>/",
    "till/counts/", "till/sales/", "sales/<number>/prints/",
}  # fmt: skip
"""Doors for programs: 401 and 403 as JSON, never a login page."""

BACK_OFFICE = {
    "auth.group": "view",
    "auth.user": "view add change",
    "smartduka.shop": "view change",
    "inventory.product": "view add change delete",
    "inventory.category": "view add change delete",
    "inventory.supplier": "view add change delete",
    "inventory.stockmovement": "view",
    "inventory.goodsreceipt": "view",
    "customers.customer": "view add change delete",
    "customers.ledgerentry": "view",
    "sales.sale": "view",
    "sales.return": "view",
    "sales.payment": "view",
    "sales.saleline": "view",
    "sales.tender": "view",
    "sales.tillsession": "view",
    "sales.cashmovement": "view",
}
"""What an owner may do in the admin with each kind of row. Nobody below an owner gets in."""

ADMIN_FRAME = {
    "admin/", "admin/login/", "admin/logout/", "admin/password_change/", "admin/password_change/done/",
    "admin/autocomplete/", "admin/jsi18n/", "admin/r/<path:content_type_id>/<path:object_id>/",
    "admin/auth/user/<id>/password/", "admin/^(?P<app_label>auth|smartduka|inventory|customers|sales)/$",
    "admin/(?P<url>.*)$",
}  # fmt: skip
"""Django's own frame around those lists."""

ADMIN_PAGES = {
    "": "view",
    "add/": "add",
    "<path:object_id>/history/": "view",
    "<path:object_id>/delete/": "delete",
    "<path:object_id>/change/": "view",
    "<path:object_id>/": "view",
}


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from routes(each, route)
        else:
            yield route


def test_every_address_stands_in_the_table():
    lists = {f"admin/{kind.replace('.', '/')}/{page}" for kind in BACK_OFFICE for page in ADMIN_PAGES}
    assert set(routes()) == set(PAGES) | lists | ADMIN_FRAME


@pytest.fixture
def people(shop, amina, otieno, baraka) -> dict[str, Client]:
    """A logged-in browser of each role."""
    people = {"Owner": amina, "Manager": a_user("Mwangi", "Manager"), "Cashier": otieno, "nobody": baraka}
    clients = {"stranger": Client()}
    for role, user in people.items():
        clients[role] = Client()
        clients[role].force_login(user)
    return clients


@pytest.fixture
def rows(amina, otieno, wanjiku, shop, backup_dir, begun) -> dict[str, Any]:
    """One row of everything, by the kind it has in the admin; and what addresses are filled with."""
    bread = a_product("Bread", price="65", by=amina)
    receipt = receipts.receive_goods([receipts.ReceiptLine(bread.pk, 10, bread.buying_price, 1)], a_voucher(amina))
    sale = a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
    other = a_sale([a_line(bread)], [paid("65")], by=otieno)
    undone = void(other.pk, refund=Refund(CASH), shop=shop, voucher=a_voucher(amina, note="Wrong"))
    payment = payments.receive_payment(wanjiku.pk, paid("20"), a_voucher(otieno))
    return {
        "backup": a_backup_of_now(backup_dir),
        "auth.group": Group.objects.first(),
        "auth.user": otieno,
        "smartduka.shop": shop,
        "inventory.product": bread,
        "inventory.category": bread.category,
        "inventory.supplier": Supplier.objects.create(name="Jumla Wholesale"),
        "inventory.pack": a_pack(bread),
        "inventory.stockmovement": StockMovement.objects.first(),
        "inventory.goodsreceipt": receipt,
        "customers.customer": wanjiku,
        "customers.ledgerentry": wanjiku.entries.first(),
        "sales.sale": sale,
        "sales.return": undone,
        "sales.payment": payment,
        "sales.saleline": sale.lines.first(),
        "sales.tender": Tender.objects.first(),
        "sales.tillsession": sale.till_session,
        "sales.cashmovement": sessions.pay_out(sale.till_session_id, Decimal(5), a_voucher(otieno, note="Tea")),
    }


def fill(route: str, rows: dict[str, Any]) -> str:
    kinds = {
        "customers/": "customers.customer",
        "categories/": "inventory.category",
        "suppliers/": "inventory.supplier",
        "people/": "auth.user",
        "till/stock/": "inventory.product",
        "products/": "inventory.pack",
    }
    row = next((rows[kind] for place, kind in kinds.items() if route.startswith(place)), None)
    numbers = {"returns/": "sales.return", "till/sessions/": "sales.tillsession"}
    numbered = next((rows[kind] for place, kind in numbers.items() if route.startswith(place)), rows["sales.sale"])
    words = {"<number>": numbered.number, "<name>": rows["backup"].name, "<sku:sku>": rows["inventory.product"].sku}
    for name, word in {**words, "<int:pk>": str(row and row.pk)}.items():
        route = route.replace(name, word)
    return f"/{route}"


def answer(client: Client, method: str, address: str) -> int:
    kind = "application/json" if address.startswith("/till/") else "application/octet-stream"
    return client.generic(method, address, "{}", content_type=kind).status_code


@pytest.mark.parametrize("route", PAGES)
def test_a_page_answers_who_may_and_nobody_else(people, rows, route):
    address, allowed = fill(route, rows), PAGES[route]
    for method in METHODS:
        for role, client in people.items():
            if role in allowed.get(method, NOBODY):
                continue
            before = what_is_written()
            status = answer(client, method, address)
            assert what_is_written() == before
            assert status in refusals(route, method, role), f"{method} {address} by {role}: {status}"
    for method, roles in allowed.items():
        for role in roles - ({"stranger"} if route == "logout/" else NOBODY):
            status = answer(people[role], method, address)
            assert status in (200, 201, 302, 422), f"{method} {address} by {role}: {status}"


def refusals(route: str, method: str, role: str) -> tuple[int, ...]:
    """How somebody who may not is told: to log in, that it is not for them, or that there is no such method."""
    if method not in PAGES[route]:
        return (405,) if role != "stranger" else (405, 302, 401)
    if role == "stranger":
        return (401,) if route in JSON else (302,)
    return (403,)


@pytest.mark.parametrize("kind", BACK_OFFICE)
def test_the_back_office_is_the_owners_and_facts_are_nobodys(people, rows, kind):
    row, may = rows[kind], BACK_OFFICE[kind].split()
    for page, right in ADMIN_PAGES.items():
        if "<" in page and row is None:
            continue
        address = f"/admin/{kind.replace('.', '/')}/{page.replace('<path:object_id>', str(row and row.pk))}"
        for role in EVERYBODY - OWNER:
            assert answer(people[role], "GET", address) == 302, f"{address} by {role}"
            assert answer(people[role], "POST", address) == 302, f"{address} by {role}"
        status = answer(people["Owner"], "GET", address)
        assert status in ((200, 302) if right in may else (403,)), f"{address}: {status}"
        if right not in may or (page.endswith("change/") and "change" not in may):
            before = what_is_written()
            assert answer(people["Owner"], "POST", address) == 403, address
            assert what_is_written() == before


def test_looking_never_writes(people, rows):
    """Every GET, as the owner, who sees most: not one statement that changes a row."""
    addresses = [fill(route, rows) for route, allowed in PAGES.items() if "GET" in allowed]
    addresses += ["/admin/", "/admin/password_change/"]
    for kind in BACK_OFFICE:
        row = rows[kind]
        addresses.append(f"/admin/{kind.replace('.', '/')}/")
        addresses += [f"/admin/{kind.replace('.', '/')}/{row.pk}/change/"] if row else []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            people["Owner"].get(address)
        verbs = {query["sql"].split()[0].upper() for query in queries}
        assert not verbs & {"INSERT", "UPDATE", "DELETE", "REPLACE"}, address


def test_every_post_of_a_page_asks_for_a_token(rows, amina):
    """The control: the same requests get further when the token is not asked for."""
    strict, lax = Client(enforce_csrf_checks=True), Client()
    for client in (strict, lax):
        client.force_login(amina)
    for route, allowed in PAGES.items():
        if "POST" in allowed and route not in ("logout/", "welcome/", "login/"):
            address = fill(route, rows)
            assert answer(strict, "POST", address) == 403, address
            assert answer(lax, "POST", address) != 403, address


def test_the_roles_of_this_table_are_real(people):
    assert set(User.objects.values_list("groups__name", flat=True)) == {"Owner", "Manager", "Cashier", None}
