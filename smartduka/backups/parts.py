"""A file in the making: hidden beside its target, for its owner's eyes only, and gone unless it was finished.

It is locked while somebody writes it. A killed program lets go of the lock, and so an orphan is told from a file that
still grows.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from smartduka import private

if sys.platform != "win32":
    import fcntl


@contextmanager
def in_the_making(target: Path) -> Iterator[BinaryIO]:
    """A new file to write and read, which becomes the target when all went well, safe against a power cut.

    A target that exists is refused (FileExistsError), and so is one that somebody else is making.
    """
    _refuse_existing(target)
    part = part_of(target)
    with _claimed(part) as stream:
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            _close_on_windows(stream)
            _publish(part, target)
        except BaseException:
            _close_on_windows(stream)
            part.unlink(missing_ok=True)
            raise


def part_of(target: Path) -> Path:
    """Under which name the target is in the making."""
    return target.with_name(f".{target.name}.part")


def remove_orphans(folder: Path, targets: str) -> list[Path]:
    """Remove the parts of such targets (a glob) that killed programs left in the folder, and tell which they were."""
    return [part for part in sorted(folder.glob(part_of(Path(targets)).name)) if _remove_orphan(part)]


def _claimed(part: Path) -> BinaryIO:
    """The new part, locked: nobody takes it for an orphan."""
    while True:
        try:
            stream = private.new(part)
        except FileExistsError:
            if _remove_orphan(part):
                continue
            raise FileExistsError(errno.EEXIST, "Somebody is writing this file now", str(part)) from None
        # Between its first moment and its lock it looked like an orphan.
        if _lock(stream, wait=True) and not _is_at(part, stream):
            stream.close()
            continue
        return stream


def _remove_orphan(part: Path) -> bool:
    try:
        if not part.is_file():  # to open a pipe is to wait for whoever writes into it
            return False
        with part.open("rb") as stream:
            if not _lock(stream, wait=False) or not _is_at(part, stream):
                return False
            _close_on_windows(stream)
            part.unlink()
    except OSError:
        return False
    return True


def _lock(stream: BinaryIO, *, wait: bool) -> bool:
    """Whether it is ours now. A few network folders know no locks: there no part is ever an orphan."""
    if sys.platform == "win32":
        return True
    with suppress(OSError):
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        return True
    return False


def _is_at(part: Path, stream: BinaryIO) -> bool:
    """Whether the path still leads to this open file."""
    try:
        return os.path.samestat(part.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _close_on_windows(stream: BinaryIO) -> None:
    """There an open file is neither renamed nor removed, whoever has it open: that is its lock."""
    if sys.platform == "win32":
        stream.close()


def _publish(part: Path, target: Path) -> None:
    """Rename. The part keeps every other SmartDuka from this target."""
    _refuse_existing(target)
    part.rename(target)
    if sys.platform != "win32":
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make sure that the new name, too, is on the disk, where the disk knows how (some network folders do not)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise FileExistsError(errno.EEXIST, "There is such a file already", str(target))
