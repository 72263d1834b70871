"""Suites side by side: a process for each, as many at a time as there are cores, each with a log of its own.

A log is printed whole when its suite has ended; meanwhile a line says how far each one is.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from smartduka.tests.engines.outcomes import Outcome
from smartduka.tests.engines.report import how_far
from smartduka.tests.engines.servers import SECONDS_TO_STOP, NotFoundError, Server

ROOT = Path(__file__).resolve().parents[3]
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_BETWEEN_LINES = 60


@dataclass(frozen=True)
class Suite:
    """The tests that one process runs, and the server that they need."""

    name: str
    server: Callable[[], AbstractContextManager[Server]]
    environment: Mapping[str, str] = field(default_factory=dict)


class Run:
    """A suite at work, with its server and its log, which are gone once it is closed."""

    def __init__(self, suite: Suite, arguments: Sequence[str]) -> None:
        self.suite = suite
        self._began = time.monotonic()
        with ExitStack() as held:
            server = held.enter_context(suite.server())
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="smartduka-report-")))
            self._title = f"{suite.name} {server.version}"
            self._report, self._log = folder / "report.json", folder / "log"
            told = {"SMARTDUKA_TEST_DATABASE_URL": server.url, "SMARTDUKA_TEST_REPORT": str(self._report)}
            if server.programs:
                told["DATABASE_PROGRAMS"] = server.programs
            colours = {"PY_COLORS": "1"} if sys.stdout.isatty() else {}
            self._pytest = subprocess.Popen(
                [sys.executable, "-m", "pytest", *arguments],
                cwd=ROOT,
                env={**os.environ, **colours, **suite.environment, **told},
                stdin=subprocess.DEVNULL,
                stdout=held.enter_context(self._log.open("wb")),
                stderr=subprocess.STDOUT,
            )
            self._held = held.pop_all()

    @property
    def is_over(self) -> bool:
        return self._pytest.poll() is not None

    def progress(self) -> str:
        return f"{self.suite.name} {how_far(self._report)}"

    def stop(self) -> None:
        """Ask pytest to take down what it has set up, and to end."""
        if not self.is_over:
            self._pytest.terminate()

    def close(self) -> Outcome:
        """Print what it said, and answer what became of it; whatever still works is ended."""
        with self._held:
            if not self.is_over:
                self._pytest.kill()
            exit_code = self._pytest.wait()
            print(f"\n===== {self._title} =====")
            print(self._log.read_text(encoding="utf-8", errors="replace"), end="", flush=True)
            told = json.loads(self._report.read_text(encoding="utf-8")) if self._report.exists() else {}
        told["counts"] = Counter(told.get("counts", {}))
        return Outcome(self._title, exit_code=exit_code, seconds=time.monotonic() - self._began, **told)


class Line:
    """How far it is: on a terminal one line that changes, elsewhere a new one every minute."""

    def __init__(self) -> None:
        self._width = 0
        self._said_at = time.monotonic()

    def show(self, words: str) -> None:
        if sys.stdout.isatty():
            print(f"\r{words.ljust(self._width)}", end="", flush=True)
            self._width = len(words)
        elif time.monotonic() - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            print(words, flush=True)

    def clear(self) -> None:
        if self._width:
            print(f"\r{' ' * self._width}\r", end="", flush=True)
            self._width = 0


def side_by_side(suites: Sequence[Suite], arguments: Sequence[str], at_once: int) -> list[Outcome]:
    """Run each suite to its end, and answer what became of them in the order in which they are given."""
    waiting, working, line = deque(suites), list[Run](), Line()
    outcomes: dict[str, Outcome] = {}
    try:
        while waiting or working:
            for run in [each for each in working if each.is_over]:
                line.clear()
                outcomes[run.suite.name] = run.close()
                working.remove(run)
            while waiting and len(working) < at_once:
                suite = waiting.popleft()
                try:
                    working.append(Run(suite, arguments))
                except NotFoundError as missing:
                    outcomes[suite.name] = Outcome(suite.name, missing=str(missing))
            line.show("; ".join([run.progress() for run in working] + [f"{each.name} waits" for each in waiting]))
            time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        line.clear()
        _stop(working)
    return [outcomes[suite.name] for suite in suites]


def _stop(working: Sequence[Run]) -> None:
    """End what is still at work, all at the same time; those that do not hear are killed."""
    for run in working:
        run.stop()
    until = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < until and not all(run.is_over for run in working):
        time.sleep(SECONDS_BETWEEN_LOOKS)
    for run in working:
        run.close()
