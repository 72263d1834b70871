"""What may stand in the way of a backup or a restore, as the sentence that a command ends with."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError
from django.db import Error

from smartduka.backups.flaws import BadBackupError
from smartduka.backups.making import UnsoundCopyError
from smartduka.backups.media import NotPutError
from smartduka.backups.restoring import StillSellingError
from smartduka.backups.shelf import ShelfError
from smartduka.databases.native import NO_ROOM, CopyFailedError
from smartduka.databases.outages import Outage, outage_of
from smartduka.databases.scratch import NoScratchError

_TROUBLES = (
    BadBackupError,
    CopyFailedError,
    NoScratchError,
    NotPutError,
    ShelfError,
    StillSellingError,
    UnsoundCopyError,
)
"""What was raised with a sentence for a person."""


@contextmanager
def in_sentences() -> Iterator[None]:
    """Every trouble that is not a mistake in the program becomes a CommandError."""
    try:
        yield
    except _TROUBLES as trouble:
        raise CommandError(str(trouble)) from trouble
    except Error as error:
        outage = outage_of(error)
        if outage is None:
            raise
        raise CommandError(NO_ROOM if outage is Outage.FULL else outage.value) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CommandError(NO_ROOM) from error
        raise CommandError(
            f"{error.strerror or error}: {error.filename or 'a file'}. Nothing was changed."
        ) from error
