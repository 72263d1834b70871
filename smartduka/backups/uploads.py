"""Backups that a browser brings: from another laptop, from a stick, out of the mail."""

import shutil
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from smartduka.backups import archive, parts, shelf
from smartduka.backups.shelf import ShelfError

LARGEST = 2_000_000_000
"""Bytes of the largest file that is taken; whoever has a larger one copies it into the folder."""
RIGHT = "smartduka.change_shop"


class OwnersFiles(TemporaryFileUploadHandler):
    """The only files that the shop takes are an owner's backups.

    Django writes whatever a form brings to the disk before any page asks who sent it. Of everybody else, and of what
    is too large, nothing is written.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.request is None or not self.request.user.has_perm(RIGHT):
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start + len(raw_data) > LARGEST:
            raise SkipFile
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as error:  # the disk is full
            raise SkipFile from error


def keep(file: TemporaryUploadedFile, folder: Path) -> str:
    """Check an upload, whole, and put it on the shelf: its name there, which it may have had already.

    BadBackupError says what is wrong with any other file, ShelfError why the folder takes none.
    """
    with archive.reading(Path(file.temporary_file_path())) as backup:
        manifest = backup.manifest
    shelf.check_writable(folder)
    for there in shelf.backups(folder):
        if there.manifest == manifest:
            return there.path.name
    target = shelf.new_path(folder, manifest)
    try:
        with parts.in_the_making(target) as sink:
            shutil.copyfileobj(file, sink, 1 << 20)
    except OSError as error:
        raise ShelfError(f"It cannot be kept in {folder} ({error.strerror}). See to that, then try again.") from error
    return target.name
