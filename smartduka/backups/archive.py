"""A backup as one file: members, a manifest, a seal. Either all of it is there and right, or it is refused.

It is written under a temporary name and read back before it gets its own. It is checked, whole, before anything of it
is handed out.
"""

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from smartduka import private
from smartduka.backups import container, parts
from smartduka.backups.container import CHUNK, MANIFEST
from smartduka.backups.flaws import BadBackupError, Flaw, refusing
from smartduka.backups.manifest import Manifest, Member
from smartduka.backups.streams import Checking, Measuring

_LIGHTLY = 1
"""The quick level of deflate: books shrink by nearly as much as at the usual one, in half the time."""


@contextmanager
def writing(target: Path) -> Iterator["ArchiveWriter"]:
    """A backup in the making: there under its name once it is finished and on the disk, and else not at all.

    A target that exists is refused with FileExistsError. Every error passes on: a full disk is an OSError.
    """
    with parts.in_the_making(target) as stream:
        writer = ArchiveWriter(target, stream)
        try:
            yield writer
        finally:
            writer.close()
        if not writer.is_finished:
            raise RuntimeError(f"{target.name} was never finished.")


@contextmanager
def reading(path: Path) -> Iterator["Archive"]:
    """A backup of which every byte was checked. BadBackupError says what is wrong with any other file."""
    with _opened(path) as stream:
        yield _checked(path, stream)


def glance(path: Path) -> Manifest:
    """What a backup tells about itself, without reading the rest of it. BadBackupError where that cannot be told."""
    with _opened(path) as stream, refusing(path):
        return _told(stream, container.check_ends(stream))[1]


@dataclass(frozen=True)
class Archive:
    """A manifest, and the members that it tells of."""

    path: Path
    manifest: Manifest
    _zip: zipfile.ZipFile

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The bytes of a member, checked once more as they pass: the end is either right or a BadBackupError."""
        if name not in self.manifest.members:
            raise BadBackupError(self.path, f"it has no {name}")
        with refusing(self.path):
            source = self._zip.open(name)
        checking = Checking(self.path, name, source, self.manifest.members[name])
        with source, io.BufferedReader(checking, CHUNK) as stream:
            yield stream

    def extract(self, name: str, to: Path) -> None:
        """Write a member into a new file, for its owner's eyes only. What fails leaves none."""
        with self.open(name) as source, private.new(to) as sink:
            try:
                shutil.copyfileobj(source, sink, CHUNK)
                sink.flush()
            except BaseException:
                to.unlink()
                raise


class ArchiveWriter:
    """Takes members, shows them for a rehearsal, and is finished by the manifest."""

    def __init__(self, target: Path, stream: BinaryIO) -> None:
        self.is_finished = False
        self._target = target
        self._stream = stream
        self._members: dict[str, Member] = {}
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LIGHTLY)

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as source, self.open_member(name) as sink:
            shutil.copyfileobj(source, sink, CHUNK)

    @contextmanager
    def open_member(self, name: str) -> Iterator[BinaryIO]:
        """A stream into a new member; one at a time."""
        if name in {MANIFEST, *self._members} or not container.is_plain(name):
            raise ValueError(f"{name!r} cannot be the name of another file in a backup.")
        with self._zip.open(name, "w", force_zip64=True) as packed:
            measuring = Measuring(packed)
            with io.BufferedWriter(measuring, CHUNK) as stream:
                yield stream
        self._members[name] = measuring.member()

    def preview(self, manifest: Manifest) -> Archive:
        """The members so far, read from the unfinished file, under this manifest: to restore them as a rehearsal."""
        return Archive(self._target, self._with_members(manifest), self._zip)

    def finish(self, manifest: Manifest) -> Manifest:
        """Write the manifest, which learns of the members here; seal the file, and read back all of it."""
        complete = self._with_members(manifest)
        self._zip.writestr(zipfile.ZipInfo(MANIFEST), complete.to_json())
        self._zip.comment = container.OPEN_SEAL
        self._zip.close()
        container.seal(self._stream)
        _checked(self._target, self._stream)
        self.is_finished = True
        return complete

    def close(self) -> None:
        """Let go of an unfinished file, which is to be removed: what it lacks does not matter."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def _with_members(self, manifest: Manifest) -> Manifest:
        return replace(manifest, members=dict(self._members))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with refusing(path):
        if not path.exists():
            raise Flaw("it is not there")
        if not path.is_file():
            raise Flaw("it is no file")
        stream = path.open("rb")
    with stream:
        yield stream


def _told(stream: BinaryIO, size: int) -> tuple[zipfile.ZipFile, Manifest]:
    """The ZIP file with the manifest in it, which tells of all that stands there and of nothing else."""
    opened = zipfile.ZipFile(stream)
    manifest = Manifest.from_json(container.manifest_text(opened))
    container.check_members(opened, manifest.members, size)
    return opened, manifest


def _checked(path: Path, stream: BinaryIO) -> Archive:
    """The whole backup, after every byte was read and compared."""
    with refusing(path):
        size = container.check_ends(stream)
        container.check_seal(stream)
        opened, manifest = _told(stream, size)
    archive = Archive(path, manifest, opened)
    for name in manifest.members:
        with archive.open(name) as source:
            while source.read(CHUNK):
                pass
    return archive
