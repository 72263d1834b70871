"""A shop that has traded, in a database of its own, which a test may copy, break and restore."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from inventory.models import Product, StockMovement
from sales import sessions
from sales.drawer import Count
from sales.models import Sale, TillSession
from smartduka.databases import engines, schema, scratch
from smartduka.databases.figures import figures_of
from smartduka.tests.builders import a_customer, a_line, a_product, a_sale, a_voucher, paid
from smartduka.tests.load.counters import books_apart


@dataclass(frozen=True)
class Duka:
    """Where it is, and what is in it."""

    url: str
    folder: Path
    bread: Product
    otieno: User

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def stock(self) -> int:
        """What the ledger says of the bread."""
        return StockMovement.objects.filter(product=self.bread).latest("pk").quantity_after

    def scratch_left(self) -> list[str]:
        """The scratch databases that are there now, as files and on the server."""
        files = [file.name for file in self.backups.glob(f"{scratch.PREFIX}*")]
        return files if connection.vendor == "sqlite" else [*files, *scratch._names_on(self.url)]

    def sell(self) -> Sale:
        """One more bread, for cash."""
        return a_sale([a_line(self.bread)], [paid("60")], by=self.otieno)


def file_of(url: str) -> Path:
    """The file of a SQLite database."""
    return Path(engines.configured(url)["NAME"])


@contextmanager
def a_duka(folder: Path, *, server: str | None = None) -> Iterator[Duka]:
    """Sold for cash, by M-Pesa and on account; a drawer was counted, and another is open."""
    with (
        books_apart(folder, server=server) as url,
        override_settings(BACKUP_DIR=folder / "backups", MEDIA_ROOT=folder / "media"),
    ):
        amina, otieno = User.objects.get(username="amina"), User.objects.get(username="otieno")
        bread = a_product("Bread 400 g 🍞", sku="BREAD", stock="100000", by=amina)
        duka = Duka(url, folder, bread, otieno)
        wanjiku = a_customer("Wanjikũ", limit="5000", phone="+254712345678")
        duka.sell()
        a_sale([a_line(bread, "2")], [paid("120", "mpesa", "QBC2DE3FG4")], by=otieno)
        sessions.close_session(TillSession.objects.get().pk, Count({50: 1}), a_voucher(amina))
        a_sale([a_line(bread, "3")], [paid("180", "on_account")], by=otieno, customer=wanjiku)
        yield duka


@pytest.fixture(scope="module")
def duka(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Duka]:
    """One for all the tests of a module."""
    with django_db_blocker.unblock(), a_duka(tmp_path_factory.mktemp("duka")) as duka:
        yield duka


def digests() -> dict[str, str]:
    """One for all the rows of each model."""
    return but_the_diary(figures_of(schema.models(schema.applied()), "default", told=lambda line: None).digests)


def but_the_diary(digests: Mapping[str, str]) -> dict[str, str]:
    """Which tells of a restore itself."""
    return {label: digest for label, digest in digests.items() if label != "smartduka.Event"}
