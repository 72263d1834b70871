"""What goes wrong with a copy is a sentence with the cure, and half a copy is never left."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections

from smartduka.databases import append_only
from smartduka.databases.native import CopyFailedError, programs, sqlite
from smartduka.tests.native import OURS, copy_of, databases, fill_both, known_as, marks

pytestmark = pytest.mark.django_db

only_servers = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no programs")
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has a file")
DUMP = "pg_dump" if connection.vendor == "postgresql" else "mariadb-dump"

Pretend = Callable[[str], None]


@pytest.fixture
def live(trading: str) -> Iterator[str]:
    with known_as("live", trading) as alias:
        yield alias


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretend:
    """Put a program of a few lines of Python in the place of the engine's own."""

    def put(lines: str) -> None:
        program = tmp_path / "programs" / DUMP
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\nimport os, sys\n{lines}\n", encoding="utf-8")
        program.chmod(0o700)
        monkeypatch.setenv("DATABASE_PROGRAMS", str(program.parent))

    return put


def why_no_copy(live: str, folder: Path) -> str:
    """Why a copy of a shop failed, in one line. No part of it is left."""
    to = folder / "copies"
    to.mkdir()
    with pytest.raises(CopyFailedError) as failed:
        copy_of(live, to)
    assert list(to.iterdir()) == []
    assert "\n" not in str(failed.value)
    return str(failed.value)


