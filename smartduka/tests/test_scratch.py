"""Scratch databases: made beside the shop's, gone afterwards, and swept up where a program was killed."""

import re
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

from smartduka.databases import scratch
from smartduka.databases.snapshots import snapshot
from smartduka.open_shops import ROOT

pytestmark = pytest.mark.django_db


@contextmanager
def an_account() -> Iterator[str]:
    """The URL of an account that may do nothing but log in."""
    name, server = f"poor_{uuid4().hex[:8]}", urlsplit(scratch.url_of())
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
        with scratch.fresh_database(tmp_path, url) as fresh, scratch.beside(fresh) as alias:
            assert alias == scratch.ALIAS


def test_the_readme_gives_the_account_that_right():
    told = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "createuser --pwprompt --createdb smartduka" in told
    assert f"GRANT ALL ON `{scratch.PREFIX}%`.* TO smartduka@127.0.0.1;" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps the books in a file of ours")
def test_nobody_else_may_read_a_copy_of_the_books(tmp_path: Path):
    def modes() -> set[int]:
        return {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir() if file.stat().st_size}

    with scratch.fresh_database(tmp_path) as url, scratch.working_in(url):
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
