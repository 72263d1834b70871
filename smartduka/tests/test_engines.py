"""The runner of the suites: side by side, each told whole, ended together; what did not run is called by its name."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from smartduka.tests import browser
from smartduka.tests.engines.outcomes import Outcome, tell
from smartduka.tests.engines.servers import NotFoundError, Server
from smartduka.tests.engines.suites import ROOT, Suite, side_by_side

pytestmark = pytest.mark.once

POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that asks a program to end")


@pytest.fixture(autouse=True)
def on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def passed(engine: str, *tests: str, skipped: dict[str, str] | None = None) -> Outcome:
    return Outcome(engine, counts=Counter(passed=len(tests)), ran=list(tests), skipped=skipped or {})


def failed(engine: str, *tests: str) -> Outcome:
    return Outcome(engine, exit_code=1, counts=Counter(failed=len(tests)), ran=list(tests))


def test_the_last_line_adds_the_engines_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell([passed("SQLite 3", "a", "b"), failed("PostgreSQL 18", "a")]) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 1 failed"


def test_a_failure_on_any_engine_is_a_failure() -> None:
    assert tell([passed("SQLite 3", "a"), passed("PostgreSQL 18", "a")]) == 0
    assert tell([passed("SQLite 3", "a"), failed("PostgreSQL 18", "a")]) == 1


def test_an_engine_that_is_missing_is_told_and_fails_the_gate_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [passed("SQLite 3", "a"), Outcome("MariaDB", missing="no mariadbd found: install it")]

    assert tell(outcomes) == 0
    assert "MariaDB                  not run: no mariadbd found: install it" in capsys.readouterr().out

    monkeypatch.setenv("CI", "true")
    assert tell(outcomes) == 1
    assert "CI=true: what was not run counts as a failure." in capsys.readouterr().out


def test_a_test_that_ran_on_one_engine_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    assert tell([passed("SQLite 3", "a", "files"), passed("PostgreSQL 18", "a", skipped={"files": "no files"})]) == 0


def test_a_test_that_was_skipped_everywhere_is_told_and_fails_the_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    skipped = {"till": "no Chromium found", "receipt": "no Chromium found"}

    assert tell([passed("SQLite 3", "a", skipped=skipped), passed("PostgreSQL 18", "a")]) == 1

    assert "Not run on any engine: 2 tests: no Chromium found" in capsys.readouterr().out


def test_a_run_without_any_test_is_a_failure() -> None:
    nothing = Outcome("SQLite 3", exit_code=5)

    assert tell([nothing, Outcome("MariaDB", missing="no mariadbd found")]) == 1
    assert tell([nothing, passed("PostgreSQL 18", "a")]) == 0


# --- Side by side --------------------------------------------------------------------------------------------


@contextmanager
def an_engine() -> Iterator[Server]:
    yield Server("", "1.0")


@contextmanager
def no_engine() -> Iterator[Server]:
    raise NotFoundError("install it")
    yield


def a_suite(name: str, server: Callable[[], AbstractContextManager[Server]] = an_engine, **words: str) -> Suite:
    """A suite that knows its own name and these words."""
    return Suite(name, server, {"NAME": name, **words})


@pytest.fixture
def arguments(tmp_path: Path) -> Callable[[str], list[str]]:
    """What pytest is told to run a file with this body, far from the shop."""

    def write(body: str) -> list[str]:
        file = tmp_path / "test_it.py"
        file.write_text(f"import os, pathlib, time, pytest\nhere = pathlib.Path(__file__).parent\n{body}\n", "utf-8")
        plugins = ("smartduka.tests.engines.report", "no:cacheprovider", "no:django")
        return [str(file), f"--rootdir={tmp_path}", *(word for plugin in plugins for word in ("-p", plugin))]

    return write


RENDEZVOUS = """
def test_that_meets_the_other():
    (here / os.environ["NAME"]).touch()
    until = time.monotonic() + float(os.environ["PATIENCE"])
    while not (here / os.environ["OTHER"]).exists():
        assert time.monotonic() < until, "nobody came"
        time.sleep(0.02)
