"""The database itself refuses to change a fact, whatever program asks.

Two kinds of triggers, on all three engines: a row of a ledger (every `LedgerRow`) is never updated or deleted; and a
number that follows a ledger, such as a product's stock, only ever becomes what the newest row says.

They are no migrations. SQLite drops a table's triggers when it rebuilds the table, MariaDB cannot undo a half-done
change of the schema, and a later backfill must be possible. So `migrate` lifts them when it has work to do and always
installs them at its end, `flush` runs inside `lifted`, and `missing` tells what is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connections

from smartduka.databases import dialects
from smartduka.databases.dialects import Follower
from smartduka.ledger import LedgerRow

_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Declare a follower; an app does so when it is ready."""
    if follower not in _followers:
        _followers.append(follower)


def install(using: str = "default") -> None:
    """Put every trigger in place, also where it is already. Tables that do not exist yet have none."""
    connection = connections[using]
    dialect = dialects.of(connection)
    with connection.cursor() as cursor:
        for statement in dialect.prepare:
            cursor.execute(statement)
        for name, (table, create) in _wanted(using).items():
            cursor.execute(dialect.drop(name, table))
            cursor.execute(create)


def lift(using: str = "default") -> None:
    """Take every trigger away."""
    connection = connections[using]
    dialect = dialects.of(connection)
    with connection.cursor() as cursor:
        for name, table in dialect.installed(cursor):
            cursor.execute(dialect.drop(name, table))


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    """Without the triggers inside; with them afterwards, also after an error."""
    lift(using)
    try:
        yield
    finally:
        install(using)


def missing(using: str = "default") -> list[str]:
    """The names of the triggers that should be there and are not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = {name for name, _ in dialects.of(connection).installed(cursor)}
    return sorted(_wanted(using).keys() - present)


def _wanted(using: str) -> dict[str, tuple[str, str]]:
    """The triggers that belong to the tables there are: name → table and statement."""
    connection = connections[using]
    dialect, tables = dialects.of(connection), set(connection.introspection.table_names())
    wanted = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if issubclass(model, LedgerRow) and table in tables:
            for event in dialect.events:
                name = f"append_only_{table}_{event.lower()}"
                wanted[name] = (table, dialect.refuse(name, table, event))
    for each in _followers:
        if {each.table, each.ledger} <= tables:
            for event in ("INSERT", "UPDATE"):
                name = f"follows_{each.table}_{each.column}_{event.lower()}"
                wanted[name] = (each.table, dialect.refuse_unfollowed(name, event, each))
    return wanted
