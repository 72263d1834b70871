"""Telling what is wrong with the books in a backup from what is wrong with this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import CommandError
from django.db import Error

from smartduka.backups.flaws import BadBackupError
from smartduka.databases.outages import Outage, first_line, outage_of


@contextmanager
def blaming(path: Path, flaw: str) -> Iterator[None]:
    """What no database takes, or what cannot be read back, becomes a BadBackupError of this flaw; no outage does."""
    try:
        yield
    except (ArithmeticError, CommandError, Error, RecursionError, TypeError, ValueError) as error:
        if outage_of(error) not in {None, Outage.DAMAGED}:
            raise
        raise BadBackupError(path, f"{flaw} ({first_line(error)})") from error
