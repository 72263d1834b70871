"""A database as it was at one instant, while others go on writing to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections, transaction

from smartduka.databases import aliases, engines, native, schema, scratch

ALIAS = "snapshot"


@contextmanager
def snapshot(using: str, folder: Path) -> Iterator[str]:
    """The name of a database that stands still; a copy of a SQLite file is kept in the folder meanwhile.

    Whoever reads a SQLite file for long keeps every till from committing, so there a copy is read, which takes a
    moment. The servers show one transaction the same rows for as long as it lasts.
    """
    if connections[using].vendor == "sqlite":
        with scratch.fresh_file(folder) as file:
            native.of("sqlite").dump(using, file, without_rows=schema.transient_tables(using))
            with aliases.beside(engines.url_of_file(file), ALIAS) as alias:
                yield alias
        return
    with aliases.beside(aliases.url_of(using), ALIAS) as alias, _standing_still(alias):
        yield alias


@contextmanager
def _standing_still(alias: str) -> Iterator[None]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with transaction.atomic(alias):
            cursor.execute(
                "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
                if connection.vendor == "mysql"
                else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )
            yield
