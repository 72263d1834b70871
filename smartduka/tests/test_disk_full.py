"""Disks that fill up in the middle: a sentence, nothing half done, the last good backup kept, and room cures it.

How SQLite's own disk fills up in the middle of a sale stands in `test_faults.py` and `test_outages.py`.
"""

import shutil
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from customers.models import Customer
from sales import books
from sales.benchmark.tills import a_document
from sales.models import Sale
from smartduka.backups import archive, shelf
from smartduka.databases.native import NO_ROOM
from smartduka.databases.outages import Outage
from smartduka.tests.backupfiles import names_in
from smartduka.tests.builders import a_product, what_is_written
from smartduka.tests.duka import Duka, but_the_diary, digests
from smartduka.tests.engines import mariadb, postgresql
from smartduka.tests.load.counters import books_apart
from smartduka.tests.load.disks import IS_REAL, Disk, a_small_disk
from smartduka.tests.load.servers import own_server
from smartduka.tests.scale import scaled

KINDS = [pytest.param((), id="native"), pytest.param(("--portable",), id="portable")]
PLENTY = 64_000_000
ROOM_FOR_A_SERVER = 2_000_000_000
PAGE = 4096
MORE_ROOM = 1 + 3 / scaled(10)
"""How much more there is, each time: four times as much, or a third more when all is tried."""
SENTENCES = (NO_ROOM, "No space left on device")
"""Neither tells to make room on the shop’s computer: it may be the stick that is full."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """On which the backups are."""
    with a_small_disk(tmp_path / "disk", PLENTY) as disk, override_settings(BACKUP_DIR=disk.folder):
        yield disk


def used(disk: Disk) -> int:
    """Whole pages that are taken."""
    return shutil.disk_usage(disk.folder).used if IS_REAL else 0


def refused_for_want_of_room(command: str, *arguments: str) -> bool:
    """Whether the command ended with a sentence about the disk, and not well."""
    said = ""
    try:
        call_command(command, *arguments, stdout=StringIO())
    except CommandError as error:
        said = str(error)
    assert "\n" not in said
    assert not said or any(sentence in said for sentence in SENTENCES), said
    return bool(said)


@pytest.mark.parametrize("options", KINDS)
def test_without_room_for_a_backup_the_last_good_one_stays(duka: Duka, disk: Disk, options: tuple[str, ...]):
    call_command("backup", *options, stdout=StringIO())
    good, refusals, room = names_in(disk.folder), 0, PAGE
    duka.sell()
    disk.resize(used(disk) + room)
    while refused_for_want_of_room("backup", *options):
        refusals += 1
        assert names_in(disk.folder) == good
        with archive.reading(disk.folder / good[0]):
            room = int(room * MORE_ROOM)
        disk.resize(used(disk) + room)
    assert refusals >= 2
    assert len(shelf.backups(disk.folder)) == len(names_in(disk.folder)) == 2
    assert shelf.backups(disk.folder)[0].is_verified


@pytest.mark.parametrize("options", KINDS)
def test_without_room_for_a_restore_the_books_stay(duka: Duka, disk: Disk, tmp_path: Path, options: tuple[str, ...]):
    call_command("backup", "--to", str(tmp_path / "stick"), *options, stdout=StringIO())
    (stick,) = shelf.backups(tmp_path / "stick")
    duka.sell()
    before, refusals, room = (digests(), what_is_written()), 0, PAGE
    disk.resize(room)
    while refused_for_want_of_room("restore", str(stick.path), "--no-input"):
        refusals += 1
        assert (digests(), what_is_written()) == before
        assert names_in(disk.folder) == []
        room = int(room * MORE_ROOM)
        disk.resize(room)
    assert refusals >= 2
    assert stick.manifest
    assert stick.manifest.figures
    assert digests() == but_the_diary(stick.manifest.figures.digests)
    duka.sell()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has a disk of its own")
def test_without_room_for_the_restored_books_the_old_ones_stay(duka: Duka):
    small = back_up(duka)
    Customer.objects.bulk_create(Customer(name=f"Customer {at}", search_text="") for at in range(3_000))
    large, now = back_up(duka), digests()
    call_command("restore", str(small), "--no-input", stdout=StringIO())
    before = digests()
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 10}")
    assert refused_for_want_of_room("restore", str(large), "--no-input")
    assert digests() == before
    assert list(books.audit()) == []
    duka.sell()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    call_command("restore", str(large), "--no-input", stdout=StringIO())
    assert digests() == now


def back_up(duka: Duka) -> Path:
    call_command("backup", stdout=StringIO())
    return shelf.backups(duka.backups)[0].path


# --- In the middle of a sale -----------------------------------------------------------------------------


@pytest.mark.skipif(not IS_REAL, reason="only root may mount a small disk")
def test_a_server_without_room_sells_nothing_by_halves(tmp_path: Path, django_db_blocker: DjangoDbBlocker):
    with (
        tempfile.TemporaryDirectory(prefix="smartduka-disk-") as open_to_all,
        a_small_disk(Path(open_to_all) / "disk", ROOM_FOR_A_SERVER) as disk,
        patch.object(tempfile, "tempdir", str(disk.folder)),
    ):
        Path(open_to_all).chmod(0o755)
        with (
            own_server(postgresql=postgresql.CAREFREE, mysql=mariadb.CAREFREE) as (server, _),
            django_db_blocker.unblock(),
            books_apart(tmp_path, server=server.url),
        ):
            sell_until_the_disk_is_full(disk)


def sell_until_the_disk_is_full(disk: Disk) -> None:
    amina = User.objects.get(username="amina")
    bread = a_product("Sold until there is no room", stock="100000", by=amina)
    browser = Client(raise_request_exception=False)
    browser.force_login(amina, backend="smartduka.permissions.OneQuestionBackend")

    def sell() -> HttpResponse:
        return browser.post("/till/sales/", a_document(bread), content_type="application/json")

    disk.resize(used(disk))
    sold = 0
    while (answer := sell()).status_code == 201:
        sold += 1
        assert sold < 5000
    assert (answer.status_code, answer.json()["error"]["message"]) == (503, Outage.FULL.value)
    assert Sale.objects.count() == sold
    disk.resize(ROOM_FOR_A_SERVER)
    assert list(books.audit()) == []
    assert sell().status_code == 201
    assert Sale.objects.count() == sold + 1
    assert list(books.audit()) == []
