"""A shop that cannot be moved whole stays where it was, and a sentence says why."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Model
from django.test import override_settings

from smartduka import moving
from smartduka.databases import aliases, rows, schema, unfinished
from smartduka.moving import NotMovedError
from smartduka.tests.moves import content, move, sell, tables_in

pytestmark = pytest.mark.usefixtures("between_databases")

ENGINE = connection.vendor


class TestRefusedBeforehand:
    def refusal(self, source: str, target: str, folder: Path) -> str:
        with override_settings(DATA_DIR=folder), pytest.raises(CommandError) as refusal:
            call_command("move_database", "--from", source, "--to", target)
        sentence, *_, ending = str(refusal.value).splitlines()
        assert ending == "The shop is where it was, unchanged."
        return sentence

    def test_a_target_in_which_is_anything(self, nasty_file: Path, target: str, tmp_path: Path):
        with aliases.beside(target, "strange") as alias, connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE recipes (id integer)")
            cursor.execute("INSERT INTO recipes VALUES (1)")
        assert self.refusal(f"sqlite:///{nasty_file}", target, tmp_path) == (
            "The target is not empty: it has the table recipes. Name a database without any table."
        )
        assert tables_in(target) == ["recipes"]

    def test_the_same_database(self, a_nasty_file: Callable[..., str], tmp_path: Path):
        source = a_nasty_file()
        same = source.replace("nasty.sqlite3", "./nasty.sqlite3")
        assert self.refusal(source, same, tmp_path) == "The source and the target are the same database."

    def test_a_source_in_which_is_no_shop(self, target: str, tmp_path: Path):
        missing = tmp_path / "db.sqlite3"
        assert self.refusal(f"sqlite:///{missing}", target, tmp_path) == f"There is no file {missing}."
        assert not missing.exists()
        missing.touch()
        assert self.refusal(f"sqlite:///{missing}", target, tmp_path) == "There is no shop in the source."

    def test_a_source_that_a_newer_smartduka_wrote(
        self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path
    ):
        newer = a_nasty_file("INSERT INTO django_migrations (app, name, applied) VALUES ('sales', '9999_next', 0)")
        assert self.refusal(newer, target, tmp_path) == (
            "A newer SmartDuka wrote the source (sales.9999_next): take that version first, then move."
        )

    def test_a_source_that_is_the_half_of_a_move(self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path):
        half = a_nasty_file(f"CREATE TABLE {unfinished.MARK} (id integer)")
        assert self.refusal(half, target, tmp_path) == (
            "The source holds what a move that was cut short has left. Name where the shop is instead."
        )
        assert tables_in(target) == []

    def test_an_engine_without_its_driver(self, nasty_file: Path, tmp_path: Path):
        ours = str(settings.BASE_DIR / ".venv/bin/python")
        with patch.dict(sys.modules, pymysql=None), patch.object(sys, "executable", ours):
            sentence = self.refusal(f"sqlite:///{nasty_file}", "mysql://root@127.0.0.1:1/shop", tmp_path)
        assert sentence.endswith(": .venv/bin/python -m pip install -r requirements-mysql.txt")

    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("the new server", "The target is no address of a database"),
            ("oracle://scott@127.0.0.1/shop", "The target is no address of a database"),
            ("postgres://duka:a/secret@127.0.0.1/shop", "The target is no address of a database"),
            ("sqlite://:memory:", "The address of the target names no database: it stands behind the last slash."),
            ("postgres://duka:secret@127.0.0.1", "The address of the target names no database: "),
            ("mysql://root@127.0.0.1:1/shop?colour=red", "The address of the target cannot be used: "),
            ("mysql://root:siri🔑@127.0.0.1:1/shop", "The address of the target cannot be used: "),
            ("sqlite:////no/such/folder/db.sqlite3", "There is no folder /no/such/folder."),
            ("postgres://smartduka:secret@127.0.0.1:1/shop", "The target does not answer: "),
        ],
    )
    def test_a_target_that_is_not_there(self, url: str, sentence: str, nasty_file: Path, tmp_path: Path):
        said = self.refusal(f"sqlite:///{nasty_file}", url, tmp_path)
        assert said.startswith(sentence)
        assert "secret" not in said

    def test_rows_that_do_not_fit_are_listed_as_far_as_anybody_reads(
        self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path
    ):
        rows_of = ", ".join(f"({key}, 'Shelf {key}', 'maybe')" for key in range(100, 125))
        source = a_nasty_file(f"INSERT INTO inventory_supplier (id, name, is_active) VALUES {rows_of}")
        with pytest.raises(NotMovedError) as refusal:
            move(source, target, tmp_path)
        first, *listed, last = str(refusal.value).splitlines()
        assert first.endswith("cannot hold this. Nothing was moved; correct it in the shop, then move again:")
        assert listed == [f"inventory.Supplier {key}, is_active: “maybe” is not yes or no" for key in range(100, 120)]
        assert last == "and 5 more."
        assert tables_in(target) == []

    @pytest.mark.skipif(ENGINE == "sqlite", reason="a file has no alphabet of its own, and no account")
    def test_a_target_without_every_character_or_every_right(self, nasty_file: Path, target: str, tmp_path: Path):
        with narrow(target) as (alphabet, account):
            said = self.refusal(f"sqlite:///{nasty_file}", alphabet, tmp_path)
            assert said.startswith("The target's alphabet is ")
            said = self.refusal(f"sqlite:///{nasty_file}", account, tmp_path)
            assert "denied" in said
            assert (tables_in(alphabet), tables_in(target)) == ([], [])


@contextmanager
def narrow(target: str) -> Iterator[tuple[str, str]]:
    """The URLs of a database without emoji beside the target, and of the target for somebody without rights in it."""
    parts = urlsplit(target)
    name = f"narrow_{parts.path[-8:]}"
    make, drop = {
        "postgresql": (
            [
                f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
                f"CREATE ROLE {name} LOGIN PASSWORD 'narrow'",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            ],
            [f"DROP DATABASE {name}", f"DROP ROLE {name}"],
        ),
        "mysql": (
            [
                f"CREATE DATABASE {name} CHARACTER SET latin1",
                f"CREATE USER {name}@'%' IDENTIFIED BY 'narrow'",
            ],
            [f"DROP DATABASE {name}", f"DROP USER {name}@'%'"],
        ),
    }[ENGINE]
    account = parts._replace(netloc=f"{name}:narrow@{parts.netloc.rpartition('@')[2]}")
    with aliases.beside(target, "owner") as alias, connections[alias].cursor() as cursor:
        try:
            for statement in make:
                cursor.execute(statement)
            yield parts._replace(path=f"/{name}").geturl(), account.geturl()
        finally:
            for statement in drop:
                cursor.execute(statement)


# --- What goes wrong -------------------------------------------------------------------------------------------


def without_microseconds(value: Any) -> Any:
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


class TestGoneWrong:
    def test_what_was_begun_is_emptied_or_told(self, nasty_file: Path, target: str, tmp_path: Path):
        """A server that fails, first in the middle of the work, and then while it is cleared away, too."""
        source, failure = f"sqlite:///{nasty_file}", OperationalError("the disk is broken")
        with patch.object(schema, "bring_to", side_effect=failure):
            with pytest.raises(NotMovedError, match=r"said: the disk is broken\. The target is empty again\.$"):
                move(source, target, tmp_path)
            assert tables_in(target) == []
            with patch.object(unfinished, "clear", side_effect=failure), pytest.raises(NotMovedError) as told:
                move(source, target, tmp_path)
        assert str(told.value).endswith("What was begun in the target could not be emptied: add --again next time.")
        assert tables_in(target) == [unfinished.MARK]

    def test_ctrl_c_leaves_the_target_empty_also_where_the_line_to_it_is_cut_by_that(
        self, nasty_file: Path, target: str, tmp_path: Path
    ):
        """As PyMySQL does, when it waits for an answer."""

        def cut(model: type[Model], some: list[rows.Values], using: str = "default") -> None:
            connections[using].connection.close()
            raise KeyboardInterrupt

        with patch.object(rows, "write", cut), pytest.raises(KeyboardInterrupt):
            move(f"sqlite:///{nasty_file}", target, tmp_path)
        assert tables_in(target) == []

    def test_the_target_is_emptied_also_where_the_line_was_cut_at_the_end_of_a_migration(
        self, nasty_file: Path, target: str, tmp_path: Path
    ):
        """There Django leaves the connection in the middle of a transaction."""

        def cut(stages: list[schema.Stage], using: str) -> None:
            transaction.atomic(using).__enter__()
            connections[using].connection.close()
            raise OperationalError("terminating connection")

        with (
            patch.object(schema, "bring_to", cut),
            pytest.raises(NotMovedError, match=r"said: terminating connection\. The target is empty again\.$"),
        ):
            move(f"sqlite:///{nasty_file}", target, tmp_path)
        assert tables_in(target) == []

    @pytest.mark.skipif(ENGINE == "mysql", reason="a row that its rules refuse is seen there instead")
    def test_the_least_loss_is_seen_and_the_target_is_emptied(self, nasty_file: Path, target: str, tmp_path: Path):
        """The control of every comparison: an engine that forgets the microseconds."""
        source, write = f"sqlite:///{nasty_file}", rows.write

        def forgetful(model: type[Model], some: list[rows.Values], using: str = "default") -> None:
            write(model, [tuple(map(without_microseconds, row)) for row in some], using)

        before = content(source)
        with (
            patch.object(rows, "write", forgetful),
            pytest.raises(NotMovedError, match=r"does not hold what was copied: [a-z]+\.[A-Za-z]+: content"),
        ):
            move(source, target, tmp_path)
        assert tables_in(target) == []
        assert content(source) == before

    @pytest.mark.skipif(ENGINE != "mysql", reason="only to MariaDB are blanks an empty text")
    def test_a_row_that_only_a_rule_of_the_target_refuses_is_told(
        self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path
    ):
        source = a_nasty_file("UPDATE sales_return SET reason = '  ' WHERE id = 2")
        with pytest.raises(NotMovedError, match=r"MariaDB refuses sales.Return 2: .*return_has_a_reason"):
            move(source, target, tmp_path)
        assert tables_in(target) == []

    @pytest.mark.skipif(ENGINE != "sqlite", reason="alike on every engine, and seen once")
    def test_books_that_do_not_tie_out_are_not_opened_elsewhere(
        self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path
    ):
        source = a_nasty_file("UPDATE sales_sale SET total = total + 5")
        with pytest.raises(NotMovedError, match="The books do not tie out"):
            move(source, target, tmp_path)
        assert tables_in(target) == []

    @pytest.mark.skipif(ENGINE != "sqlite", reason="alike on every engine, and seen once")
    def test_a_shop_that_sells_meanwhile_stays_where_it_is(
        self, a_nasty_file: Callable[..., str], target: str, tmp_path: Path
    ):
        source = a_nasty_file()

        def sell_meanwhile(using: str) -> None:
            with aliases.working_in(source):
                sell()

        with (
            patch.object(moving, "refresh_statistics", sell_meanwhile),
            pytest.raises(NotMovedError, match="Somebody used the shop while it was moved"),
        ):
            move(source, target, tmp_path)
        assert tables_in(target) == []
