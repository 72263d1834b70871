"""A database that a newer SmartDuka brought up to date is not served, migrated or upgraded by an older one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoDbBlocker

from smartduka.databases import schema
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.management.commands import open_shop
from smartduka.open_shops import free_port
from smartduka.open_shops import open_shop as opened
from smartduka.tests.losing import COMMANDS, a_lasting_database

PATIENCE = 60  # seconds
SENTENCE = (
    "This database was brought up to date by a newer SmartDuka (sales.0099_from_the_future is unknown here): "
    "take that version again, or restore a backup that was made before."
)


@pytest.fixture
def url(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database in which something was done that this program does not know."""
    with django_db_blocker.unblock(), a_lasting_database(tmp_path) as url:
        MigrationRecorder(connection).record_applied("sales", "0099_from_the_future")
        yield url


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_it_is_refused_in_a_sentence_and_nothing_is_changed(
    url: str, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_shop, "serve", lambda *where, **options: pytest.fail("It is served."))

    with pytest.raises(CommandError) as refusal:
        call_command(*command, stdout=StringIO())

    assert str(refusal.value) == SENTENCE
    assert connection.introspection.table_names() == ["django_migrations"]


def test_without_the_question_it_is_changed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(schema, "unknown", lambda stages: [])

    call_command("migrate", "auth", verbosity=0)

    assert "django_content_type" in connection.introspection.table_names()


def test_many_unknown_migrations_are_not_all_named(url: str) -> None:
    for number in range(95, 99):
        MigrationRecorder(connection).record_applied("sales", f"00{number}_also_from_there")

    with pytest.raises(CommandError, match=r"0095_also_from_there, .*, sales\.0097_also_from_there … is unknown"):
        call_command("migrate")


def the_application(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a WSGI server hears when it asks for the application."""
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "import smartduka.wsgi"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_a_wsgi_server_gets_no_application_and_the_sentence(url: str, tmp_path: Path) -> None:
    asked = the_application(url, tmp_path)

    assert (asked.returncode, asked.stderr) == (1, f"SmartDuka does not serve: {SENTENCE}\n")


def test_a_wsgi_server_gets_the_application_while_the_database_is_down(tmp_path: Path) -> None:
    asked = the_application(f"postgres://duka@127.0.0.1:{free_port()}/duka", tmp_path)

    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
def test_an_open_shop_that_has_to_replace_a_worker_closes_with_the_sentence(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), fresh_database(tmp_path) as url, opened(url, tmp_path) as shop, working_in(url):
        MigrationRecorder(connection).record_applied("sales", "0099_from_the_future")

        os.kill(shop.workers()[0], signal.SIGKILL)

        assert shop.process.wait(PATIENCE) == 1
        assert shop.said().endswith(f"CommandError: {SENTENCE}\n")
