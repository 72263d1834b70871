"""Databases of their own beside the shop's, which other processes and threads can open too."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, Error
from django.db.backends.utils import CursorWrapper
from django.db.utils import load_backend

from smartduka import env
from smartduka.databases import aliases, engines
from smartduka.databases.outages import Outage, outage_of

PREFIX = "smartduka_scratch_"
FORGOTTEN_AFTER = timedelta(days=1)
"""No scratch database is needed for longer; an older one was left behind by a program that was killed."""

_MOMENT = "%Y%m%d%H%M%S"

_CHARACTERS = " CHARACTER SET utf8mb4"
"""Whatever the server's default is, names may hold emoji."""


class NoScratchError(Exception):
    """There can be no scratch database, in a sentence with the cure."""


@contextmanager
def fresh_database(folder: Path, server: str | None = None) -> Iterator[str]:
    """The URL of an empty database, gone at the end: on the server, by default the one that DATABASE_URL names.

    A SQLite file is made in the folder, and goes with it.
    """
    server = env.text("DATABASE_URL") if server is None else server
    if _is_file(server):
        with fresh_file(folder) as file:
            file.touch(0o600, exist_ok=False)  # the books are in it, for nobody else to read
            yield engines.url_of_file(file)
        return
    name = _new_name()
    _make(server, name)
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _drop(server, name)


@contextmanager
def fresh_file(folder: Path) -> Iterator[Path]:
    """Where a file may be made for a while; it goes at the end, with whatever an engine put beside it."""
    file = folder / _new_name()
    try:
        yield file
    finally:
        for left in folder.glob(f"{file.name}*"):
            left.unlink(missing_ok=True)


def sweep(folder: Path, server: str) -> None:
    """Drop the scratch databases that programs which were killed left behind, in the folder and on the server."""
    for file in folder.glob(f"{PREFIX}*"):
        if _is_forgotten(file.name):
            with suppress(OSError):  # it is none of ours: a folder, or somebody else's
                file.unlink()
    if not _is_file(server):
        for name in filter(_is_forgotten, _names_on(server)):
            with suppress(Error):
                _drop(server, name)


def _new_name() -> str:
    return f"{PREFIX}{datetime.now(UTC):{_MOMENT}}_{uuid.uuid4().hex[:8]}"


def _is_forgotten(name: str) -> bool:
    told = re.match(rf"{PREFIX}([0-9]{{14}})_", name)
    return told is not None and told[1] < f"{datetime.now(UTC) - FORGOTTEN_AFTER:{_MOMENT}}"


def _names_on(server: str) -> list[str]:
    with _server(server) as cursor:
        cursor.execute("SHOW DATABASES" if _is_mariadb(cursor) else "SELECT datname FROM pg_database")
        return [name for (name,) in cursor.fetchall() if name.startswith(PREFIX)]


def _make(server: str, name: str) -> None:
    try:
        with _server(server) as cursor:
            cursor.execute(f"CREATE DATABASE {name}{_CHARACTERS if _is_mariadb(cursor) else ''}")
    except Error as error:
        if outage_of(error) not in {None, Outage.KEPT_OUT}:
            raise
        raise NoScratchError(
            "The account in DATABASE_URL may not make a database beside the shop’s, in which copies are tried out. "
            f"Let the server’s administrator give it that right: {_grant(server)}."
        ) from error


def _grant(server: str) -> str:
    """What gives this account that right; to MariaDB it is another one on each host that it comes from."""
    with _server(server) as cursor:
        if _is_mariadb(cursor):
            cursor.execute("SELECT CURRENT_USER()")
            name, _, host = cursor.fetchone()[0].rpartition("@")
            return f"GRANT ALL ON `{PREFIX}%`.* TO `{name}`@`{host}`"
        cursor.execute("SELECT quote_ident(current_user)")
        return f"ALTER ROLE {cursor.fetchone()[0]} CREATEDB"


def _drop(server: str, name: str) -> None:
    """Also where somebody is still connected, which keeps a database of PostgreSQL alive."""
    with _server(server) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}{'' if _is_mariadb(cursor) else ' WITH (FORCE)'}")


@contextmanager
def _server(url: str) -> Iterator[CursorWrapper]:
    """A cursor on the server itself, in none of the shop's databases."""
    settings = aliases.settings_of(url)
    wrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    with wrapper._nodb_cursor() as cursor:
        yield cursor


def _is_mariadb(cursor: CursorWrapper) -> bool:
    return cursor.db.vendor == "mysql"


def _is_file(url: str) -> bool:
    """Whether it names a file of SQLite, as no URL at all does."""
    return urlsplit(url).scheme in {"", "sqlite"}
