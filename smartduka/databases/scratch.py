"""A database of its own beside the shop's, on the same engine, which other processes and threads can open too."""

import copy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.db import connections
from django.db.utils import load_backend

from smartduka import env

ALIAS = "default"


@contextmanager
def fresh_database(folder: Path, server: str | None = None) -> Iterator[str]:
    """The URL of an empty database, gone at the end: on the server, by default the one that DATABASE_URL names.

    A SQLite file is made in the folder, and goes with it.
    """
    server = env.text("DATABASE_URL") if server is None else server
    name = f"smartduka_{uuid.uuid4().hex[:12]}"
    if urlsplit(server).scheme in {"", "sqlite"}:
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    _tell_server(server, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        _tell_server(server, f"DROP DATABASE {name}")


@contextmanager
def working_in(url: str) -> Iterator[None]:
    """Django's default database is this one, in this thread and in those that start meanwhile."""
    kept, kept_connection = connections.settings[ALIAS], connections[ALIAS]
    connections.settings[ALIAS] = configured(url)
    connections[ALIAS] = connections.create_connection(ALIAS)
    try:
        yield
    finally:
        connections[ALIAS].close()
        connections.settings[ALIAS] = kept
        connections[ALIAS] = kept_connection


def configured(url: str) -> dict[str, Any]:
    """The settings of the default database, for another one on the same engine."""
    wanted = dj_database_url.parse(url)
    place = {key: wanted[key] for key in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    return {**copy.deepcopy(connections.settings[ALIAS]), **place}


def _tell_server(url: str, statement: str) -> None:
    settings = configured(url)
    server = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, ALIAS)
    with server._nodb_cursor() as cursor:
        cursor.execute(statement)
