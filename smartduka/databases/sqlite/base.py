"""How a transaction waits for the one lock of a SQLite file.

SQLite's own waiting asks at ever longer intervals, up to a tenth of a second, so whoever has waited longest has the
worst chance, and with eight tills a sale may take seconds. Here the threads of a process queue, and the first of them
asks the file at short and even intervals.
"""

import random
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction

_PAUSE = 0.001  # seconds

_queues: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""For each file, the threads of this process that want to write."""


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and take the lock where a transaction takes it at its beginning; wait for it as long as is set."""
        if self.transaction_mode != "IMMEDIATE":
            super()._start_transaction_under_autocommit()
            return
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        until = time.monotonic() + patience
        begin = "BEGIN IMMEDIATE"
        self._wait_inside_sqlite(0)
        try:
            with debug_transaction(self, begin), self.wrap_database_errors, _queued(self.settings_dict, patience):
                while not self._is_done(begin, is_last=time.monotonic() >= until):
                    time.sleep(_PAUSE * random.uniform(0.5, 1.5))  # noqa: S311 – not a secret
        finally:
            self._wait_inside_sqlite(patience)

    def _is_done(self, statement: str, *, is_last: bool) -> bool:
        """Whether the file was free for it; the last time, that it was not is an error.

        Django's own cursor would be kept by its error, in a circle that Python may clear up much later and in any
        other thread. That one would wait for this connection, while this connection, at its COMMIT, may wait for
        that one to have read: for twenty seconds nobody would sell.
        """
        try:
            self.connection.execute(statement)
        except sqlite3.OperationalError as error:
            if is_last or not _is_busy(error):
                raise
            return False
        return True

    def _wait_inside_sqlite(self, seconds: float) -> None:
        """How long SQLite itself waits, at every statement, before it says that the file is locked."""
        self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


@contextmanager
def _queued(settings: dict[str, object], patience: float) -> Iterator[None]:
    """First in the queue of this process; or out of patience, to ask once and be told."""
    queue = _queues[str(settings["NAME"])]
    is_first = queue.acquire(timeout=patience)
    try:
        yield
    finally:
        if is_first:
            queue.release()


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Somebody else has the lock; an extended error code has the kind in its last byte."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
