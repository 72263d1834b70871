"""A restore that is killed at any instant leaves the old books or the new ones, whole, and a shop that sells."""

import random
import subprocess
import sys
import time
import uuid
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from smartduka.backups import shelf
from smartduka.databases import append_only, native, rows, schema, scratch
from smartduka.open_shops import ROOT, shop_environment
from smartduka.tests.duka import Duka, but_the_diary, digests
from smartduka.tests.scale import scaled
from smartduka.tests.waiting import wait_until_alone

SWAPS = "Putting the restored books in their place"

RESTORE = """
import sys, django
django.setup()
from django.core.management import call_command
from smartduka.databases import scratch
scratch.PREFIX = sys.argv[1]
call_command("restore", sys.argv[2], "--no-input")
"""
"""`manage.py restore`, whose scratch databases bear a name by which they are known afterwards."""


@pytest.fixture(scope="module")
def backup(duka: Duka) -> shelf.Backup:
    """What is restored again and again, while the shop goes on."""
    call_command("backup", stdout=StringIO())
    (backup,) = shelf.backups(duka.backups)
    return backup


def digests_in(backup: shelf.Backup) -> dict[str, str]:
    assert backup.manifest
    assert backup.manifest.figures
    return but_the_diary(backup.manifest.figures.digests)


@pytest.fixture(scope="module")
def prefix(duka: Duka) -> Iterator[str]:
    """Of the scratch databases of this module, by which they are told from those of others on the server."""
    prefix = f"smartduka_killed_{uuid.uuid4().hex[:8]}_"
    with patch.object(scratch, "PREFIX", prefix):
        yield prefix
        sweep_a_day_later(duka)


def sweep_a_day_later(duka: Duka) -> None:
    with patch.object(scratch, "FORGOTTEN_AFTER", timedelta(seconds=-2)):
        scratch.sweep(duka.backups, duka.url)


@dataclass(frozen=True)
class Pace:
    """How many seconds a restore takes until it swaps, and from there to its end."""

    before: float
    swapping: float


@contextmanager
def restoring(duka: Duka, file: Path, prefix: str) -> Iterator["subprocess.Popen[str]"]:
    """`manage.py restore` in its own process."""
    environment = shop_environment(duka.url, duka.folder) | {"BACKUP_DIR": str(duka.backups)}
    command = [sys.executable, "-u", "-c", RESTORE, prefix, str(file)]
    with (
        duka.folder.joinpath("restore.log").open("w+") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        yield process


def read_on(process: "subprocess.Popen[str]", *, to: str) -> None:
    assert process.stdout
    assert any(line.startswith(to) for line in process.stdout), "It never came to that."


@pytest.fixture(scope="module")
def pace(duka: Duka, backup: shelf.Backup, prefix: str) -> Pace:
    """Of one that nobody kills."""
    began = time.monotonic()
    with restoring(duka, backup.path, prefix) as process:
        read_on(process, to=SWAPS)
        swaps = time.monotonic()
        read_on(process, to="The books are those of")
        ended = time.monotonic()
    assert process.returncode == 0
    return Pace(swaps - began, ended - swaps)


def test_a_restore_that_is_killed_leaves_the_old_books_or_the_new_ones(
    duka: Duka, backup: shelf.Backup, pace: Pace, prefix: str, capsys: pytest.CaptureFixture[str]
):
    new = digests_in(backup)
    ends: Tally[str] = Tally()
    kills = scaled(40)
    for kill in range(kills):
        duka.sell()
        old = digests()
        with restoring(duka, backup.path, prefix) as process:
            # Half of them anywhere, and half while the books change.
            if kill % 2:
                read_on(process, to=SWAPS)
                time.sleep(random.uniform(0, pace.swapping))  # noqa: S311 – not a secret
            else:
                time.sleep(pace.before * (kill + 1) / kills)
            process.kill()
        wait_until_alone()

        call_command("migrate", verbosity=0)
        found = digests()
        assert found in (old, new), f"killed {kill} of {kills}: neither the old books nor the new ones"
        ends["new" if found == new else "old"] += 1
        call_command("check_books", stdout=StringIO())
        assert append_only.missing() == []
        duka.sell()
    with capsys.disabled():
        print(f"\n{connection.display_name}: {kills} restores killed, then {dict(ends)}, of {pace}")


def test_what_a_killed_restore_left_is_swept_away_a_day_later(duka: Duka, backup: shelf.Backup, prefix: str):
    with restoring(duka, backup.path, prefix) as process:
        read_on(process, to="Checking the books of the copy")
        process.kill()
    left = duka.scratch_left()
    assert left != []
    scratch.sweep(duka.backups, duka.url)
    assert duka.scratch_left() == left  # for all that anybody knows, somebody is at work in it
    sweep_a_day_later(duka)
    assert duka.scratch_left() == []
    shelf.prune(duka.backups, timezone.get_current_timezone(), timezone.now())
    assert list(duka.backups.glob(".*")) == []


class PowerCut(Exception):
    """The end of a program that had no time to tidy up."""


def table_by_table(live: str, ready: str, **asked: object) -> None:
    """A swap as it must not be; the power fails when half of the sales' tables are there."""
    append_only.lift(live)
    tables = schema.models(schema.applied(ready))
    rows.empty(tables, live)
    for model in tables:
        if model._meta.label == "sales.SaleLine":
            raise PowerCut
        for some in rows.read(model, ready):
            rows.write(model, some, live)


def test_a_swap_of_one_table_after_the_other_would_be_seen(duka: Duka, backup: shelf.Backup):
    """The control: the same books looked at in the same way; and the next restore heals them."""
    old, new = digests(), digests_in(backup)
    with patch.object(native.of(connection.vendor), "swap", table_by_table), pytest.raises(PowerCut):
        call_command("restore", str(backup.path), "--no-input", stdout=StringIO())
    assert digests() not in (old, new)

    call_command("restore", str(backup.path), "--no-input", stdout=StringIO())
    assert digests() == new
    duka.sell()
