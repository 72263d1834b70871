"""One at a time: a lock that a whole database shares, and that ends with whoever held it, however that ended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

LONGEST_WAIT = 3600
"""Seconds until a lock that somebody else holds is given up: a large backfill may take its time."""

_POSTGRESQL_KEY = 0x736D617274  # "smart"


@contextmanager
def exclusive(using: str = "default") -> Iterator[None]:
    """Hold the database's one lock; wait for whoever holds it."""
    connection = connections[using]
    hold = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mariadb}[connection.vendor]
    with hold(connection):
        yield


@contextmanager
def _sqlite(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Another, empty SQLite file beside the database, locked: the system unlocks it even after a kill."""
    if connection.is_in_memory_db():
        yield
        return
    path = f"{connection.settings_dict['NAME']}-migrating"
    with connection.wrap_database_errors:
        opened = sqlite3.connect(path, timeout=LONGEST_WAIT, isolation_level=None)
    with closing(opened) as beside:
        with connection.wrap_database_errors:
            beside.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _postgresql(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_POSTGRESQL_KEY])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRESQL_KEY])


@contextmanager
def _mariadb(connection: BaseDatabaseWrapper) -> Iterator[None]:
    name = f"smartduka.{connection.settings_dict['NAME']}"[:64]
    with connection.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK(%s, %s)", [name, LONGEST_WAIT])
        if cursor.fetchone() != (1,):
            raise TimeoutError(f"Somebody has been migrating {connection.settings_dict['NAME']} for an hour.")
        try:
            yield
        finally:
            cursor.execute("SELECT RELEASE_LOCK(%s)", [name])
