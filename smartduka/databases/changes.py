"""Whether anybody wrote to a database meanwhile."""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import Model


def fingerprint(tables: Iterable[type[Model]], using: str) -> Any:
    """What differs once anybody has changed a row of these tables, as the engine itself finds it quickest.

    SQLite counts the commits of others: there it holds as long as this connection is open, and for every table.
    """
    connection = connections[using]
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables]
    with connection.cursor() as cursor:
        match connection.vendor:
            case "sqlite":
                cursor.execute("PRAGMA data_version")
            case "postgresql":
                sums = (f"(SELECT sum(hashtextextended({name}::text, 0)) FROM {name})" for name in names)  # noqa: S608
                cursor.execute(f"SELECT {', '.join(sums)}")
            case _:
                cursor.execute(f"CHECKSUM TABLE {', '.join(names)}")
        return cursor.fetchall()
