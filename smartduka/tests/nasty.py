"""A shop with everything in it that a copy has ever lost: as a SQLite file, which tests may copy and break."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from customers.models import Customer
from inventory import corrections
from inventory.models import Product
from sales import books, payments, returns, sessions
from sales.drawer import Count
from sales.models import PaymentCode, SaleLine, TillSession
from sales.pricing import BasketLine
from sales.returns import Refund, ReturnedLine
from sales.tenders import TYPES
from smartduka.databases import aliases, engines
from smartduka.models import Shop
from smartduka.tests.builders import (
    NOON,
    a_customer,
    a_line,
    a_pack,
    a_product,
    a_sale,
    a_user,
    a_voucher,
    by_shillings,
    paid,
)

AT = NOON + timedelta(microseconds=1)
LONG = "Sukari mbili, unga mmoja; “kesho” 🌽\r\n\tMai\u0308s \\N \\. %s ' \" ` \x01\x1f\x7f\u2028\n" * 30
RTL = "دكان مرحبا"
MOST = Decimal("9999999999.99")
"""Twelve digits."""


@pytest.fixture(scope="session")
def nasty_file(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """The file of the shop, which everybody only reads."""
    file = tmp_path_factory.mktemp("nasty") / "db.sqlite3"
    with django_db_blocker.unblock(), careless(), aliases.working_in(f"sqlite:///{file}"):
        call_command("migrate", verbosity=0)
        fill()
    return file


@pytest.fixture
def a_nasty_file(nasty_file: Path, tmp_path: Path) -> Callable[..., str]:
    """A copy of the shop, in which these statements were run as by any program: its URL."""

    def copied(*statements: str) -> str:
        file = tmp_path / "nasty.sqlite3"
        shutil.copy(nasty_file, file)
        with closing(sqlite3.connect(file)) as raw, raw:
            triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                raw.execute(statement)
            for _, sql in triggers:
                raw.execute(sql)
        return f"sqlite:///{file}"

    return copied


@contextmanager
def careless() -> Iterator[None]:
    """SQLite files that live as long as a test, for which nothing waits for a disk."""
    with patch.dict(engines.SQLITE_OPTIONS, init_command="PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY"):
        yield


def fill() -> None:
    """Trade of every kind, posted through the ledgers, under names that are hard to keep."""
    Shop.objects.create(name=f"Duka la Amina 🏪 {RTL}", rounding_step=5, receipt_footer="")
    amina, otieno = a_user("Amina", "Owner", is_staff=True), a_user("Otieno", "Cashier")
    otieno.user_permissions.add(Permission.objects.get(codename="view_today"))
    a_user("Baraka", is_active=False)
    bread = a_product("Mai\u0308s 👩🏾‍🌾 400 g", sku="A", stock="1000", price="60", by=amina)
    sugar = a_product(RTL, sku="a.B", stock="50", price="159", cost="130.3333", unit="kilogram", by=amina)
    gold = a_product(
        "Gold", sku="GOLD", price="99999999.99", cost="0", floor_price=Decimal(0), is_counted=False, by=amina
    )
    crate = a_pack(bread, "Crate of 24 \\", size=24, price="1400", barcode="0000000000017")
    wanjiku = a_customer("Wanjikũ", limit=str(MOST), phone="+254712345678", notes=LONG)
    a_customer(" ' OR 1=1; -- ", notes="")
    _trade(amina, otieno, bread, [a_line(bread, "2"), a_line(bread, pack=crate), by_shillings(sugar, "20")])
    _owe(amina, otieno, [a_line(bread, "3"), a_line(gold, "99")], wanjiku)
    corrections.write_off(bread.pk, 1, a_voucher(amina, at=AT, note="Fell down 😢"))
    LogEntry.objects.create(
        user=amina, object_id="1", object_repr=RTL, action_flag=CHANGE, change_message=LONG, action_time=AT
    )


def _trade(amina: User, otieno: User, bread: Product, lines: list[BasketLine]) -> None:
    """Cash, a code that is used and one that is free again, a return, a void, and a drawer that was counted."""
    shop, cash = Shop.current(), Refund(TYPES["cash"])
    sale = a_sale(lines, [paid("2000"), paid("-460")], by=otieno, at=AT, note="“A”\\N")
    returns.take_back(
        sale.pk,
        [ReturnedLine(SaleLine.objects.filter(sale=sale, pack=None).earliest("pk").pk, 1)],
        refund=replace(cash, drawer=TillSession.objects.get().pk),
        shop=shop,
        voucher=a_voucher(amina, at=AT, note="Stale"),
    )
    by_phone = a_sale([a_line(bread)], [paid("60", "mpesa", "QBC2DE3FG4")], by=otieno, at=AT)
    a_sale([a_line(bread, "3")], [paid("180", "mpesa", "QBC2DE3FG5")], by=otieno, at=AT)
    back = Refund(TYPES["mpesa"], "RBC2DE3FG4", drawer=TillSession.objects.get().pk)
    returns.void(by_phone.pk, refund=back, shop=shop, voucher=a_voucher(amina, at=AT, note="Twice"))
    drawer = TillSession.objects.get().pk
    sessions.pay_out(drawer, Decimal("50.50"), a_voucher(otieno, at=AT, note="Chai ☕"))
    sessions.close_session(drawer, Count({1000: 1, 50: 3}, Decimal("0.50")), a_voucher(amina, at=AT, note=""))


def _owe(amina: User, otieno: User, lines: list[BasketLine], wanjiku: Customer) -> None:
    """A debt of many digits, a payment that was reversed and one that was not; the drawer stays open."""
    owed = str(a_sale(lines, [paid("9900000180", "on_account")], by=otieno, customer=wanjiku, at=AT).total)
    tendered = paid("100.25", "mpesa", "QBC2DE3FG6")
    payment = payments.receive_payment(wanjiku.pk, tendered, a_voucher(otieno, at=AT))
    payments.reverse_payment(payment.pk, a_voucher(amina, at=AT, note="Not hers"), drawer=payment.till_session_id)
    payments.receive_payment(wanjiku.pk, paid(owed, "bank", "“9”"), a_voucher(otieno, at=AT, note=RTL))
    assert PaymentCode.objects.filter(code=None).count() == 2
    assert list(books.audit()) == []
