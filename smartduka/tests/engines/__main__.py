"""Run the suite on each engine, then say what ran where, what did not, and how to get it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import sqlite_version

from smartduka.tests.engines import mariadb, postgresql
from smartduka.tests.engines.servers import SECONDS_TO_STOP, NotFoundError, Server

ROOT = Path(__file__).resolve().parents[3]
NOTHING_COLLECTED = 5
STOPPED = 130


@contextmanager
def _sqlite() -> Iterator[Server]:
    yield Server("", sqlite_version)


ENGINES: dict[str, Callable[[], AbstractContextManager[Server]]] = {
    "SQLite": _sqlite,
    "PostgreSQL": postgresql.server,
    "MariaDB": mariadb.server,
}


@dataclass
class Outcome:
    """What became of the suite on one engine."""

    engine: str
    missing: str = ""
    exit_code: int = 0
    seconds: float = 0
    counts: Counter[str] = field(default_factory=Counter)
    ran: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def is_bad(self) -> bool:
        return self.exit_code not in {0, NOTHING_COLLECTED}

    def __str__(self) -> str:
        if self.missing:
            return f"{self.engine:<20} not run: {self.missing}"
        counts = f"{self.counts['passed']} passed, {self.counts['failed']} failed, {len(self.skipped)} skipped"
        ending = f", pytest ended with code {self.exit_code}" if self.is_bad else ""
        return f"{self.engine:<20} {counts} in {self.seconds:.0f} s{ending}"


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    try:
        outcomes = [_run_on(name, server, arguments) for name, server in ENGINES.items()]
    except KeyboardInterrupt:
        print("\nStopped; the test servers are gone.")
        return STOPPED
    return _tell(outcomes)


def _run_on(name: str, server: Callable[[], AbstractContextManager[Server]], arguments: Sequence[str]) -> Outcome:
    try:
        with server() as found:
            engine = f"{name} {found.version}"
            print(f"\n===== {engine} =====", flush=True)
            return _pytest(engine, found.url, arguments)
    except NotFoundError as missing:
        return Outcome(name, missing=str(missing))


def _pytest(engine: str, url: str, arguments: Sequence[str]) -> Outcome:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="smartduka-report-") as folder:
        report = Path(folder) / "report.json"
        environment = os.environ | {"SMARTDUKA_TEST_DATABASE_URL": url, "SMARTDUKA_TEST_REPORT": str(report)}
        exit_code = _to_its_end([sys.executable, "-m", "pytest", *arguments], environment)
        told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    told["counts"] = Counter(told.get("counts", {}))
    return Outcome(engine, exit_code=exit_code, seconds=time.monotonic() - started, **told)


def _to_its_end(command: Sequence[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, cwd=ROOT, env=environment) as pytest:
        try:
            return pytest.wait()
        except KeyboardInterrupt:
            # The terminal has told pytest as well, which takes its databases down.
            with suppress(subprocess.TimeoutExpired):
                pytest.wait(SECONDS_TO_STOP)
            raise
        finally:
            if pytest.poll() is None:
                pytest.terminate()


def _tell(outcomes: Sequence[Outcome]) -> int:
    """Print what ran and what did not; the exit code of it all."""
    not_run = _ran_nowhere(outcomes)
    totals = sum((outcome.counts for outcome in outcomes), Counter[str]())
    print("\n===== What ran =====")
    for outcome in outcomes:
        print(outcome)
    for reason, count in not_run.items():
        print(f"Not run on any engine: {count} tests: {reason}")
    incomplete = bool(not_run) or any(outcome.missing for outcome in outcomes)
    refused = incomplete and os.environ.get("CI", "").lower() == "true"
    if refused:
        print("CI=true: what was not run counts as a failure.")
    print(f"{totals['passed']} passed, {totals['failed']} failed")
    bad = any(outcome.is_bad for outcome in outcomes) or all(
        outcome.missing or outcome.exit_code == NOTHING_COLLECTED for outcome in outcomes
    )
    return 1 if bad or refused else 0


def _ran_nowhere(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The tests that were skipped on every engine they belong to, counted by reason."""
    ran = {test for outcome in outcomes for test in outcome.ran}
    reasons: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for test, reason in outcome.skipped.items():
            if test not in ran:
                reasons[reason].add(test)
    return {reason: len(tests) for reason, tests in reasons.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
