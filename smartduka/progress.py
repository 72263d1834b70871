"""How far a long work is, in lines: for a terminal, a log file and a page alike."""

from collections.abc import Callable

Told = Callable[[str], None]
"""Gets a short line for each step of a long work."""


class Progress:
    """Tells how many rows have passed: now and then, and at the end."""

    EVERY = 25_000

    def __init__(self, told: Told, did: str) -> None:
        self._told, self._did = told, did
        self._rows = 0

    def add(self, rows: int) -> None:
        before, self._rows = self._rows, self._rows + rows
        if before // self.EVERY < self._rows // self.EVERY:
            self.tell()

    def tell(self) -> None:
        self._told(f"{self._did} {self._rows:,} rows")
