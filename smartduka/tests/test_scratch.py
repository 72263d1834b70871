"""Scratch databases: made beside the shop's, gone afterwards, and swept up where a program was killed."""

import re
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from smartduka.databases import aliases, scratch
from smartduka.databases.native import sqlite
from smartduka.databases.snapshots import snapshot
from smartduka.open_shops import ROOT

pytestmark = pytest.mark.django_db


@contextmanager
def an_account() -> Iterator[str]:
    """The URL of an account that may do nothing but log in."""
    name, server = f"poor_{uuid4().hex[:8]}", urlsplit(aliases.url_of())
    is_mariadb = connection.vendor == "mysql"
    account = f"{name}@'%'" if is_mariadb else name
    with connection.cursor() as cursor:
        password = "IDENTIFIED BY 'duka'" if is_mariadb else "LOGIN PASSWORD 'duka'"
        cursor.execute(f"CREATE {'USER' if is_mariadb else 'ROLE'} {account} {password}")
        try:
            yield server._replace(netloc=f"{name}:duka@{server.netloc.rpartition('@')[2]}").geturl()
        finally:
            cursor.execute(f"DROP {'USER' if is_mariadb else 'ROLE'} {account}")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite knows no accounts")
@pytest.mark.django_db(transaction=True)
def test_an_account_without_the_right_is_told_how_to_get_it(tmp_path: Path):
    with an_account() as url:
        with pytest.raises(scratch.NoScratchError) as refusal, scratch.fresh_database(tmp_path, url):
            pass
        (cure,) = re.findall(r"that right: (.*)\.$", str(refusal.value))
        with connection.cursor() as cursor:
            cursor.execute(cure)
        with scratch.fresh_database(tmp_path, url) as fresh, aliases.beside(fresh) as alias:
            assert alias == "beside"


def test_the_readme_gives_the_account_that_right():
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "createuser --pwprompt --createdb smartduka" in told
    assert f"GRANT ALL ON `{scratch.PREFIX}%`.* TO smartduka@127.0.0.1;" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps the books in a file of ours")
def test_nobody_else_may_read_a_copy_of_the_books(tmp_path: Path):
    def modes() -> set[int]:
        return {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir() if file.stat().st_size}

    with scratch.fresh_database(tmp_path) as url, aliases.working_in(url):
        call_command("migrate", "auth", verbosity=0)
        assert modes() == {0o600}
        with snapshot("default", tmp_path):
            assert modes() == {0o600}


def test_what_a_killed_program_left_is_swept_up_a_day_later(tmp_path: Path):
    def left(age: timedelta) -> Path:
        file = tmp_path / f"{scratch.PREFIX}{datetime.now(UTC) - age:%Y%m%d%H%M%S}_12345678"
        file.touch()
        return file

    old, young, other = left(timedelta(hours=25)), left(timedelta(hours=1)), tmp_path / "smartduka.zip"
    other.touch()
    scratch.sweep(tmp_path, "sqlite:")
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)


@pytest.mark.parametrize("stamp", ["20200101000000", "20261399000000", "99999999999999"])
def test_what_only_looks_like_one_stops_nobody(tmp_path: Path, stamp: str):
    """Such a folder, or a date that there never was, was the end of every backup into this folder."""
    (tmp_path / f"{scratch.PREFIX}{stamp}_a_folder").mkdir()
    (tmp_path / f"{scratch.PREFIX}{stamp}_a_file").touch()
    scratch.sweep(tmp_path, "sqlite:")
    assert (tmp_path / f"{scratch.PREFIX}{stamp}_a_folder").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite copies its pages first")
def test_all_that_a_killed_copy_leaves_is_swept_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    left = []

    def is_killed(using: str, copy: sqlite3.Connection) -> None:
        assert len(list(tmp_path.iterdir())) == 2
        scratch.sweep(tmp_path, "sqlite:")
        left.extend(tmp_path.iterdir())
        raise PowerCut

    monkeypatch.setattr(sqlite, "_copy_from", is_killed)
    monkeypatch.setattr(scratch, "FORGOTTEN_AFTER", timedelta(seconds=-2))
    with pytest.raises(PowerCut), scratch.fresh_file(tmp_path) as file:
        sqlite.dump("default", file, without_rows=[])
    assert left == []


class PowerCut(Exception):
    """The end of a program that had no time to tidy up."""
