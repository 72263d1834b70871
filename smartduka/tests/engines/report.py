"""A pytest plugin that writes down which tests ran and which did not, so that the runner can add up."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

_FILE = "SMARTDUKA_TEST_REPORT"


class Report:
    """Counts by outcome, and by the test's name the reason why it was skipped."""

    def __init__(self) -> None:
        self.ran: dict[str, str] = {}
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.skipped[report.nodeid] = reason.removeprefix("Skipped: ")
        elif report.failed:
            self.ran[report.nodeid] = "failed"
        elif report.when == "call":
            self.ran.setdefault(report.nodeid, "passed")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.ran[report.nodeid] = "failed"

    def pytest_sessionfinish(self) -> None:
        outcome = {"counts": Counter(self.ran.values()), "ran": sorted(self.ran), "skipped": self.skipped}
        Path(os.environ[_FILE]).write_text(json.dumps(outcome), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get(_FILE):
        config.pluginmanager.register(Report(), "smartduka-engines-report")
