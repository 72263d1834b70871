"""A shop in a database that is meant to last, to be lost by a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from smartduka import presence
from smartduka.backups import shelf
from smartduka.databases import scratch
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.management.commands import open_shop
from smartduka.tests.backupfiles import a_backup, a_manifest

COMMANDS = [
    ("migrate", "auth"),
    ("open_shop",),
    ("runserver", "--noreload"),
    ("upgrade",),
    ("backup",),
    ("daily",),
    ("check_books",),
    ("demo",),
    ("loaddata", "categories"),
    ("move_database", "--to", "sqlite:///elsewhere/db.sqlite3"),
]


@contextmanager
def a_lasting_database(folder: Path) -> Iterator[str]:
    """A new database that is meant to last, with a data folder of its own; the shop in it is not served."""
    folders = override_settings(DATA_DIR=folder, BACKUP_DIR=folder / "backups")
    with folders, fresh_database(folder) as url, working_in(url), pytest.MonkeyPatch.context() as patch:
        patch.setattr(scratch, "PREFIX", "of_tests_")
        patch.setattr(open_shop, "serve", lambda *where, **options: None)
        yield url


def open_a_shop() -> None:
    """As little of one as tells that it is there: the list of its migrations."""
    MigrationRecorder(connection).record_applied("smartduka", "0001_initial")
    presence.remember()


def a_verified_backup(engine: str = connection.vendor) -> Path:
    """On the shelf of this shop, of 19 Jan 2026, 18:04; nothing is in it."""
    shelf.check_writable(settings.BACKUP_DIR)
    made_at = datetime(2026, 1, 19, 15, 4, 5, tzinfo=UTC)
    path = shelf.new_path(settings.BACKUP_DIR, a_manifest(engine=engine, made_at=made_at))
    a_backup(path, {}, engine=engine, made_at=made_at)
    return path


def refusal_of(*command: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command(*command, stdout=StringIO())
    return str(refusal.value)
