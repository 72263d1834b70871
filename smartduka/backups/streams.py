"""Streams that count and hash what passes, so that no member is ever held in memory as a whole."""

import hashlib
import io
from pathlib import Path
from typing import IO, TYPE_CHECKING

from smartduka.backups.flaws import Flaw, refusing
from smartduka.backups.manifest import Member

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer


class Measuring(io.RawIOBase):
    """Passes on what is written, and knows in the end what member that was."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink
        self._size = 0
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: "ReadableBuffer") -> int:
        with memoryview(content) as view:
            self._sink.write(view)
            self._digest.update(view)
            self._size += view.nbytes
            return view.nbytes

    def member(self) -> Member:
        return Member(self._size, self._digest.hexdigest())


class Checking(io.RawIOBase):
    """Passes on what is read; where it is not the expected member, a BadBackupError instead of the end."""

    def __init__(self, path: Path, name: str, source: IO[bytes], expected: Member) -> None:
        self._path = path
        self._name = name
        self._source = source
        self._expected = expected
        self._size = 0
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        with refusing(self._path), memoryview(buffer) as view:
            content = self._source.read(view.nbytes)
            self._size += len(content)
            self._digest.update(content)
            if not content:
                self._check_end()
            view[: len(content)] = content
            return len(content)

    def _check_end(self) -> None:
        if Member(self._size, self._digest.hexdigest()) != self._expected:
            raise Flaw(f"{self._name} in it is not what its manifest tells")
