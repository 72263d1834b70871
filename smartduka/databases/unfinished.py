"""A database that is being filled: empty before, marked meanwhile, and empty again when that fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connections

from smartduka.databases import aliases

MARK = "smartduka_unfinished_move"
"""A table that is there from before the first step until after the last one."""


class LeftOverError(Exception):
    """What was begun went wrong, and could not be cleared away; its cause is what went wrong first."""


def tables(using: str) -> list[str]:
    """Every table and view, whoever made it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor, include_views=True)
    return sorted(name for name in names if not name.startswith("sqlite_"))


@contextmanager
def being_filled(using: str) -> Iterator[None]:
    """Marked inside; without the mark afterwards when all went well, and otherwise empty."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MARK} (id integer)")
    try:
        yield
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP TABLE {MARK}")
    except BaseException as error:
        # The connection may be cut, as the one to MariaDB is by Ctrl-C, or be left in the middle of a transaction.
        with suppress(Error):
            connections[using].close()
        try:
            with aliases.beside(aliases.url_of(using), "clearing") as afresh:
                clear(afresh)
        except Error:
            raise LeftOverError from error
        raise


def clear(using: str) -> None:
    """Drop every table, the mark last, so that what is left half cleared is still known for what it is."""
    connection = connections[using]
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    left = tables(using)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in sorted(left, key=MARK.__eq__):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}{cascade}")
