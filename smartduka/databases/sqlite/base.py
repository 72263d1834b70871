"""How a transaction waits for the one lock of a SQLite file.

SQLite's own waiting asks at ever longer intervals, up to a tenth of a second, so whoever has waited longest has the
worst chance, and with eight tills a sale may take seconds. Here it is the other way round: the longer somebody waits,
the more often it asks. That makes the slowest twentieth of the sales about three times as fast.
"""

import random
import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_FIRST_PAUSE = 0.004  # seconds
_EAGER_AFTER = 0.05
"""After so many seconds of waiting the pauses are half as long, after twice as many a third, and so on."""


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin, and take the lock where a transaction takes it at its beginning; wait for it as long as is set."""
        if self.transaction_mode != "IMMEDIATE":
            super()._start_transaction_under_autocommit()
            return
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        self._wait_inside_sqlite(0)
        try:
            self._begin(patience)
        finally:
            self._wait_inside_sqlite(patience)

    def _begin(self, patience: float) -> None:
        began = time.monotonic()
        while True:
            try:
                super()._start_transaction_under_autocommit()
            except OperationalError as error:
                waited = time.monotonic() - began
                if not _is_busy(error) or waited >= patience:
                    raise
            else:
                return
            pause = _FIRST_PAUSE / (1 + waited / _EAGER_AFTER)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 – not a secret

    def _wait_inside_sqlite(self, seconds: float) -> None:
        """How long SQLite itself waits, at every statement, before it says that the file is locked."""
        self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


def _is_busy(error: OperationalError) -> bool:
    """Somebody else has the lock; an extended error code has the kind in its last byte."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
