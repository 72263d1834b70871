"""Moving a shop in a test, and looking at what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from inventory.models import Product
from sales.models import Sale, TillSession
from smartduka import moving
from smartduka.databases import aliases, rows, schema, scratch, unfinished
from smartduka.moving import Moved
from smartduka.terminal import Bar
from smartduka.tests.builders import a_line, a_sale, paid
from smartduka.tests.nasty import careless

Content = dict[str, list[bytes]]
"""For each model all its rows, as lines."""


@pytest.fixture(scope="module")
def between_databases(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The tests of a module work in databases of their own."""
    with django_db_blocker.unblock(), careless():
        yield


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database on this run's engine."""
    with scratch.fresh_database(tmp_path) as url:
        yield url


class Quiet(Bar):
    """Nobody looks."""

    def __enter__(self) -> "Quiet":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def show(self, progress: str) -> None:
        pass


def move(source: str, target: str, folder: Path, *, again: bool = False) -> Moved:
    return moving.move(source, target, folder=folder, again=again, show=Quiet)


def content(url: str) -> Content:
    with aliases.beside(url, "looked_at") as alias:
        return {
            model._meta.label: [rows.to_lines(model, [row]) for some in rows.read(model, alias) for row in some]
            for model in schema.models(schema.applied(alias))
        }


def tables_in(url: str) -> list[str]:
    with aliases.beside(url, "looked_at") as alias:
        return unfinished.tables(alias)


def sell() -> Sale:
    """One more bread, by whoever is at the till that is open."""
    bread, session = Product.objects.get(sku="A"), TillSession.objects.get(closed_at=None)
    return a_sale([a_line(bread)], [paid("60")], by=session.cashier)
