"""SQLite, by its backup API: never by copying a file beside a journal that belongs to it."""

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connections

from smartduka.databases import append_only
from smartduka.databases.native import (
    SECONDS_OF_PATIENCE,
    CopyFailedError,
    in_a_sentence,
    kept_if_whole,
    new_private_file,
)
from smartduka.databases.statistics import refresh_statistics

member = "database.sqlite3"

_PAUSE = 0.001  # seconds: SQLite’s own waiting asks so rarely that busy tills would leave it no turn
_MAGIC = b"SQLite format 3\x00"
_OURS = ("append_only_", "follows_", "seals_")


def dump(using: str, to: Path, *, without_rows: Sequence[str]) -> None:
    """Writers wait for the one step in which the pages are copied; what it takes to tidy up, nobody waits for."""
    pages = to.with_name(f"{to.name}.pages")
    with kept_if_whole(to):
        try:
            new_private_file(pages)
            with (
                in_a_sentence(using, "Copying the database"),
                closing(sqlite3.connect(pages, isolation_level=None)) as copy,
            ):
                # Nothing is lost with this file, so nothing waits for the disk.
                copy.execute("PRAGMA synchronous = OFF")
                _copy_from(using, copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                for table in without_rows:
                    copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 – our own names
                # Rows that were deleted, now or long ago, stand in free pages still; in a file made anew they do not.
                copy.execute("VACUUM INTO ?", [str(to)])
        finally:
            pages.unlink(missing_ok=True)
        with in_a_sentence(using, "Writing the copy"), to.open("rb+") as written:
            os.fsync(written.fileno())


def load(using: str, source: Path) -> None:
    with source.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise CopyFailedError("The copy is no SQLite database.")
    try:
        # Immutable: nothing is locked, and no journal beside it is believed.
        with closing(sqlite3.connect(f"file:{quote(str(source))}?immutable=1", uri=True)) as copy:
            _refuse_what_is_not_ours(copy)
            with in_a_sentence(using, "Loading the copy"):
                _backup(copy, _raw(using), seconds=SECONDS_OF_PATIENCE)
    except sqlite3.DatabaseError as error:
        raise CopyFailedError(f"The copy is damaged: {error}.") from error
    with in_a_sentence(using, "Loading the copy"):
        append_only.lift(using)


def swap(live: str, ready: str, *, at_last: Callable[[], None] = lambda: None) -> None:
    """In one transaction of SQLite's own, which a journal undoes when it was cut short."""
    with in_a_sentence(ready, "Preparing the database"):
        append_only.install(ready)
        refresh_statistics(ready)
        _page_size_of(live, ready)
        # A file says in its first page that it is WAL, and the live one says so for itself.
        _raw(ready).execute("PRAGMA journal_mode = DELETE")
    with in_a_sentence(live, "Swapping the database"):
        _replace(_raw(live), _raw(ready), at_last)


def _replace(live: sqlite3.Connection, ready: sqlite3.Connection, at_last: Callable[[], None]) -> None:
    """At once or not at all, again and again: what was written while it waited, nobody would have looked at."""
    until = time.monotonic() + SECONDS_OF_PATIENCE
    (patience,) = live.execute("PRAGMA busy_timeout").fetchone()
    while True:
        at_last()
        live.execute("PRAGMA busy_timeout = 0")
        try:
            return _backup(ready, live, seconds=0)
        except sqlite3.OperationalError as error:
            if not _is_in_the_way(error.sqlite_errorcode) or time.monotonic() > until:
                raise
        finally:
            live.execute(f"PRAGMA busy_timeout = {patience}")
        time.sleep(_PAUSE)


def _copy_from(using: str, copy: sqlite3.Connection) -> None:
    """Over a connection of its own, unless the database is in the memory of the one that there is."""
    connection: Any = connections[using]
    if connection.is_in_memory_db():
        _backup(_raw(using), copy, seconds=SECONDS_OF_PATIENCE)
        return
    path = quote(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=0)) as source:
        _backup(source, copy, seconds=SECONDS_OF_PATIENCE)


def _backup(source: sqlite3.Connection, target: sqlite3.Connection, *, seconds: float) -> None:
    """All pages in one step, as soon as nobody is in the way; for so long it is tried."""
    source.backup(target, pages=-1, progress=_patience(seconds), sleep=_PAUSE)


def _patience(seconds: float) -> Callable[[int, int, int], None]:
    until = time.monotonic() + seconds

    def ask(status: int, remaining: int, total: int) -> None:
        if _is_in_the_way(status) and time.monotonic() >= until:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    return ask


def _is_in_the_way(code: int) -> bool:
    """Whether somebody else uses the file; an extended error code has the kind in its last byte."""
    return code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _refuse_what_is_not_ours(copy: sqlite3.Connection) -> None:
    """A copy is tables, their indexes and our triggers, it is whole, and nothing in it runs by itself."""
    copy.execute("PRAGMA trusted_schema = OFF")
    copy.execute("PRAGMA cell_size_check = ON")
    for kind, name, sql in copy.execute("SELECT type, name, sql FROM sqlite_master"):
        is_plain = kind == "index" or (kind == "table" and str(sql).upper().startswith("CREATE TABLE"))
        if not is_plain and not (kind == "trigger" and name.startswith(_OURS)):
            raise CopyFailedError(f"The copy holds a {kind} that is not the shop’s: {name}.")
    (verdict, *_), *_ = copy.execute("PRAGMA integrity_check(1)")
    if verdict != "ok":
        raise CopyFailedError(f"The copy is damaged: {verdict}.")
    orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise CopyFailedError(
            f"The copy is damaged: a row of {orphan[0]} names a row of {orphan[2]} that is not there."
        )


def _page_size_of(live: str, ready: str) -> None:
    """A WAL file keeps the size of its pages for ever, so ready's become as large."""
    wanted, ours = (_raw(using).execute("PRAGMA page_size").fetchone()[0] for using in (live, ready))
    if wanted != ours:
        _raw(ready).execute("PRAGMA journal_mode = DELETE")
        _raw(ready).execute(f"PRAGMA page_size = {wanted}")
        _raw(ready).execute("VACUUM")


def _raw(using: str) -> sqlite3.Connection:
    connections[using].ensure_connection()
    raw: sqlite3.Connection = connections[using].connection
    return raw
