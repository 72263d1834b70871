"""A throw-away app with a history of its own, in a database of its own: the shop's is never touched."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.tests.history import history_of, models_now
from smartduka.tests.migration_rules import asks_before_it_loses, broken_in

NAME = "stall"

Row = dict[str, Any]

STAGE = """\
{code}
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [{operations}]
"""

NAMES = ["Sugar 1 kg", "Ünga", "", "Sugar 1 kg"]
"""What is on the stall; two goods have the same name."""

INITIAL = """migrations.CreateModel("Good", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=40)),
])"""
"""The first stage of most stalls: goods, which have a name."""


class Stall:
    """The app. Its stages are files, so that they are read, merged and run as everybody's are."""

    def __init__(self, folder: Path) -> None:
        self.migrations = folder / NAME / "migrations"
        self.migrations.mkdir(parents=True)
        for package in (self.migrations, self.migrations.parent):
            (package / "__init__.py").touch()

    def stage(self, name: str, *operations: str, code: str = "", after: str | None = None) -> None:
        """Write a stage that follows the newest, or the one that is named; `code` stands above it."""
        newest = max((path.stem for path in self.migrations.glob("0*.py")), default=None)
        parent = after or newest
        text = STAGE.format(
            code=dedent(code),
            dependencies=[(NAME, parent)] if parent else [],
            operations=", ".join(operations),
        )
        (self.migrations / f"{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()

    # --- What a test does with it, and sees of it ---

    def go(self, *stage: str, **options: Any) -> None:
        call_command("migrate", NAME, *stage, verbosity=0, **options)

    def tell(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def objects(self, model: str = "Good") -> Any:
        """Whatever the table is now."""
        return models_now().get_model(NAME, model).objects

    def rows(self, model: str = "Good") -> list[Row]:
        """Every row as it is now, without its key."""
        objects = self.objects(model)
        names = [field.attname for field in objects.model._meta.concrete_fields if not field.primary_key]
        return list(objects.order_by("pk").values(*names))

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows()]

    def columns(self) -> set[str]:
        """What the table really has, whatever the migrations say."""
        with connection.cursor() as cursor:
            return {each.name for each in connection.introspection.get_table_description(cursor, "stall_good")}

    def broken(self) -> dict[str, list[str]]:
        """The house rules that its history breaks. On its way back it may lose what it likes."""
        return broken_in(history_of(NAME), but=[asks_before_it_loses])

    def goes_back_and_forward_the_same(self, *, to: str = "0001") -> None:
        """Going back brings the old rows, and coming forward again the new ones; and the history keeps every rule."""
        assert self.broken() == {}
        newest = self.rows()
        self.go(to)
        assert self.column("name") == NAMES
        self.go()
        assert self.rows() == newest


@contextmanager
def a_stall(folder: Path) -> Iterator[Stall]:
    """The only app there is, as long as this lasts."""
    stall = Stall(folder)
    sys.path.insert(0, str(folder))
    try:
        with override_settings(INSTALLED_APPS=[NAME]):
            yield stall
    finally:
        sys.path.remove(str(folder))
        for module in [name for name in sys.modules if name.split(".")[0] == NAME]:
            del sys.modules[module]


@pytest.fixture
def stall(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Stall]:
    """The app at its first stage, with rows, in a database of its own."""
    with django_db_blocker.unblock(), fresh_database(tmp_path) as url, working_in(url), a_stall(tmp_path) as stall:
        stall.stage("0001_initial", INITIAL)
        stall.go()
        for name in NAMES:
            stall.objects().create(name=name)
        yield stall


# --- How an operation is written ----------------------------------------------------------------------------


def text_column(name: str, options: str = "", operation: str = "AddField") -> str:
    return f'migrations.{operation}("good", "{name}", models.CharField(max_length=40{options}))'


def run_python(back: str = "migrations.RunPython.noop", there: str = "fill") -> str:
    return f"migrations.RunPython({there}, {back})"


UNIQUE_NAME = text_column("name", ", unique=True", "AlterField")

FILL_SHELF = """
def fill(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    goods.filter(shelf=None).update(shelf="Uncategorised")
"""
