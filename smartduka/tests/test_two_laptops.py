"""The books move from one laptop to another, in both ways that the README tells."""

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from inventory.models import Product
from sales.models import Sale, SaleLine
from smartduka.backups import shelf
from smartduka.databases import aliases, append_only, scratch
from smartduka.open_shops import ROOT, shop_environment
from smartduka.tests.duka import a_duka, digests
from smartduka.tests.old_shop import make_the_past

SQLITE = "sqlite:"
IS_SET_UP = [True, False] if connection.vendor == "sqlite" else [True]
"""Whether the new laptop’s shop was opened before; across engines only as it is told, for that takes long."""


def manage(url: str, data_dir: Path, *command: str) -> None:
    """`manage.py`, on the laptop whose books are there."""
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=shop_environment(url, data_dir),
        check=True,
        capture_output=True,
    )


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("is_set_up", IS_SET_UP)
def test_a_backup_of_one_laptop_is_restored_on_the_other(
    tmp_path: Path, stick: Path, django_db_blocker: DjangoDbBlocker, is_set_up: bool
):
    """The old one is on SQLite; the new one on whatever engine is tested here, perhaps another one."""
    other_engine = ["--portable"] if connection.vendor != "sqlite" else []
    with django_db_blocker.unblock(), scratch.fresh_database(tmp_path) as new:
        (tmp_path / "old").mkdir()
        with a_duka(tmp_path / "old", server=SQLITE) as duka:
            before, sales = digests(), Sale.objects.count()
            manage(duka.url, duka.folder, "backup", "--to", str(stick), *other_engine)
        (backup,) = shelf.backups(stick)
        if is_set_up:
            manage(new, tmp_path / "new", "migrate")

        manage(new, tmp_path / "new", "restore", str(backup.path), "--no-input")

        with aliases.working_in(new):
            assert digests() == before
            assert append_only.missing() == []
            duka.sell()
            assert Sale.objects.count() == sales + 1
            call_command("check_books", stdout=StringIO())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the books are one file on SQLite alone")
def test_the_file_of_an_older_shop_is_copied_and_migrated(
    tmp_path: Path, stick: Path, django_db_blocker: DjangoDbBlocker
):
    old, new = tmp_path / "old" / "db.sqlite3", tmp_path / "new" / "db.sqlite3"
    with django_db_blocker.unblock():
        old.parent.mkdir()
        with aliases.working_in(f"sqlite:///{old}"):
            make_the_past(30)
        shutil.copy(old, stick)
        new.parent.mkdir()
        shutil.copy(stick / old.name, new)

        manage("", new.parent, "migrate")

        with aliases.working_in(f"sqlite:///{new}"):
            assert Product.objects.count() == SaleLine.objects.count() == 30
            assert not Product.objects.filter(sku=None).exists()
            assert append_only.missing() == []
            call_command("check_books", stdout=StringIO())


def test_the_readme_tells_both_ways():
    """Of the commands tried here, each stands there as it was tried."""
    (told,) = re.findall(r"### Between two laptops\n(.*?)\n## ", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    for line in (
        "manage.py backup --to /media/stick",
        "manage.py restore /media/stick/smartduka-",
        "cp /media/stick/db.sqlite3 data/",
        "--portable",
    ):
        assert line in told
