"""A restore when the shop's own database is broken, which is when it is needed; and one that is only busy is not."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from sales import books
from smartduka.backups import shelf
from smartduka.databases import native
from smartduka.databases.outages import Outage
from smartduka.tests.duka import Duka, digests, file_of

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="a server looks after its own files")


@pytest.fixture(scope="module")
def backup(duka: Duka) -> Path:
    call_command("backup", stdout=StringIO())
    (backup,) = shelf.backups(duka.backups)
    return backup.path


@pytest.fixture
def restored(duka: Duka, backup: Path) -> dict[str, str]:
    """What the books are, before and after."""
    restore(backup)
    return digests()


def restore(backup: Path) -> str:
    said = StringIO()
    call_command("restore", str(backup), "--no-input", stdout=said)
    return said.getvalue()


def overwrite(start: float, end: float) -> Callable[[Path], None]:
    """Garbage from one part of the file to another."""

    def spoil(file: Path) -> None:
        size = file.stat().st_size
        with file.open("r+b") as opened:
            opened.seek(int(size * start))
            opened.write(b"\xa5" * int(size * (end - start)))

    return spoil


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no header": overwrite(0, 0.001),
    "a hole in the middle": overwrite(0.3, 0.7),
    "nothing after the first page": overwrite(0.01, 1),
    "garbage": overwrite(0, 1),
    "cut off": lambda file: os.truncate(file, file.stat().st_size // 2),
}


def kept_beside(file: Path) -> set[Path]:
    return set(file.parent.glob(f"{file.name}-damaged-*"))


@pytest.mark.parametrize("kind", DAMAGES)
def test_books_come_back_over_a_damaged_file_which_is_kept(
    duka: Duka, backup: Path, restored: dict[str, str], kind: str
):
    file = file_of(duka.url)
    connection.close()
    DAMAGES[kind](file)
    damaged, others = file.read_bytes(), kept_beside(file)

    said = restore(backup)

    assert digests() == restored
    assert list(books.audit()) == []
    duka.sell()
    (kept,) = kept_beside(file) - others
    assert kept.read_bytes() == damaged
    assert str(kept) in said


def test_a_till_that_has_the_damaged_file_open_goes_on_in_the_restored_books(
    duka: Duka, backup: Path, restored: dict[str, str]
):
    file = file_of(duka.url)
    with closing(sqlite3.connect(file)) as till:
        (sales,) = till.execute("SELECT count(*) FROM sales_sale").fetchone()
        connection.close()
        DAMAGES["garbage"](file)
        restore(backup)
        duka.sell()
        assert till.execute("SELECT count(*) FROM sales_sale").fetchone() == (sales + 1,)


def test_a_file_that_is_only_busy_is_not_set_aside(duka: Duka, backup: Path):
    file = file_of(duka.url)
    before = sorted(file.parent.iterdir())
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as other,
        patch.object(native.of("sqlite"), "SECONDS_OF_PATIENCE", 0.1),
    ):
        other.execute("BEGIN EXCLUSIVE")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 100")
        with pytest.raises(CommandError, match=Outage.BUSY.value):
            restore(backup)
    assert sorted(file.parent.iterdir()) == before
    duka.sell()
