"""Databases to copy and to swap, for the tests of that."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from inventory.models import Category
from smartduka.databases import aliases, append_only, native, scratch
from smartduka.databases.schema import transient_tables
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_product, a_sale, a_user, paid

OURS = native.of(connection.vendor)
MARKS = (Shop, Category)
"""Tables in which every row of a marked shop bears its mark."""
SECRET = "8f1c-the-key-of-a-session"
OF_THE_MOMENT = (Session, AccessAttempt)
"""Who is logged in where, and whose door is closed."""


@pytest.fixture(scope="session")
def trading(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a shop that trades, with words that are easily lost, for tests that only look at it."""
    folder = tmp_path_factory.mktemp("trading")
    with django_db_blocker.unblock():
        bare = copy_of("default", folder)
        with scratch.fresh_database(folder) as url:
            with aliases.working_in(url):
                OURS.load("default", bare)
                append_only.install()
                trade()
            yield url


@pytest.fixture(scope="session")
def trading_copy(trading: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that shop."""
    with django_db_blocker.unblock(), aliases.beside(trading, "trading"):
        return copy_of("trading", tmp_path_factory.mktemp("copy"))


def trade() -> None:
    amina = a_user("Amina", "Owner")
    Shop.objects.create(name="Duka la Amina")
    bread = a_product("Mkate 🍞 'mweupe' \\ \"400 g\"", stock="10", price="65", by=amina)
    a_customer("سارة; DROP TABLE sales_sale; --\n\t", limit="9999999999.99", phone=None)
    a_sale([a_line(bread, "2")], [paid("130", "mpesa", "QBC2DE3FG4")], by=amina)
    until = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key=SECRET, session_data=SECRET * 9, expire_date=until)
    AccessAttempt.objects.create(username=SECRET, ip_address="127.0.0.1", failures_since_start=5)


def copy_of(using: str, folder: Path) -> Path:
    to = folder / f"{using}-{OURS.member}"
    OURS.dump(using, to, without_rows=transient_tables(using))
    return to


@contextmanager
def databases(folder: Path, *aliases: str) -> Iterator[Sequence[str]]:
    """Empty databases under these names; their URLs."""
    with ExitStack() as stack:
        urls = [stack.enter_context(scratch.fresh_database(folder)) for _ in aliases]
        for url, alias in zip(urls, aliases, strict=True):
            stack.enter_context(known_as(alias, url))
        yield urls


@contextmanager
def known_as(alias: str, url: str) -> Iterator[str]:
    """An open database: Django lets a test open only those of which it knew when the test began."""
    with aliases.beside(url, alias):
        connections[alias].connect()
        yield alias


def mark(using: str, word: str) -> None:
    """As if it were another shop: a word in each of a few tables."""
    Shop.objects.using(using).update(name=word)
    for category in Category.objects.using(using):
        Category.objects.using(using).filter(pk=category.pk).update(name=f"{word} {category.pk}")


def marks(using: str) -> set[str]:
    """The words that the tables bear; one, unless two shops are mixed; the empty one where a table is empty."""
    names = [list(model.objects.using(using).values_list("name", flat=True)) for model in MARKS]
    return {name.partition(" ")[0] for some in names for name in some or [""]}


def everything(using: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a copy has."""
    left_out = transient_tables(using)
    rows = {
        model._meta.label: list(model._base_manager.using(using).order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in left_out
    }
    return {**rows, "migrations": sorted(MigrationRecorder(connections[using]).applied_migrations())}


def build(using: str) -> dict[str, Any]:
    """How the tables are made: columns, keys, rules, indexes."""
    looked = connections[using].introspection
    with connections[using].cursor() as cursor:
        return {
            table: (looked.get_table_description(cursor, table), looked.get_constraints(cursor, table))
            for table in looked.table_names(cursor)
            if table != "sqlite_stat1"
        }


def fill_both(copy: Path) -> None:
    """As in a restore: live is an old shop that is open, and ready a new one that was loaded."""
    OURS.load("live", copy)
    mark("live", "old")
    append_only.install("live")
    OURS.load("ready", copy)
    mark("ready", "new")


def script(text: str, url: str, folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Another process, whose shop is at this URL."""
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", text, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
