"""Waiting for what happens in another process."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connections

PATIENCE = 60

_OTHERS = {
    "sqlite": "SELECT 0",
    "postgresql": """SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()""",
    "mysql": """SELECT count(*) FROM information_schema.processlist
        WHERE db = DATABASE() AND id <> CONNECTION_ID()""",
}
"""How many others use the database."""


def wait_until(happened: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "It does not happen."
        time.sleep(0.05)


def wait_until_alone(using: str = "default") -> None:
    """A server notices a little later that somebody who was connected is dead, and ends what he began."""
    with connections[using].cursor() as cursor:

        def is_alone() -> bool:
            cursor.execute(_OTHERS[connections[using].vendor])
            return cursor.fetchone() == (0,)

        wait_until(is_alone)
