"""Disks that are full."""

import errno
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from smartduka.backups import parts

IS_REAL = sys.platform == "linux" and os.geteuid() == 0
"""Only root may mount a disk. For everybody else, it is each file in the making that finds no more room."""


@dataclass
class Disk:
    """A small disk: its folder, and how many bytes find room there."""

    folder: Path
    size: int

    def resize(self, size: int) -> None:
        """Make room, or take it away."""
        self.size = size
        if IS_REAL:
            _run("mount", "-o", f"remount,size={size}", self.folder)


@contextmanager
def a_small_disk(folder: Path, size: int) -> Iterator[Disk]:
    """A disk of so many bytes at this new folder."""
    folder.mkdir()
    disk = Disk(folder, size)
    if not IS_REAL:
        with patch.object(parts, "private", lambda path: io.BufferedRandom(_Tight(path, disk))):
            yield disk
        return
    _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", folder)
    try:
        yield disk
    finally:
        _run("umount", "--lazy", folder)


class _Tight(io.FileIO):
    """A new private file that cannot grow beyond the disk."""

    def __init__(self, path: Path, disk: Disk) -> None:
        super().__init__(path, "x+", opener=lambda name, flags: os.open(name, flags, mode=0o600))
        self._disk = disk

    def write(self, content: Any) -> int:
        if self.tell() + memoryview(content).nbytes > self._disk.size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


def _run(program: str, *arguments: str | Path) -> None:
    subprocess.run([shutil.which(program) or program, *arguments], check=True)
