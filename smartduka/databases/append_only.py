"""The database itself refuses to change a fact, whatever program asks.

Three kinds of triggers, on all three engines: a row of a ledger (every `LedgerRow`) is never updated or deleted; a
number that follows a ledger, such as a product's stock, only ever becomes what the newest row says; and a row that is
closed once, such as a till session, stays as it was closed, and gets no more parts.

They are no migrations. SQLite drops a table's triggers when it rebuilds the table, MariaDB cannot undo a half-done
change of the schema, and a later backfill must be possible. So `migrate` lifts them when it has work to do and always
installs them at its end, `flush` runs inside `lifted`, and `missing` tells what is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connections, transaction

from smartduka.databases import dialects
from smartduka.databases.dialects import Dialect, Follower, Seal
from smartduka.ledger import LedgerRow

_followers: list[Follower] = []
_seals: list[Seal] = []


def follow(follower: Follower) -> None:
    """Declare a follower; an app does so when it is ready."""
    if follower not in _followers:
        _followers.append(follower)


def seal(seal: Seal) -> None:
    """Declare a seal; an app does so when it is ready."""
    if seal not in _seals:
        _seals.append(seal)


def install(using: str = "default") -> None:
    """Put every trigger in place, also where it is already. Tables that do not exist yet have none."""
    connection = connections[using]
    dialect = dialects.of(connection)
    with transaction.atomic(using, savepoint=False), connection.cursor() as cursor:
        for statement in dialect.prepare:
            cursor.execute(statement)
        for name, (table, create) in _wanted(using).items():
            cursor.execute(dialect.drop(name, table))
            cursor.execute(create)


def lift(using: str = "default") -> None:
    """Take every trigger away."""
    connection = connections[using]
    dialect = dialects.of(connection)
    with transaction.atomic(using, savepoint=False), connection.cursor() as cursor:
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
                wanted[name] = (table, dialect.refuse(name, table, event, dialects.appended(table)))
    for follower in _followers:
        if {follower.table, follower.ledger} <= tables:
            for event in ("INSERT", "UPDATE"):
                name = f"follows_{follower.table}_{follower.column}_{event.lower()}"
                refusal = dialect.refuse_if(name, follower.table, event, *dialects.unfollowed(follower, event))
                wanted[name] = (follower.table, refusal)
    for each in _seals:
        # Half way through the migrations that lay it, a seal holds nothing yet.
        if {each.table, *each.parts} <= tables and all(_has_column(using, part, each.key) for part in each.parts):
            wanted |= _sealed(each, dialect)
    return wanted


def _sealed(seal: Seal, dialect: Dialect) -> dict[str, tuple[str, str]]:
    wanted = {}
    for event in dialect.events:
        name = f"seals_{seal.table}_{event.lower()}"
        if event == "UPDATE":
            wanted[name] = (seal.table, dialect.refuse_if(name, seal.table, event, *dialects.resealed(seal)))
        else:
            wanted[name] = (seal.table, dialect.refuse(name, seal.table, event, dialects.kept(seal)))
    name = f"seals_{seal.table}_insert"
    wanted[name] = (seal.table, dialect.refuse_if(name, seal.table, "INSERT", *dialects.born_sealed(seal)))
    for part in seal.parts:
        name = f"seals_{part}_insert"
        wanted[name] = (part, dialect.refuse_if(name, part, "INSERT", *dialects.late(seal, part, dialect.shared)))
    return wanted


def _has_column(using: str, table: str, column: str) -> bool:
    """Asked of an answer without rows: Django's introspection would parse the whole table's SQL each time."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} WHERE 1 = 0")  # noqa: S608 – our own table
        return column in {each[0] for each in cursor.description}
