"""The files that belong to the books: whatever was uploaded."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from smartduka.backups.archive import Archive, ArchiveWriter

_FOLDER = "media/"
_UNPACKED = ".restoring"
"""Among the uploaded files, so that putting one in its place is to rename it."""


class NotPutError(Exception):
    """Why an uploaded file is not in its place, though the books are, in a sentence with the cure."""


def write(writer: ArchiveWriter) -> None:
    """Add every uploaded file."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink() and _UNPACKED not in file.parts:
            writer.add_file(_FOLDER + file.relative_to(root).as_posix(), file)


@contextmanager
def unpacked(archive: Archive) -> Iterator[Callable[[], None]]:
    """Every file of a backup, ready, and what puts each in its place whole. Files that it does not know stay.

    For one restore at a time.
    """
    root = Path(settings.MEDIA_ROOT)
    aside = root / _UNPACKED
    names = [name.removeprefix(_FOLDER) for name in archive.manifest.members if name.startswith(_FOLDER)]

    def put() -> None:
        for name in names:
            target = root / name
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                (aside / name).replace(target)
            except OSError as error:
                raise NotPutError(
                    f"The books were restored, but not every uploaded file: {target} cannot be put there "
                    f"({error.strerror}). See to that, then restore this backup once more."
                ) from error

    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name in names:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            archive.extract(_FOLDER + name, aside / name)
        yield put
    finally:
        shutil.rmtree(aside, ignore_errors=True)
