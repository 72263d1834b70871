"""Errands: one at a time, in a process of its own, and whoever looks later learns how it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from smartduka.backups import errand_process, errands
from smartduka.backups.errands import Errand
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.refusals import Refusal
from smartduka.tests.waiting import wait_until

FOR_EVER = ("runserver", "127.0.0.1:0", "--noreload", "--skip-checks")
"""A command that does not end by itself."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The data folder of a shop whose database is open to other processes, and empty."""
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    with fresh_database(tmp_path) as url, working_in(url):
        yield tmp_path


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[str]]]:
    """Those that errands begin; none outlives its test."""
    started: list[subprocess.Popen[str]] = []
    start = subprocess.Popen

    def watched(*words: Any, **more: Any) -> Any:
        started.append(start(*words, **more))
        return started[-1]

    monkeypatch.setattr(errands.subprocess, "Popen", watched)
    yield started
    for process in started:
        process.kill()
        process.wait()


def ended() -> Errand:
    """The last errand, once it has ended."""
    wait_until(lambda: (errand := errands.last()) and not errand.is_running)
    errand = errands.last()
    assert errand
    return errand


def test_an_errand_does_its_work_on_the_shops_own_database_and_tells_its_steps(books, processes):
    errands.begin("showmigrations", "--list", by="amina")
    errand = ended()
    assert (errand.command, errand.by, errand.trouble) == ("showmigrations", "amina", "")
    assert errand.ended_at
    assert errand.ended_at > errand.began_at
    assert " [ ] 0001_initial" in errands.lines_file().read_text(), "the scratch database, which is empty"


def test_an_errand_that_fails_says_why_in_the_words_of_the_command(books, processes):
    errands.begin("restore", "/nowhere/lost.zip", "--no-input", subject="lost.zip", by="amina")
    errand = ended()
    assert errand.subject == "lost.zip"
    assert errand.trouble.startswith("/nowhere/lost.zip cannot be used as a backup: it is not there.")


@pytest.mark.parametrize("is_guarded", [True, False], ids=["rule", "control"])
def test_there_is_one_errand_at_a_time(books, monkeypatch, is_guarded):
    """The control: without the lock the second one is done while the first is under way."""
    done: list[Errand] = []
    monkeypatch.setattr(errand_process, "_do", lambda errand, *arguments: done.append(errand))
    monkeypatch.setattr(errand_process, "_answer", lambda word: None)
    monkeypatch.setattr(errand_process.os, "dup2", lambda *files: None)
    with errands.held() as is_ours:
        assert is_ours
        if not is_guarded:
            monkeypatch.setattr(errands, "held", lambda: nullcontext(True))
        errand_process.main("juma", "", "backup")
    assert bool(done) is not is_guarded


def test_whoever_asks_meanwhile_is_refused_in_a_sentence(books, processes):
    with errands.held(), pytest.raises(Refusal, match="Another backup or restore is under way"):
        errands.begin("showmigrations", by="amina")
    assert errands.last() is None


def test_to_look_keeps_nobody_from_beginning(books):
    for _ in range(3):
        assert not errands.is_held()
        with errands.held() as is_ours:
            assert is_ours
            assert errands.is_held()


def test_an_errand_that_was_killed_is_told_as_interrupted_and_another_can_begin(books, processes):
    errands.begin(*FOR_EVER, by="amina")
    wait_until(lambda: (errand := errands.last()) and errand.is_running)
    os.kill(processes[0].pid, signal.SIGKILL)
    assert ended().trouble == errands.INTERRUPTED
    errands.begin("showmigrations", by="amina")
    assert ended().trouble == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups like these")
def test_an_errand_outlives_the_server_that_was_asked_for_it(books, tmp_path):
    """Ctrl-C goes to a whole group of processes, of which a server that asks like this one is one."""
    ask = (
        "import django, os; django.setup(); from smartduka.backups import errands;"
        "errands.begin('migrate', 'auth', by='amina'); print('asked', flush=True); os.kill(os.getpid(), 19)"
    )
    told = errands._environment() | {"DJANGO_SETTINGS_MODULE": "smartduka.settings"}
    server = subprocess.Popen(
        [sys.executable, "-c", ask],
        cwd=settings.BASE_DIR,
        env=told,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout
    with server.stdout as said:
        assert said.readline() == "asked\n"
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    assert errands.last()
    assert ended().trouble == ""


def test_a_mistake_in_the_program_is_told_as_one_and_not_hidden(books, monkeypatch):
    def slip(*words: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("django.core.management.call_command", slip)
    monkeypatch.setattr("django.setup", lambda: None)
    # The tests would go on as slowly as an errand.
    monkeypatch.setattr("smartduka.management.patience.let_the_tills_come_first", lambda: None)
    errand = Errand("backup", "", "amina", began_at=datetime.now(UTC))
    with pytest.raises(ZeroDivisionError):
        errand_process._do(errand)
    read = errands.read()
    assert read
    assert read.trouble == errand_process.MISTAKE


@pytest.mark.parametrize("left", ["", "{", "[]", "{}"])
def test_what_a_power_cut_left_of_an_errand_is_none(books, left):
    (books / "errand.json").write_text(left)
    assert errands.last() is None


def test_where_no_errand_can_be_kept_whoever_looks_sees_none_and_whoever_asks_is_told(books, processes, settings):
    """As in a data folder in which nobody may write."""
    (books / "file").touch()
    settings.DATA_DIR = books / "file"
    assert errands.last() is None
    with pytest.raises(Refusal, match="It could not be started"):
        errands.begin("showmigrations", by="amina")


def test_an_errand_whose_lines_are_gone_has_no_steps(books):
    assert Errand("backup", "", "amina", began_at=datetime.now(UTC)).steps() == []


def test_of_what_was_counted_only_the_newest_is_told(books):
    said = "Copying the books\nCounted 25,000 rows\nCounted 31,000 rows\nChecking the books\n"
    errands.lines_file().write_text(said, encoding="utf-8")
    errand = Errand("backup", "", "amina", began_at=datetime.now(UTC))
    assert errand.steps() == ["Copying the books", "Counted 31,000 rows", "Checking the books"]
