"""The runner of the suite tells what ran where, and calls what did not run by its name."""

from collections import Counter

import pytest

from smartduka.tests.engines.__main__ import Outcome, _tell


@pytest.fixture(autouse=True)
def on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def passed(engine: str, *tests: str, skipped: dict[str, str] | None = None) -> Outcome:
    return Outcome(engine, counts=Counter(passed=len(tests)), ran=list(tests), skipped=skipped or {})


def failed(engine: str, *tests: str) -> Outcome:
    return Outcome(engine, exit_code=1, counts=Counter(failed=len(tests)), ran=list(tests))


def test_the_last_line_adds_the_engines_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert _tell([passed("SQLite 3", "a", "b"), failed("PostgreSQL 18", "a")]) == 1

    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 1 failed"


def test_a_failure_on_any_engine_is_a_failure() -> None:
    assert _tell([passed("SQLite 3", "a"), passed("PostgreSQL 18", "a")]) == 0
    assert _tell([passed("SQLite 3", "a"), failed("PostgreSQL 18", "a")]) == 1


def test_an_engine_that_is_missing_is_told_and_fails_the_gate_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [passed("SQLite 3", "a"), Outcome("MariaDB", missing="no mariadbd found: install it")]

    assert _tell(outcomes) == 0
    assert "MariaDB              not run: no mariadbd found: install it" in capsys.readouterr().out

    monkeypatch.setenv("CI", "true")
    assert _tell(outcomes) == 1
    assert "CI=true: what was not run counts as a failure." in capsys.readouterr().out


def test_a_test_that_ran_on_one_engine_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    assert _tell([passed("SQLite 3", "a", "files"), passed("PostgreSQL 18", "a", skipped={"files": "no files"})]) == 0


def test_a_test_that_was_skipped_everywhere_is_told_and_fails_the_gate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    skipped = {"till": "no Chromium found", "receipt": "no Chromium found"}

    assert _tell([passed("SQLite 3", "a", skipped=skipped), passed("PostgreSQL 18", "a")]) == 1

    assert "Not run on any engine: 2 tests: no Chromium found" in capsys.readouterr().out


def test_a_run_without_any_test_is_a_failure() -> None:
    nothing = Outcome("SQLite 3", exit_code=5)

    assert _tell([nothing, Outcome("MariaDB", missing="no mariadbd found")]) == 1
    assert _tell([nothing, passed("PostgreSQL 18", "a")]) == 0