def test_a_copy_that_is_broken_off_leaves_nothing(live, tmp_path, monkeypatch):
    """By Ctrl-C, or by whoever closes the shop."""

    def break_off(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    at_work = (sqlite, "_copy_from") if connection.vendor == "sqlite" else (programs, "run")
    monkeypatch.setattr(*at_work, break_off)
    (tmp_path / "copies").mkdir()
    with pytest.raises(KeyboardInterrupt):
        copy_of(live, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


@only_servers
class TestAProgram:
    def test_that_is_missing_is_named_with_the_cure(self, live, tmp_path, monkeypatch):
        monkeypatch.setenv("DATABASE_PROGRAMS", "")
        monkeypatch.setenv("PATH", str(tmp_path))
        said = why_no_copy(live, tmp_path)
        assert said.startswith(f"{DUMP} is not installed on this computer: install ")
        assert said.endswith("or use --portable.")

    def test_that_finds_the_disk_full_says_so(self, live, tmp_path, pretend):
        pretend("sys.exit('error: could not write to file: No space left on device')")
        said = why_no_copy(live, tmp_path)
        assert said.startswith(f"{DUMP} failed: error: could not write to file: No space left on device. The disk is")
        assert "Make room" in said

    def test_that_may_not_read_says_whose_the_tables_must_be(self, live, tmp_path, pretend):
        pretend("sys.exit('error: permission denied for table sales_sale')")
        assert "must own the shop’s tables" in why_no_copy(live, tmp_path)

    def test_that_shows_the_command_that_failed_is_told_by_the_line_that_says_why(self, live, tmp_path, pretend):
        pretend("""sys.exit('error: could not execute query: ERROR:  there is no f()\\nLINE 1: f()\\n        ^\\n'
                "Command was: CREATE TABLE sale (\\n    id bigint DEFAULT f()\\n);\\n\\n")""")
        said = why_no_copy(live, tmp_path)
        assert said == f"{DUMP} failed: error: could not execute query: ERROR:  there is no f()."

    def test_that_says_nothing_is_said_to_have(self, live, tmp_path, pretend):
        pretend("sys.exit(3)")
        assert why_no_copy(live, tmp_path) == f"{DUMP} failed: it said nothing."

    def test_never_gets_the_password_where_others_see_it(self, live, tmp_path, pretend):
        connections[live].settings_dict["PASSWORD"] = r'a "secret" \ word'
        pretend("sys.exit(' '.join(sys.argv))")
        assert "secret" not in why_no_copy(live, tmp_path)

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="MariaDB's programs copy older and newer servers")
    def test_that_is_older_than_the_server_says_what_to_install(self, live, tmp_path, pretend):
        pretend("sys.exit('error: aborting because of server version mismatch\\n"
                "detail: server version: 18.4; pg_dump version: 15.20')")  # fmt: skip
        said = why_no_copy(live, tmp_path)
        assert said.startswith("pg_dump failed: detail: server version: 18.4; pg_dump version: 15.20. It is older")


@only_servers
def test_a_table_of_others_that_refers_to_the_shop_keeps_it_as_it_is(trading_copy, tmp_path):
    with databases(tmp_path, "live", "ready"):
        fill_both(trading_copy)
        with connections["live"].cursor() as cursor:
            cursor.execute("CREATE TABLE notes_of_others (category bigint REFERENCES inventory_category (id))")
        with pytest.raises(CopyFailedError, match="notes_of_others refers to inventory_category"):
            OURS.swap("live", "ready")
        assert marks("live") == {"old"}
        assert append_only.missing("live") == []


@only_sqlite
class TestASQLiteFile:
    def refused(self, tmp_path: Path, trading_copy: Path, change: str) -> str:
        """Why a copy is refused after somebody changed it."""
        changed = tmp_path / "changed.sqlite3"
        changed.write_bytes(trading_copy.read_bytes())
        with closing(sqlite3.connect(changed)) as file:
            file.executescript(change)
        with databases(tmp_path, "copy"):
            with pytest.raises(CopyFailedError) as refused:
                OURS.load("copy", changed)
            assert connections["copy"].introspection.table_names() == []
        return str(refused.value)

    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            ("trigger", "CREATE TRIGGER t AFTER INSERT ON sales_sale BEGIN DELETE FROM auth_user; END"),
            ("view", "CREATE VIEW v AS SELECT * FROM auth_user"),
            ("table", "CREATE VIRTUAL TABLE t USING fts5(words)"),
        ],
    )
    def test_with_a_program_in_it_is_refused(self, trading_copy, tmp_path, kind, change):
        assert f"The copy holds a {kind} that is not the shop’s" in self.refused(tmp_path, trading_copy, change)

    def test_with_a_row_that_names_nothing_is_refused(self, trading_copy, tmp_path):
        said = self.refused(tmp_path, trading_copy, "DELETE FROM inventory_category")
        assert said.endswith("names a row of inventory_category that is not there.")

    def test_with_a_flipped_page_is_refused(self, trading_copy, tmp_path):
        flipped = bytearray(trading_copy.read_bytes())
        for place in range(8192, len(flipped), 4096):
            flipped[place : place + 8] = b"\xff" * 8
        (tmp_path / "flipped").write_bytes(flipped)
        with databases(tmp_path, "copy"), pytest.raises(CopyFailedError, match="damaged"):
            OURS.load("copy", tmp_path / "flipped")

    def test_stays_wal_and_a_reader_keeps_the_old_shop_until_it_has_read(self, trading_copy, tmp_path):
        with databases(tmp_path, "live", "ready"):
            fill_both(trading_copy)
            with connections["live"].cursor() as cursor:
                cursor.execute("PRAGMA journal_mode = WAL")
            path = connections["live"].settings_dict["NAME"]
            with closing(sqlite3.connect(path, isolation_level=None)) as reader:
                name = "SELECT name FROM smartduka_shop"
                reader.execute("BEGIN")
                assert reader.execute(name).fetchall() == [("old",)]
                OURS.swap("live", "ready")
                assert reader.execute(name).fetchall() == [("old",)]
                reader.execute("COMMIT")
                assert reader.execute(name).fetchall() == [("new",)]
                assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert marks("live") == {"new"}

    def test_that_is_in_use_for_too_long_says_so_and_stays_as_it_was(self, trading_copy, tmp_path, monkeypatch):
        monkeypatch.setattr("smartduka.databases.native.sqlite.SECONDS_OF_PATIENCE", 0.2)
        with databases(tmp_path, "live", "ready"):
            fill_both(trading_copy)
            connections["live"].connection.execute("PRAGMA busy_timeout = 100")
            path = connections["live"].settings_dict["NAME"]
            with closing(sqlite3.connect(path, isolation_level=None)) as writer:
                writer.execute("BEGIN IMMEDIATE")
                with pytest.raises(CopyFailedError, match="The books are busy"):
                    OURS.swap("live", "ready")
                writer.execute("ROLLBACK")
            assert marks("live") == {"old"}
