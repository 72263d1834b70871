"""Try a transaction again when the database ended it for the sake of another one."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")

_ATTEMPTS = 5
_LONGEST_WAIT = 0.05  # seconds, times the attempt

_POSTGRESQL_STATES = {"40P01", "40001"}  # deadlock detected, could not serialize
_MARIADB_ERRORS = {1213, 1020}  # deadlock found, record has changed since last read


def retried(work: Callable[[], T]) -> T:
    """What `work` returns. `work` is one whole transaction, and is run again after a deadlock, a few times.

    Waits a little, at random, so that two that met do not meet again. Inside somebody else's transaction it is run
    once: a deadlock ends the whole of that one, and only who began it can begin it again.
    """
    if connection.in_atomic_block:
        return work()
    for attempt in range(1, _ATTEMPTS):
        try:
            return work()
        except OperationalError as error:
            if not _is_passing(error):
                raise
            time.sleep(random.uniform(0, _LONGEST_WAIT * attempt))  # noqa: S311 – not a secret
    return work()


def _is_passing(error: OperationalError) -> bool:
    cause = error.__cause__
    number = cause.args[0] if cause and cause.args else None
    return getattr(cause, "sqlstate", None) in _POSTGRESQL_STATES or number in _MARIADB_ERRORS
