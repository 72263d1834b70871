"""What is wrong with a backup."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,  # NotImplementedError among them
    ValueError,
)
"""What Python's own reader says of a file that is no sound ZIP file."""


class Flaw(Exception):
    """What is wrong, as the rest of a sentence about the file: "it is empty"."""


class BadBackupError(Exception):
    """A file that cannot be used as a backup, in a sentence for a person; nothing was touched."""

    def __init__(self, path: Path, flaw: str) -> None:
        super().__init__(f"{path} cannot be used as a backup: {flaw}. Nothing was touched.")
        self.path = path
        self.flaw = flaw


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Whatever is wrong with the file becomes a BadBackupError."""
    try:
        yield
    except Flaw as flaw:
        raise BadBackupError(path, str(flaw)) from None
    except OSError as error:
        raise BadBackupError(path, f"it cannot be read ({error.strerror or error})") from error
    except _SIGNS_OF_DAMAGE as error:
        raise BadBackupError(path, "it is damaged") from error
