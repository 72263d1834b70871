"""The shop that is asked: everybody in it, something of everything, and what is known of it."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import Product, Supplier
from inventory.receipts import ReceiptLine, receive_goods
from sales import payments, returns
from sales.models import Return, Sale, TillSession
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka.backups import shelf
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, a_user, a_voucher, paid
from smartduka.tests.fuzz import documents

Known = dict[str, Any]

MORE_OFTEN = {"till/sales/": 8, "till/customers/": 2, "till/counts/": 2}
APPS = ("auth", "smartduka", "inventory", "customers", "sales")


def open_shop() -> dict[str, User | None]:
    """The people, by what they are; None is a stranger."""
    shop = Shop.objects.create(name="Duka la Amina")
    amina = a_user("Amina", "Owner", is_staff=True)
    people = {
        "Amina": amina,
        "Mwangi": a_user("Mwangi", "Manager", is_staff=True),
        "Otieno": a_user("Otieno", "Cashier"),
        "Baraka": a_user("Baraka"),
        "root": a_user("Root", is_staff=True, is_superuser=True),
        "a stranger": None,
    }
    bread = a_product("Bread 400 g", sku="BREAD", stock="60", barcode="6161100110011", floor_price=50, by=amina)
    sugar = a_product("Sugar", sku="SUGAR", unit="kilogram", stock="50", price="160.50", cost="140", by=amina)
    a_product("Airtime", sku="AIRTIME", is_counted=False, price="10", cost="9.50", by=amina)
    a_product("Old soap", sku="SOAP", stock="3", is_active=False, by=amina)
    a_pack(bread, size=12, price="660", barcode="6161100110012")
    wanjiku = a_customer("Wanjiku", limit="5000", phone="+254712345678", notes="Pays on Fridays")
    a_customer("Juma")
    supplier = Supplier.objects.create(name="Unga Ltd", phone="0722000111")
    receive_goods([ReceiptLine(bread.pk, 12, bread.buying_price, 1)], a_voucher(amina), supplier=supplier)
    for units in ("1", "2"):
        a_sale([a_line(bread, units), a_line(sugar, "0.25")], [paid("500")], by=amina)
    owed = a_sale([a_line(bread, "4")], [paid("240", "on_account")], by=amina, customer=wanjiku)
    a_sale([a_line(sugar, "2")], [paid("321", "mpesa", "QBC2DE3FG4")], by=amina)
    back = [ReturnedLine(owed.lines.get().pk, 1)]
    returns.take_back(owed.pk, back, refund=Refund(CASH), shop=shop, voucher=a_voucher(amina, note="stale"))
    payments.receive_payment(wanjiku.pk, paid("50"), a_voucher(amina))
    return people


def everybody_everywhere(routes: Iterable[str]) -> list[tuple[str, str]]:
    """Each address with each person, and more often with those who get further than the door."""
    at_home = {"Amina": 4, "root": 1, "Mwangi": 3, "Otieno": 3, "Baraka": 1, "a stranger": 1}
    in_the_office = {"Amina": 2, "root": 2, "Mwangi": 1, "Otieno": 1, "Baraka": 1, "a stranger": 1}
    return [
        (route, who)
        for route in sorted(set(routes))
        for who, times in (in_the_office if route.startswith("admin/") else at_home).items()
        for _ in range(times * MORE_OFTEN.get(route, 1))
    ]


def what_is_known() -> Known:
    """`parts` of addresses that exist, by name or by what stands before them, and makers of plausible documents."""
    parts = {
        "sku": list(Product.objects.values_list("sku", flat=True)),
        "name": [backup.path.name for backup in shelf.backups(settings.BACKUP_DIR)],
        "number": [each.number for model in (Sale, Return, TillSession) for each in model.objects.all()],
        "app_label": [*APPS, "axes"],
        "url": ["", "x", "auth/user", "sales/sale/1"],
        "other": [],
    }
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        keys = [str(pk) for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True)[:20]]
        parts["other"] += keys
        for called in (model._meta.model_name, str(model._meta.verbose_name_plural)):
            parts[called] = keys
    return {"parts": {**parts, "people": parts["user"]}, "documents": documents.plausible()}


def log_in(people: dict[str, User | None]) -> dict[str, Client]:
    clients = {name: Client(raise_request_exception=True) for name in people}
    for name, user in people.items():
        if user:
            clients[name].force_login(user, backend="smartduka.permissions.OneQuestionBackend")
    return clients
