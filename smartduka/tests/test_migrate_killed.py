"""The power fails in the middle of a backfill; `migrate` again ends as if it had not."""

import os
import signal
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from smartduka.databases import append_only
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.tests.old_shop import everything, make_the_past, without_gaps
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from smartduka.tests.migration_rules import fills_rows

APPS = ("inventory", "customers", "sales", "smartduka")
left = int(sys.argv[1])
changes = 0

for stage in MigrationLoader(None).disk_migrations.values():
    if sys.argv[2] == "all" or sys.argv[2] == "fills" and any(map(fills_rows, stage.operations)):
        type(stage).atomic = False

def count(execute, sql, params, many, context):
    global changes
    if sql.startswith(("UPDATE", "INSERT")) and any(f"{app}_" in sql[:40] for app in APPS):
        changes += 1
        if changes == left or left < 0 and "new__" in sql[:20]:
            execute(sql, params, many, context)
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with connection.execute_wrapper(count):
    call_command("migrate", verbosity=0)
print(changes)
"""
"""Migrates, and dies at once after so many changes of rows; 0 lives, and prints how many changes there were.
With -1 it dies as soon as SQLite copies a table's rows, because a column of it changes.

The stages of a kind are told to do without their transaction, so that what they did until then stays.
"""

INSTANTS = ("posted_at", "posted_on", "created_at", "sold_at", "received_at", "sold_on")
"""Columns that tell when a row, or a migration, was made."""


def migrate(url: str, folder: Path, *, kill_after: int = 0, bare: str = "none") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", KILLED, str(kill_after), bare]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_a_migration_that_was_killed_ends_the_same_when_it_is_run_again(tmp_path):
    rows = 600
    with fresh_database(tmp_path) as url, working_in(url):
        make_the_past(rows)
        connection.close()
        whole = migrate(url, tmp_path)
        assert whole.returncode == 0, whole.stderr
        changes, expected = int(whole.stdout.split()[-1]), without_gaps(everything(but=INSTANTS))
    assert len(expected["inventory.StockMovement"]) > rows / 2
    kills = scaled(10)
    for kill, bare in product(range(kills), ("none", "fills")):
        with fresh_database(tmp_path) as url, working_in(url):
            make_the_past(rows)
            connection.close()
            instant = 1 + changes * (2 * kill + 1) // (2 * kills)
            assert migrate(url, tmp_path, kill_after=instant, bare=bare).returncode == -signal.SIGKILL
            again = migrate(url, tmp_path)
            assert again.returncode == 0, again.stderr
            where = f"killed after {instant} of {changes} changes, without the transaction of {bare}"
            assert without_gaps(everything(but=INSTANTS)) == expected, where
            assert append_only.missing() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite writes rows when it changes a table")
def test_a_change_of_tables_that_is_killed_without_its_transaction_cannot_be_run_again(tmp_path):
    """The control."""
    with fresh_database(tmp_path) as url, working_in(url):
        make_the_past(5)
        connection.close()
        assert migrate(url, tmp_path, kill_after=-1, bare="all").returncode == -signal.SIGKILL
        assert "already exists" in migrate(url, tmp_path).stderr
