"""What must be true of a database before a shop may live in it."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections


def is_mariadb(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """MySQL does not tell the keys of the rows that a sale inserts together; MariaDB does."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "mysql" and not connection.mysql_is_mariadb:
            hint = "Use MariaDB 10.6 or newer, PostgreSQL, or SQLite: see DATABASE_URL in .env.example."
            found.append(checks.Error("SmartDuka does not run on MySQL.", hint=hint, id="smartduka.E001"))
    return found