"""


def test_suites_run_side_by_side_and_each_is_printed_whole(arguments, capsys):
    one, other = (
        a_suite(name, OTHER=other, PATIENCE="30") for name, other in (("SQLite", "MariaDB"), ("MariaDB", "SQLite"))
    )

    outcomes = side_by_side([one, other], arguments(RENDEZVOUS), at_once=2)

    assert [(outcome.engine, outcome.counts) for outcome in outcomes] == [
        ("SQLite 1.0", Counter(passed=1)),
        ("MariaDB 1.0", Counter(passed=1)),
    ]
    logs = capsys.readouterr().out.split("\n===== ")[1:]
    assert sorted(log.partition(" =====\n")[0] for log in logs) == ["MariaDB 1.0", "SQLite 1.0"]
    assert all(log.count("test session starts") == log.count(" 1 passed in ") == 1 for log in logs), logs


def test_one_at_a_time_they_would_not_meet(arguments):
    suite = a_suite("SQLite", OTHER="MariaDB", PATIENCE="0.5")

    (outcome,) = side_by_side([suite], arguments(RENDEZVOUS), at_once=1)

    assert outcome.is_bad
    assert outcome.counts == Counter(failed=1)


def test_an_engine_that_is_missing_keeps_nobody_else_from_running(arguments):
    suites = [a_suite("MariaDB", no_engine), a_suite("SQLite")]

    missing, ran = side_by_side(suites, arguments("def test_it(): pass"), at_once=1)

    assert missing.missing == "install it"
    assert ran.counts == Counter(passed=1)


LONG = """
@pytest.fixture
def shop():
    (here / f"{os.environ['NAME']} opened").touch()
    yield
    (here / f"{os.environ['NAME']} closed").touch()


def test_that_takes_long(shop):
    time.sleep(60)
"""

RUNNER = """
import pathlib, signal, sys
from contextlib import contextmanager
from smartduka.tests.engines import __main__ as runner
from smartduka.tests.engines.servers import Server
from smartduka.tests.engines.suites import Suite

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job would ignore it

@contextmanager
def server():
    yield Server("", "1.0")
    with pathlib.Path(sys.argv[1], "servers stopped").open("a") as told:
        told.write("one ")

runner.SUITES = [Suite(name, server, {"NAME": name}) for name in ("one", "other", "waiting")]
runner.at_once = lambda: 2
sys.exit(runner.main(sys.argv[2:]))
"""


@POSIX_ONLY
@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_whoever_ends_the_runner_ends_its_suites_and_servers_in_good_order(arguments, tmp_path, how):
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path), *arguments(LONG)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 60
        while not all((tmp_path / f"{name} opened").exists() for name in ("one", "other")):
            assert time.monotonic() < until, "they do not begin"
            time.sleep(0.05)
        if how == "Ctrl-C":
            os.killpg(runner.pid, signal.SIGINT)  # a terminal tells everybody
        else:
            runner.terminate()
        said, _ = runner.communicate(timeout=60)
    finally:
        runner.kill()

    assert runner.returncode == 130, said
    assert sorted(path.name for path in tmp_path.glob("* closed")) == ["one closed", "other closed"]
    assert (tmp_path / "servers stopped").read_text(encoding="utf-8") == "one one "
    with pytest.raises(ProcessLookupError):
        os.killpg(runner.pid, 0)


# --- Which tests are whose -----------------------------------------------------------------------------------


class Item(str):
    """A test, as far as choosing goes: its name says how it is marked."""

    def get_closest_marker(self, name: str) -> bool:
        return name in self


def chosen(monkeypatch: pytest.MonkeyPatch, wanted: str) -> list[str]:
    monkeypatch.setenv("SMARTDUKA_TEST_BROWSER", wanted)
    monkeypatch.setattr(browser, "chromium", lambda: "/usr/bin/chromium")
    items = [Item(name) for name in ("money, once", "browser at the till", "books", "browser and a printer")]
    config = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda items: None))
    browser.pytest_collection_modifyitems(config, items)
    return items


def test_every_test_belongs_to_one_of_the_two_suites_on_sqlite(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")

    everything = chosen(monkeypatch, "")
    in_a_browser, others = chosen(monkeypatch, "only"), chosen(monkeypatch, "never")

    assert in_a_browser == ["browser at the till", "browser and a printer"]
    assert sorted(in_a_browser + others) == sorted(everything)


@pytest.mark.parametrize("wanted", ["", "only", "never"])
def test_another_engine_drives_no_browser_and_leaves_out_what_runs_once(monkeypatch, wanted):
    monkeypatch.setattr(connection, "vendor", "postgresql")

    assert chosen(monkeypatch, wanted) == ["books"]
