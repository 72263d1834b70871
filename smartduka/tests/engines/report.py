"""A pytest plugin for the runner's suites: it writes down what ran and how far it is, and ends when told to."""

import json
import os
import signal
from collections import Counter
from pathlib import Path
from types import FrameType

import pytest

_FILE = "SMARTDUKA_TEST_REPORT"
_ENDINGS = (signal.SIGINT, signal.SIGTERM)


class Report:
    """Counts by outcome, and by the test's name the reason why it was skipped."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.ran: dict[str, str] = {}
        self.skipped: dict[str, str] = {}
        self.done = self.failed = self.all = 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.all = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.skipped[report.nodeid] = reason.removeprefix("Skipped: ")
        elif report.failed:
            self.failed += self.ran.get(report.nodeid) != "failed"
            self.ran[report.nodeid] = "failed"
        elif report.when == "call":
            self.ran.setdefault(report.nodeid, "passed")

    def pytest_runtest_logfinish(self) -> None:
        self.done += 1
        failed = f", {self.failed} failed" if self.failed else ""
        _progress(self.file).write_text(f"{self.done * 100 // self.all} %{failed}", encoding="utf-8")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.ran[report.nodeid] = "failed"

    def pytest_sessionfinish(self) -> None:
        outcome = {"counts": Counter(self.ran.values()), "ran": sorted(self.ran), "skipped": self.skipped}
        self.file.write_text(json.dumps(outcome), encoding="utf-8")


def how_far(report: Path) -> str:
    """Such as "45 %, 1 failed"; of the suite whose report is going to be this file."""
    progress = _progress(report)
    return (progress.exists() and progress.read_text(encoding="utf-8")) or "begins"


def pytest_configure(config: pytest.Config) -> None:
    file = os.environ.get(_FILE)
    if file:
        config.pluginmanager.register(Report(Path(file)), "smartduka-engines-report")
        for each in _ENDINGS:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, _end)


def _end(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C does: take shops, browsers and databases down. To be told once more does not disturb that."""
    for each in _ENDINGS:
        signal.signal(each, lambda *_: None)
    raise KeyboardInterrupt


def _progress(report: Path) -> Path:
    return report.with_suffix(".progress")
