"""Run the suite on each engine, then say what ran where, what did not, and how to get it."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import sqlite_version

from smartduka.tests.engines import mariadb, postgresql
from smartduka.tests.engines.outcomes import tell
from smartduka.tests.engines.servers import Server
from smartduka.tests.engines.suites import Suite, side_by_side

STOPPED = 130


@contextmanager
def _sqlite() -> Iterator[Server]:
    yield Server("", sqlite_version)


SUITES = (
    Suite("SQLite", _sqlite, {"SMARTDUKA_TEST_BROWSER": "never"}),
    Suite("PostgreSQL", postgresql.server),
    Suite("MariaDB", mariadb.server),
    Suite("Browser, SQLite", _sqlite, {"SMARTDUKA_TEST_BROWSER": "only"}),
)
"""Those that take long begin first, so that no core is idle at the end."""


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    try:
        outcomes = side_by_side(SUITES, arguments, at_once())
    except KeyboardInterrupt:
        print("\nStopped; the test servers are gone.")
        return STOPPED
    return tell(outcomes)


def at_once() -> int:
    """How many suites run at the same time: what SMARTDUKA_TEST_SUITES says, by default one on each core."""
    named = os.environ.get("SMARTDUKA_TEST_SUITES")
    return max(1, int(named)) if named else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
