"""What an open shop does by itself: `manage.py daily`, soon after it opened and every hour from then on.

A shop's computer is off at night, so there is no hour at which it would be sure to be on. It happens quietly, in a
process of its own; what came of it stands on the health page.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType

from django.conf import settings

SECONDS_TO_SETTLE = 60
"""The first customer of the day comes first."""
SECONDS_BETWEEN = 3600
SECONDS_TO_END = 10
DAILY = (sys.executable, "manage.py", "daily")


class Rounds:
    """Once begun, until they end: a process every so often, and never two at a time.

    >>> with Rounds() as rounds:
    ...     rounds.begin()
    """

    def __init__(
        self,
        command: Sequence[str] = DAILY,
        *,
        first: float = SECONDS_TO_SETTLE,
        every: float = SECONDS_BETWEEN,
    ) -> None:
        self._command, self._first, self._every = command, first, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)

    def __enter__(self) -> "Rounds":
        return self

    def begin(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What is under way is broken off; the next time catches up."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(2 * SECONDS_TO_END)

    def _go(self) -> None:
        pause = self._first
        while not self._over.wait(pause):
            self._walk()
            pause = self._every

    def _walk(self) -> None:
        process = subprocess.Popen(  # noqa: S603 – our own program
            self._command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            if self._over.wait(0.2):
                _break_off(process)


def _break_off(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C does, so that it clears away what it made so far; by force when it does not listen."""
    process.terminate() if os.name == "nt" else process.send_signal(signal.SIGINT)
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
