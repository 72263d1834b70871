"""What a database cannot hold is told before the first row is copied, by row and column, on this run's engine."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from pytest_django.plugin import DjangoDbBlocker

from inventory.models import Product
from sales.models import TillSession
from smartduka.databases import aliases, schema, scratch
from smartduka.databases.columns import check_of
from smartduka.databases.fitting import misfits
from smartduka.tests.duka import file_of

ENGINE = connection.vendor
SERVERS = ("postgresql", "mysql")
EVERY = ("sqlite", *SERVERS)


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """An empty database on this run's engine."""
    folder = tmp_path_factory.mktemp("target")
    with django_db_blocker.unblock(), scratch.fresh_database(folder) as url, aliases.beside(url, "target") as alias:
        yield alias


@contextmanager
def opened(url: str) -> Iterator[str]:
    with aliases.beside(url, "source") as alias:
        yield alias


@cache
def tables() -> list[type[Model]]:
    """Those of the shop, which is as new as the program."""
    return schema.models(MigrationLoader(None).disk_migrations)


def found(url: str, target: str) -> list[str]:
    """Everything in this database that does not fit into the target."""
    with opened(url) as source:
        return sorted(map(str, misfits(tables(), source, target, passed=lambda model: None)))


def test_a_sound_shop_fits_everywhere(nasty_file: Path, target: str):
    assert found(f"sqlite:///{nasty_file}", target) == []


TOO_MUCH = [
    ("name = printf('%.130c', 'x')", "name: 130 characters, and 120 fit", SERVERS),
    ("name = 'NUL ' || char(0)", "name: a NUL character, which PostgreSQL does not hold", ("postgresql",)),
    ("low_stock_threshold = 2147483648", "low_stock_threshold: 2147483648 is not between 0 and", ("postgresql",)),
    ("low_stock_threshold = 4294967296", "low_stock_threshold: 4294967296 is not between 0 and", SERVERS),
    ("low_stock_threshold = -1", "low_stock_threshold: -1 is not between 0 and", EVERY),
    ("low_stock_threshold = 'few'", "low_stock_threshold: “few” is not a whole number", EVERY),
    ("low_stock_threshold = 2.5", "low_stock_threshold: “2.5” is not a whole number", EVERY),
    ("name = x'C328'", "name: “\\xc3(” is not a text", EVERY),
    ("name = CAST(x'C328' AS TEXT)", "name: “\\xc3(” cannot be read as a text", EVERY),
    ("name = CAST(x'EDA080' AS TEXT)", "name: “\\xed\\xa0\\x80” cannot be read as a text", EVERY),
    ("selling_price = 100000000", "selling_price: “100000000” cannot be read as an amount", EVERY),
    ("selling_price = 'dear'", "selling_price: “dear” cannot be read as an amount", EVERY),
    ("selling_price = 60.333333", "selling_price: 60.333333, and 2 decimals fit", EVERY),
    ("selling_price = 9e999", "selling_price: “Inf” cannot be read as an amount", EVERY),
    ("is_active = 2", "is_active: “2” is not yes or no", EVERY),
    ("is_active = 'maybe'", "is_active: “maybe” is not yes or no", EVERY),
    ("created_at = 'soon'", "created_at: nothing that can be read as an instant", EVERY),
    ("created_at = '2026-02-30 09:00:00'", "created_at: “2026-02-30 09:00:00” cannot be read as an instant", EVERY),
    ("last_sold_at = '23/06/2026'", "last_sold_at: what stands there cannot be read as a day", EVERY),
    ("category_id = 999", "category_id: it names inventory.Category 999, which is not there", EVERY),
]


@pytest.mark.parametrize(("change", "sentence", "engines"), TOO_MUCH, ids=[change for change, *_ in TOO_MUCH])
def test_it_is_told_by_row_and_column(
    change: str, sentence: str, engines: tuple[str, ...], a_nasty_file: Callable[..., str], target: str
):
    url = a_nasty_file(f"UPDATE inventory_product SET {change} WHERE sku = 'GOLD'")
    told = found(url, target)
    if ENGINE not in engines:
        assert told == []
        return
    assert len(told) == 1
    assert told[0].startswith(f"inventory.Product {gold(url)}, {sentence}")


def gold(url: str) -> int:
    with closing(connect(file_of(url))) as raw:
        return int(raw.execute("SELECT id FROM inventory_product WHERE sku = 'GOLD'").fetchone()[0])


def test_floating_point_dust_is_none(a_nasty_file: Callable[..., str], target: str):
    """What an old migration added up in SQL: everybody has always read it as 0.30."""
    assert found(a_nasty_file("UPDATE inventory_product SET buying_price = 0.1 + 0.2"), target) == []


