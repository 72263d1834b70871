"""What a person sees while the program works: one line for each piece of work. Standard library only."""

import sys
import time
from types import TracebackType


class Phase:
    """`Installing 14 packages ... 12 s`; on a terminal the line also shows how far the work is.

    >>> with Phase("Installing 14 packages") as phase:
    ...     phase.show("3 of 14")
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self._width = 0

    def __enter__(self) -> "Phase":
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
