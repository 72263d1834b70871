"""What a person sees while the program works, and types. Standard library only."""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_ROOT = Path(__file__).resolve().parent.parent


def shown(path: Path) -> str:
    """The path as it is typed in the program's folder."""
    return str(path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path)


def typed(*words: str) -> str:
    """What to type in the program's folder to run one of the shop's commands with this Python."""
    return _typed_to_python("manage.py", *words)


def typed_to_install(lock: str) -> str:
    """What to type there to install what a lock names, for this Python and no other."""
    return _typed_to_python("-m", "pip", "install", "-r", lock)


def _typed_to_python(*words: str) -> str:
    python = Path(sys.executable)
    return subprocess.list2cmdline([shown(python) if python.is_relative_to(_ROOT) else "python", *words])


class Phase:
    """`Installing 14 packages ... 12 s`; on a terminal the line also shows how far the work is.

    >>> with Phase("Installing 14 packages") as phase:
    ...     phase.show("3 of 14")
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self._width = 0

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        print(f"{self._words} ...", end="", flush=True)
        return self

    def show(self, progress: str) -> None:
        """Replace what stands behind the words; a log file would only fill up with it."""
        if sys.stdout.isatty():
            self._width = max(self._width, len(progress))
            print(f"\r{self._words} ... {progress.ljust(self._width)}", end="", flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.show("")
            start = f"\r{self._words} ..." if sys.stdout.isatty() else ""
            print(f"{start} {time.monotonic() - self._started:.0f} s", flush=True)
        else:
            print(flush=True)


class Bar(Phase):
    """A phase of which it is known how much there is to do; on a terminal it shows how much of it is done.

    >>> with Bar("Copying", 300) as bar:
    ...     bar.advance(100, "sales.Sale 100 of 200")
    """

    _WIDTH = 20
    _PAUSE = 0.1  # seconds: nobody reads faster

    def __init__(self, words: str, whole: int) -> None:
        super().__init__(words)
        self._whole = max(whole, 1)
        self._done = 0
        self._shown_at = 0.0

    def advance(self, by: int, what: str) -> None:
        """So much more is done; what is being worked on stands behind the bar."""
        self._done += by
        if time.monotonic() - self._shown_at >= self._PAUSE:
            self._shown_at = time.monotonic()
            filled = "#" * (self._WIDTH * self._done // self._whole)
            self.show(f"[{filled.ljust(self._WIDTH, '.')}] {100 * self._done // self._whole:3}%  {what}")