def test_every_row_and_column_is_told(a_nasty_file: Callable[..., str], target: str):
    url = a_nasty_file("UPDATE inventory_product SET selling_price = 'dear', created_at = 7, is_active = 'maybe'")
    columns = [each.partition(", ")[2].partition(":")[0] for each in found(url, target)]
    assert columns == ["created_at", "is_active", "selling_price"] * 3


DOCUMENTS = [
    ('{"50": 1e999}', "inf in a document", EVERY),
    ('{"\\u0000": 1}', "a NUL character, which PostgreSQL does not hold", ("postgresql",)),
    ('["\\ud83c"]', "half of a character", EVERY),
    ("[" * 32 + "]" * 32, "a document nested deeper than 31", ("mysql",)),
]


@pytest.mark.parametrize(("document", "sentence", "engines"), DOCUMENTS)
def test_what_hides_in_a_document_is_found(
    document: str, sentence: str, engines: tuple[str, ...], a_nasty_file: Callable[..., str], target: str
):
    url = a_nasty_file(f"UPDATE sales_tillsession SET denominations = '{document}' WHERE id = 1")
    expected = [f"sales.TillSession 1, denominations: {sentence}"] if ENGINE in engines else []
    assert found(url, target) == expected


class TestTwins:
    """Only MariaDB takes two texts that differ for the same one, and which these are, it says itself."""

    ALIKE = [("Maïs", "MAIS"), ("Soda", "soda"), ("Sugar", "Sugar "), ("🌽", "🍞")]

    @pytest.mark.parametrize(("first", "second"), ALIKE)
    def test_names_that_must_differ_and_do_not(
        self, first: str, second: str, a_nasty_file: Callable[..., str], target: str
    ):
        url = a_nasty_file(
            f"INSERT INTO inventory_category (id, name) VALUES (71, '{first}')",
            f"INSERT INTO inventory_category (id, name) VALUES (72, '{second}')",
        )
        told = found(url, target)
        if ENGINE == "mysql" and is_alike(first, second, target):
            assert told == [f"inventory.Category 72, name: “{second}” is the same to MariaDB as “{first}” of 71"]
        else:
            assert told == []

    def test_those_that_differ_in_another_column_are_none(self, a_nasty_file: Callable[..., str], target: str):
        url = a_nasty_file(
            "INSERT INTO inventory_pack (product_id, name, size, selling_price, is_active)"
            " SELECT id, 'CRATE of 24 \\', 24, 1400, 1 FROM inventory_product WHERE sku = 'GOLD'"
        )
        assert found(url, target) == []

    @pytest.mark.skipif(ENGINE != "mysql", reason="only MariaDB takes texts that differ for the same one")
    def test_without_being_asked_the_target_would_refuse_them_in_the_middle(self, target: str):
        assert any(is_alike(first, second, target) for first, second in self.ALIKE)


def is_alike(first: str, second: str, target: str) -> bool:
    with connections[target].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE alike (name varchar(20) UNIQUE)")
        try:
            cursor.execute("INSERT IGNORE INTO alike VALUES (%s), (%s)", [first, second])
            return bool(cursor.rowcount == 1)
        finally:
            cursor.execute("DROP TEMPORARY TABLE alike")


class TestOneColumn:
    """What no SQLite file can hold, and a server can."""

    FIT = [
        (Product, "selling_price", Decimal("99999999.99"), EVERY),
        (Product, "average_cost", Decimal("9999999999.9999"), EVERY),
        (Product, "average_cost", Decimal(10000000000), ()),
        (TillSession, "expected", Decimal("1234567890123.45"), EVERY),
        (TillSession, "expected", Decimal("1234567890123456.78"), SERVERS),
        (TillSession, "opened_at", datetime(1, 1, 1, tzinfo=UTC), EVERY),
        (TillSession, "expected", None, EVERY),
        (Product, "category", 2**63 - 1, EVERY),
        (TillSession, "cashier", 2**31, ("sqlite",)),
        (Product, "id", 0, ("sqlite", "postgresql")),
        (TillSession, "expected", Decimal("NaN"), ()),
        (TillSession, "opened_at", None, ()),
        (Product, "name", "half \ud83c", ()),
        (Product, "is_active", 1, ()),
        (Product, "stock_quantity", True, ()),
    ]

    @pytest.mark.parametrize(("model", "column", "value", "engines"), FIT)
    def test_fits_or_not(self, model: Any, column: str, value: Any, engines: tuple[str, ...], target: str):
        why = check_of(model._meta.get_field(column), connections[target])(value)
        assert (why == "") == (ENGINE in engines), why
