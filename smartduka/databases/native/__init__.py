"""Whole databases, copied and swapped by each engine's own means.

All three take aliases of open databases of one engine. Whatever goes wrong is a `CopyFailedError`, and then the live
database is as it was.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.apps import apps
from django.db import Error, connections

from smartduka import private
from smartduka.databases.outages import Outage, first_line, outage_of

SECONDS_OF_PATIENCE = 20
"""How long a copy or a swap waits for those who use the database, as a sale does."""

NO_ROOM = "The disk is full, so nothing was kept of it. Make room, then try again."
"""Whichever disk it is: that of the books, or of a stick."""


class CopyFailedError(Exception):
    """Why a database could not be copied or swapped, as a sentence with the cure."""


class ProgramFailedError(CopyFailedError):
    """The engine's own programs do not copy this database, on this computer. Without them it may be copied still."""


class Native(Protocol):
    """What one engine does. Each of its modules is one."""

    member: str
    """The name of a copy within a backup."""

    def dump(self, using: str, to: Path, *, without_rows: Sequence[str]) -> None:
        """Write a consistent copy into a new file while tills sell; of these tables, only what they look like."""

    def load(self, using: str, source: Path) -> None:
        """Fill an empty database with a copy. It has no triggers afterwards: no program comes with a copy."""

    def swap(self, live: str, ready: str, *, at_last: Callable[[], None] = lambda: None) -> None:
        """Make of live what ready is, so that those who use it see it whole or not at all. Ready is used up.

        `at_last` looks at live once more before that, and stops it by an error: on PostgreSQL when nobody else can
        write to it any more, on the others a moment before, and never while it is waited for those who write.
        """


def of(vendor: str) -> Native:
    """The module for an engine, by Django's name of it."""
    from smartduka.databases.native import mariadb, postgresql, sqlite

    natives: dict[str, Native] = {"sqlite": sqlite, "postgresql": postgresql, "mysql": mariadb}
    return natives[vendor]


@contextmanager
def in_a_sentence(using: str, doing: str) -> Iterator[None]:
    """Whatever the database or the disk refuses inside, said to a person."""
    try:
        with connections[using].wrap_database_errors:
            yield
    except Error as error:
        outage = outage_of(error)
        if outage is Outage.FULL:
            raise CopyFailedError(NO_ROOM) from error
        said = outage.value if outage else f"{doing} failed: {first_line(error)}."
        raise CopyFailedError(said) from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise CopyFailedError(NO_ROOM if full else f"{doing} failed: {error}.") from error


def new_private_file(path: Path) -> None:
    """An empty file that only its owner may read, before the first byte of the shop is in it."""
    try:
        private.new(path).close()
    except OSError as error:
        raise CopyFailedError(f"{path} cannot be made: {error.strerror}.") from error


@contextmanager
def kept_if_whole(path: Path) -> Iterator[None]:
    """An empty file that only its owner may read, to be filled inside; gone when that fails."""
    new_private_file(path)
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def shop_tables(using: str, *, besides: Sequence[str] = ()) -> list[str]:
    """The tables of a database that are the shop's, also in an older shop than this program; no others.

    They are named after an app of the shop, or are `besides` those known by their names.
    """
    known = {*besides, "django_migrations", *connections[using].introspection.django_table_names()}
    prefixes = tuple(f"{app.label}_" for app in apps.get_app_configs())
    there = connections[using].introspection.table_names()
    return sorted(table for table in there if table in known or table.startswith(prefixes))


def refuse_ties(using: str, tables: Sequence[str]) -> None:
    """Tables that go away may not be referred to by those of others, which stay."""
    looked = connections[using].introspection
    with connections[using].cursor() as cursor:
        for other in sorted(set(looked.table_names(cursor)) - set(tables)):
            for key in looked.get_constraints(cursor, other).values():
                parent, _ = key["foreign_key"] or ("", "")
                if parent in tables:
                    raise CopyFailedError(
                        f"{other} refers to {parent}, which is the shop’s: drop that foreign key first."
                    )
