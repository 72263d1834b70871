"""Waiting for the one lock of a SQLite file."""

import gc
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.utils import ConnectionHandler

from smartduka.databases import engines
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
    return DatabaseWrapper({**plain, "NAME": str(file), "OPTIONS": {**engines.SQLITE_OPTIONS, **options}})


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


def test_of_those_who_wait_in_a_process_one_asks_at_a_time(
    file: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    ask = DatabaseWrapper._is_done

    def counted(self: DatabaseWrapper, statement: str, *, is_last: bool) -> bool:
        asked.append(threading.get_ident())
        return ask(self, statement, is_last=is_last)

    monkeypatch.setattr(DatabaseWrapper, "_is_done", counted)

    def sell() -> None:
        waiting = till(file)
        begin(waiting)
        waiting.rollback()
        waiting.close()

    tills = [threading.Thread(target=sell) for _ in range(4)]
    for each in tills:
        each.start()
    time.sleep(0.5)
    so_far = set(asked)
    writer.execute("COMMIT")
    for each in tills:
        each.join()

    assert len(so_far) == 1
    assert len(set(asked)) == 4


def cursors_left_behind(work: Callable[[], object]) -> list[sqlite3.Cursor]:
    """Those that are in use still, and that nothing but the garbage collector will free, in whatever thread it runs.

    It waits for their connection then; and that may be waiting for the very thread, to have done with reading.
    """
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        work()
        gc.collect()
        cursors = [each for each in gc.garbage if type(each).__mro__[-2] is sqlite3.Cursor]
        return [
            each for each in cursors if any(type(held).__name__ == "Statement" for held in gc.get_referents(each))
        ]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_waiting_leaves_no_cursor_to_the_garbage_collector(file: Path, writer: sqlite3.Connection):
    impatient = till(file, timeout=0.05)

    def wait() -> None:
        with pytest.raises(OperationalError, match="locked"):
            begin(impatient)

    assert cursors_left_behind(wait) == []
    impatient.close()


def test_a_cursor_of_djangos_own_would_be_left_to_it(file: Path, writer: sqlite3.Connection):
    impatient = till(file, timeout=0)
    impatient.ensure_connection()

    def wait() -> None:
        with pytest.raises(OperationalError, match="locked"):
            base.DatabaseWrapper._start_transaction_under_autocommit(impatient)

    assert len(cursors_left_behind(wait)) == 1
    impatient.close()


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
