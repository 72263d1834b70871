"""The power fails in the middle of a backfill; `migrate` again ends as if it had not."""

import os
import signal
import subprocess
import sys
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

APPS = ("inventory", "customers", "sales", "smartduka")
left = int(sys.argv[1])
changes = 0

def count(execute, sql, params, many, context):
    global changes
    if sql.startswith(("UPDATE", "INSERT")) and any(f"{app}_" in sql[:40] for app in APPS):
        changes += 1
        if changes == left:
            execute(sql, params, many, context)
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with connection.execute_wrapper(count):
    call_command("migrate", verbosity=0)
print(changes)
"""
"""Migrates, and dies at once after so many changes of rows; 0 lives, and prints how many changes there were."""

INSTANTS = ("posted_at", "posted_on", "created_at", "sold_at", "received_at", "sold_on")
"""Columns that tell when a row, or a migration, was made."""


def migrate(url: str, folder: Path, *, kill_after: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", KILLED, str(kill_after)]
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
    for kill in range(kills):
        with fresh_database(tmp_path) as url, working_in(url):
            make_the_past(rows)
            connection.close()
            instant = 1 + changes * (2 * kill + 1) // (2 * kills)
            assert migrate(url, tmp_path, kill_after=instant).returncode == -signal.SIGKILL
            again = migrate(url, tmp_path)
            assert again.returncode == 0, again.stderr
            assert without_gaps(everything(but=INSTANTS)) == expected, f"killed after {instant} of {changes} changes"
            assert append_only.missing() == []
