"""What people and programs are told when the database cannot work just now."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pymysql
import pytest
from django.contrib.auth.models import User
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from inventory.models import Product
from sales.benchmark.tills import a_document
from smartduka.databases import aliases, locks
from smartduka.databases.outages import Outage, first_line, outage_of
from smartduka.open_shops import free_port
from smartduka.tests.builders import a_product, what_is_written
from smartduka.tests.load.counters import books_apart

PATIENCE = 30
READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"),
}
IMPATIENT = {
    "sqlite": ("PRAGMA busy_timeout = 100", "PRAGMA busy_timeout = 20000"),
    "postgresql": ("SET lock_timeout = 100", "SET lock_timeout = 0"),
    "mysql": ("SET innodb_lock_wait_timeout = 1", "SET innodb_lock_wait_timeout = 50"),
}
SIZE_NOW = "PRAGMA page_count"
NO_LIMIT = 2**30


@pytest.fixture(scope="module")
def bread(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Product]:
    """On the shelf of a shop whose database may be maltreated."""
    with django_db_blocker.unblock(), books_apart(tmp_path_factory.mktemp("outages")):
        yield a_product("Bread 400 g", stock="1000", by=User.objects.get(username="amina"))


@pytest.fixture
def browser(bread: Product) -> Client:
    """Amina's; what the shop does not answer itself is answered as by a real server."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="amina"), backend="smartduka.permissions.OneQuestionBackend")
    return client


def sell(browser: Client, product: Product) -> HttpResponse:
    return browser.post("/till/sales/", a_document(product), content_type="application/json")


def assert_told(outage: Outage, program: HttpResponse, page: HttpResponse) -> None:
    """A program gets the error in its own form, and a person a page with the same sentence."""
    assert (program.status_code, program.headers["Retry-After"]) == (503, "5")
    assert program.json() == {"error": {"code": "unavailable", "message": outage.value, "fields": {}}}
    assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert outage.value in page.content.decode()
    assert "Traceback" not in page.content.decode()


@contextmanager
def set_to(words: dict[str, tuple[str, str]]) -> Iterator[None]:
    """This engine is told the first words, and in the end the second."""
    first, second = words[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(first)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(second)


@contextmanager
def locked_elsewhere(product: Product) -> Iterator[None]:
    """Somebody else has the product, and does not let it go."""
    is_locked, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Product.objects.select_for_update().filter(pk=product.pk))
            is_locked.set()
            may_go.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_locked.wait(PATIENCE)
    try:
        yield
    finally:
        may_go.set()
        holder.join()


def test_what_can_only_be_read_is_read_and_who_writes_is_told(browser: Client, bread: Product):
    before = what_is_written()
    with set_to(READ_ONLY):
        assert_told(Outage.READ_ONLY, sell(browser, bread), browser.post("/logout/"))
        assert browser.get("/products/").status_code == 200
    assert what_is_written() == before
    assert sell(browser, bread).status_code == 201


def test_who_waits_too_long_is_told_to_try_again(browser: Client, bread: Product):
    before = what_is_written()
    with locked_elsewhere(bread), set_to(IMPATIENT), patch.dict(connection.settings_dict["OPTIONS"], timeout=0.1):
        answer = sell(browser, bread)
        assert (answer.status_code, answer.json()["error"]["message"]) == (503, Outage.BUSY.value)
    assert what_is_written() == before
    assert sell(browser, bread).status_code == 201


def test_a_database_that_is_not_there_is_said_to_everybody(browser: Client, bread: Product):
    stranger = Client(raise_request_exception=False)
    outage = Outage.DISK if connection.vendor == "sqlite" else Outage.DOWN
    connection.close()
    with patch.dict(connection.settings_dict, NAME="/nowhere/db.sqlite3", HOST="127.0.0.1", PORT=free_port()):
        assert_told(outage, sell(browser, bread), browser.get("/products/"))
        assert_told(outage, browser.get("/till/catalogue.json"), stranger.get("/login/"))
        assert (stranger.get("/healthz").status_code, stranger.get("/healthz").content) == (503, b"unavailable")
    assert sell(browser, bread).status_code == 201


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told that the disk is full")
def test_on_a_full_disk_people_are_told_to_make_room(browser: Client, bread: Product):
    sold = 0
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {cursor.execute(SIZE_NOW).fetchone()[0]}")
    while (answer := sell(browser, bread)).status_code == 201:
        sold += 1
        assert sold < 1000
    before = what_is_written()

    assert answer.json()["error"]["message"] == Outage.FULL.value
    assert sell(browser, bread).status_code == 503
    assert what_is_written() == before
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA max_page_count = {NO_LIMIT}")
    assert sell(browser, bread).status_code == 201


def test_an_outage_is_one_line_in_the_log(browser: Client, bread: Product, caplog: pytest.LogCaptureFixture):
    with set_to(READ_ONLY):
        sell(browser, bread)
    (record,) = caplog.records
    assert record.getMessage().startswith("READ_ONLY at /till/sales/: ")
    assert record.exc_info is None


