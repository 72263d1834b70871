"""Waiting for the one lock of a SQLite file."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from smartduka.databases.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db  # pytest-django lets nobody else open a database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.sqlite3"


@pytest.fixture
def writer(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program, in the middle of writing."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE sale (number)")
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def till(file: Path, **options: object) -> DatabaseWrapper:
    plain = ConnectionHandler({"default": {"ENGINE": "smartduka.databases.sqlite"}}).databases["default"]
    return DatabaseWrapper({**plain, "NAME": str(file), "OPTIONS": {**settings.SQLITE_OPTIONS, **options}})


def begin(till: DatabaseWrapper) -> None:
    till.ensure_connection()
    till.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_a_transaction_waits_until_the_file_is_free(file: Path, writer: sqlite3.Connection):
    waiting = till(file)
    free = threading.Timer(0.2, writer.execute, ["COMMIT"])

    began = time.monotonic()
    free.start()
    begin(waiting)

    assert time.monotonic() - began >= 0.2
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(file, timeout=0).execute("INSERT INTO sale VALUES (1)")
    waiting.close()
    free.join()


def test_patience_ends(file: Path, writer: sqlite3.Connection):
    waiting = till(file, timeout=0.2)

    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        begin(waiting)

    assert 0.2 <= time.monotonic() - began < 10
    waiting.close()


def test_what_is_no_lock_is_told_at_once(file: Path):
    waiting = till(file)
    begin(waiting)

    began = time.monotonic()
    with pytest.raises(OperationalError, match="within a transaction"):
        begin(waiting)

    assert time.monotonic() - began < 10
    waiting.close()


def test_single_statements_wait_as_long_as_before(file: Path, writer: sqlite3.Connection):
    writer.execute("COMMIT")
    waiting = till(file)
    begin(waiting)
    waiting.rollback()

    with waiting.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 20_000
    waiting.close()
