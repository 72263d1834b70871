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


def write(writer: ArchiveWriter) -> None:
    """Add every uploaded file."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink() and _UNPACKED not in file.parts:
            writer.add_file(_FOLDER + file.relative_to(root).as_posix(), file)


@contextmanager
def unpacked(archive: Archive) -> Iterator[Callable[[], None]]:
    """Every file of a backup, ready, and what puts each in its place whole. Files that it does not know stay."""
    root = Path(settings.MEDIA_ROOT)
    aside = root / _UNPACKED
    names = [name.removeprefix(_FOLDER) for name in archive.manifest.members if name.startswith(_FOLDER)]

    def put() -> None:
        for name in names:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).replace(root / name)

    shutil.rmtree(aside, ignore_errors=True)
    try:
        for name in names:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            archive.extract(_FOLDER + name, aside / name)
        yield put
    finally:
        shutil.rmtree(aside, ignore_errors=True)