def test_a_mistake_in_the_program_is_no_outage(browser: Client, bread: Product):
    with patch("sales.checkout.complete_sale", side_effect=ProgrammingError("no such column")):
        answer = sell(browser, bread)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    with patch("smartduka.models.Shop.current", side_effect=ZeroDivisionError):
        page = browser.get("/till/")
    assert (page.status_code, b"Something went wrong" in page.content) == (500, True)
    assert b"ZeroDivisionError" not in page.content


def caused(kind: type[Exception], cause: Exception) -> Exception:
    """An error as Django raises it, with the driver's own as its cause."""
    error = kind(*cause.args)
    error.__cause__ = cause
    return error


def state(code: str) -> psycopg.Error:
    return psycopg.errors.lookup(code)("as the server words it")


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (caused(OperationalError, psycopg.OperationalError("connection refused")), Outage.DOWN),
        (caused(OperationalError, psycopg.OperationalError('FATAL:  database "duka" does not exist')), Outage.ABSENT),
        (caused(OperationalError, pymysql.OperationalError(1049, "Unknown database 'duka'")), Outage.ABSENT),
        (caused(OperationalError, psycopg.OperationalError("password authentication failed")), Outage.KEPT_OUT),
        (caused(OperationalError, psycopg.OperationalError("fe_sendauth: no password supplied")), Outage.KEPT_OUT),
        (caused(OperationalError, psycopg.OperationalError('role "duka" does not exist')), Outage.KEPT_OUT),
        (caused(ProgrammingError, state("42501")), Outage.KEPT_OUT),
        (caused(OperationalError, pymysql.OperationalError(1045, "Access denied")), Outage.KEPT_OUT),
        (caused(OperationalError, pymysql.OperationalError(1142, "SELECT command denied")), Outage.KEPT_OUT),
        (caused(OperationalError, state("57P01")), Outage.DOWN),
        (caused(OperationalError, state("57P03")), Outage.DOWN),
        (caused(OperationalError, state("08006")), Outage.DOWN),
        (caused(OperationalError, state("53100")), Outage.FULL),
        (caused(OperationalError, state("53300")), Outage.BUSY),
        (caused(OperationalError, state("40P01")), Outage.BUSY),
        (caused(OperationalError, state("58030")), Outage.DISK),
        (caused(InternalError, state("25006")), Outage.READ_ONLY),
        (caused(OperationalError, pymysql.OperationalError(2003, "Can't connect")), Outage.DOWN),
        (caused(OperationalError, pymysql.OperationalError(2013, "Lost connection")), Outage.DOWN),
        (caused(InterfaceError, pymysql.InterfaceError(0, "")), Outage.DOWN),
        (caused(OperationalError, pymysql.OperationalError(1021, "Disk full")), Outage.FULL),
        (caused(OperationalError, pymysql.OperationalError(1040, "Too many connections")), Outage.BUSY),
        (caused(OperationalError, pymysql.OperationalError(1213, "Deadlock")), Outage.BUSY),
        (caused(OperationalError, pymysql.OperationalError(1290, "--read-only")), Outage.READ_ONLY),
    ],
    ids=str,
)
def test_each_server_says_in_its_own_way_what_is_wrong(error: Exception, outage: Outage):
    assert outage_of(error) is outage


def sqlite_error(statement: str) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(":memory:").execute(statement)
    return raised.value


def test_a_file_that_is_no_database_any_more_is_no_mistake_in_the_program(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    file.write_text("The shop's books\n" * 300, encoding="utf-8")
    with pytest.raises(sqlite3.DatabaseError) as raised:
        sqlite3.connect(file).execute("SELECT * FROM sales_sale")
    assert outage_of(caused(DatabaseError, raised.value)) is Outage.DAMAGED


@pytest.mark.parametrize(
    "error",
    [
        caused(OperationalError, sqlite_error("SELECT * FROM nowhere")),
        caused(OperationalError, sqlite_error("SELEKT")),
        caused(ProgrammingError, state("42P01")),
        caused(ProgrammingError, state("42703")),
        caused(IntegrityError, state("23505")),
        caused(InterfaceError, psycopg.InterfaceError("the cursor is closed")),
        caused(OperationalError, pymysql.OperationalError(1054, "Unknown column")),
        caused(ProgrammingError, pymysql.ProgrammingError(1146, "Table doesn't exist")),
        caused(IntegrityError, pymysql.IntegrityError(1062, "Duplicate entry")),
        OSError(28, "No space left on device"),
        None,
    ],
    ids=str,
)
def test_what_is_wrong_in_the_program_is_not_blamed_on_the_machine(error: Any):
    assert outage_of(error) is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OperationalError(1045, "Access denied for user 'duka'@'localhost'"),
            "Access denied for user 'duka'@'localhost'",
        ),
        (OperationalError("the server is starting up.\nHINT: wait"), "the server is starting up"),
        (OperationalError(), "OperationalError"),
        (KeyError("name", "price"), "('name', 'price')"),
    ],
)
def test_what_an_error_says_becomes_part_of_a_sentence(error: Exception, said: str):
    assert first_line(error) == said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps its lock in a file")
def test_a_lock_that_cannot_be_made_is_an_outage_too(tmp_path):
    nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'db.sqlite3'}"
    with aliases.beside(nowhere) as alias, pytest.raises(OperationalError) as error, locks.exclusive(alias):
        pass
    assert outage_of(error.value) is Outage.DISK
