"""A shop whose file is damaged: it is said so, with its newest backup, and the file stays as it is."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from smartduka.open_shops import ROOT, shop_environment
from smartduka.tests.duka import file_of
from smartduka.tests.losing import COMMANDS, a_lasting_database, a_verified_backup, open_a_shop, refusal_of

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps the books in one file")


@pytest.fixture
def url(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock(), a_lasting_database(tmp_path) as url:
        yield url


def overwrite(file: Path, at: int, spoilt: bytes) -> None:
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(spoilt)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "a text": lambda file: file.write_text("The shop's books\n" * 300, encoding="utf-8") and None,
    "no header": lambda file: overwrite(file, 0, bytes(100)),
    "no schema": lambda file: overwrite(file, 100, b"\xff" * 3000),
    "half of it": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]) and None,
}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_named_with_its_newest_backup_and_left_as_it_is(
    url: str, damage: str, command: tuple[str, ...]
) -> None:
    open_a_shop()
    MigrationRecorder.Migration.objects.bulk_create(
        MigrationRecorder.Migration(app="sales", name=f"{number:0200}") for number in range(1000)
    )
    connection.close()
    file, backup = file_of(url), a_verified_backup()
    DAMAGE[damage](file)
    damaged = file.read_bytes()

    said = refusal_of(*command)

    assert f"{file.name} is damaged (" in said
    assert "Restore the newest verified backup, of 19 Jan 2026, 18:04: " in said
    assert f"manage.py restore {backup}. For a new shop instead: move that file away, then " in said
    assert file.read_bytes() == damaged


def test_a_command_that_meets_a_damaged_file_says_so_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3").write_bytes(b"no database" * 1000)
    command = [sys.executable, "manage.py", "check_books"]
    done = subprocess.run(
        command, cwd=ROOT, env=shop_environment("", tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "db.sqlite3 is damaged" in done.stderr
    assert "Traceback" not in done.stderr
