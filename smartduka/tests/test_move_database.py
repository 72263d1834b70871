"""A shop that moves into another database arrives whole, and works there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client, override_settings

from inventory.models import Category
from sales import books
from sales.models import Sale
from smartduka import moving
from smartduka.databases import aliases, append_only, changes, engines, rows, scratch, unfinished
from smartduka.management.commands import move_database
from smartduka.moving import Moved, NotMovedError
from smartduka.terminal import Bar
from smartduka.tests.engines import postgresql
from smartduka.tests.engines.servers import NotFoundError
from smartduka.tests.forgery import refused
from smartduka.tests.moves import content, move, sell, tables_in
from smartduka.tests.old_shop import make_the_past
from smartduka.tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("between_databases")

ENGINE = connection.vendor
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Arrived:
    """A shop that was moved from a SQLite file to this run's engine."""

    source: str
    url: str
    moved: Moved
    refusal: str
    """What was said when the target held what a move that was killed had left."""


@pytest.fixture(scope="module")
def arrived(nasty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arrived]:
    """The first try is killed in the middle."""
    source, folder = f"sqlite:///{nasty_file}", tmp_path_factory.mktemp("arrived")
    with scratch.fresh_database(folder) as url:
        kill_in_the_middle(source, url, folder)
        with pytest.raises(NotMovedError) as refusal:
            move(source, url, folder)
        moved = move(source, url, folder, again=True)
        yield Arrived(source, url, moved, str(refusal.value))


def kill_in_the_middle(source: str, target: str, folder: Path) -> None:
    """As soon as anything of it is in the target."""
    command = [sys.executable, "manage.py", "move_database", "--from", source, "--to", target]
    environment = {**os.environ, "SMARTDUKA_DATA_DIR": str(folder)}
    nobody = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=nobody, stdout=nobody) as process:
        try:
            wait_until(lambda: process.poll() is not None or unfinished.MARK in tables_in(target))
            assert process.poll() is None
        finally:
            process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))


class TestArrived:
    def test_every_row_is_there_as_it_was(self, arrived: Arrived):
        before, after = content(arrived.source), content(arrived.url)
        assert after == before
        assert arrived.moved.rows == sum(map(len, before.values()))
        assert not arrived.moved.is_behind

    def test_nothing_is_left_of_the_way_there(self, arrived: Arrived):
        assert unfinished.MARK not in tables_in(arrived.url)
        assert "django_session" in tables_in(arrived.url)

    def test_a_move_that_was_killed_is_known_and_begun_anew_when_asked(self, arrived: Arrived):
        assert arrived.refusal == (
            "The target holds what a move that was cut short has left. Add --again to empty it and begin anew."
        )

    def test_the_database_refuses_to_change_a_fact(self, arrived: Arrived):
        with aliases.working_in(arrived.url):
            assert append_only.missing() == []
            with refused("append-only"), connection.cursor() as cursor:
                cursor.execute("UPDATE sales_sale SET total = 1")
            with refused("newest row"), connection.cursor() as cursor:
                cursor.execute("UPDATE inventory_product SET stock_quantity = 7")

    def test_the_books_tie_out_and_the_next_sale_follows_the_last(self, arrived: Arrived):
        with aliases.working_in(arrived.url):
            last = Sale.objects.latest("pk").pk
            assert sell().pk == last + 1
            assert list(books.audit()) == []

    def test_people_log_in_as_before_and_may_do_what_they_might(self, arrived: Arrived):
        with aliases.working_in(arrived.url):
            statuses = [
                Client().post("/login/", {"username": name, "password": "karibu-duka"}).status_code
                for name in ("amina", "otieno", "baraka")
            ]
            assert statuses == [302, 302, 200]
            otieno = User.objects.get(username="otieno")
            rights = {right: otieno.has_perm(f"sales.{right}") for right in ("add_sale", "view_today", "void_sale")}
            assert rights == {"add_sale": True, "view_today": True, "void_sale": False}


@pytest.mark.skipif(ENGINE != "mysql", reason="the way round all three engines is gone once, in MariaDB's run")
def test_a_shop_that_went_round_all_engines_is_the_same(nasty_file: Path, tmp_path: Path):
    source = f"sqlite:///{nasty_file}"
    before = content(source)
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgresql.server()).url
        except NotFoundError as missing:
            pytest.skip(str(missing))
        for there in (server, os.environ["DATABASE_URL"], "sqlite:"):
            url = stack.enter_context(scratch.fresh_database(tmp_path, there))
            move(source, url, tmp_path)
            source = url
        after = content(source)
        assert after == before
        with aliases.working_in(source):
            sell()
            assert list(books.audit()) == []


class TestFingerprint:
    """By which is known whether anybody used the shop meanwhile."""

    @pytest.mark.parametrize(
        "change",
        [
            "INSERT INTO inventory_category (id, name) VALUES (3, 'Shelf 3')",
            "UPDATE inventory_category SET name = 'Shelf 1 ' WHERE id = 1",
            "DELETE FROM inventory_category WHERE id = 2",
        ],
    )
    def test_every_change_of_somebody_else_is_seen_and_nothing_else(self, change: str, target: str):
        with aliases.beside(target, "ours") as ours, aliases.beside(target, "theirs") as theirs:
            with connections[theirs].schema_editor() as editor:
                editor.create_model(Category)
            rows.write(Category, [(1, "Shelf 1"), (2, "Shelf 2")], theirs)
            before = changes.fingerprint([Category], ours)
            assert Category.objects.using(theirs).count() == 2
            assert changes.fingerprint([Category], ours) == before
            with connections[theirs].cursor() as cursor:
                cursor.execute(change)
            assert changes.fingerprint([Category], ours) != before


def test_a_bar_shows_on_a_terminal_how_far_the_work_is(capsys: pytest.CaptureFixture[str]):
    with patch.object(sys.stdout, "isatty", lambda: True), Bar("Copying", 400) as bar:
        bar.advance(100, "sales.Sale 100 of 200")
        bar.advance(1, "sales.Sale 101 of 200")  # too soon to be read
    shown = capsys.readouterr().out.split("\r")
    assert shown[1] == "Copying ... [#####...............]  25%  sales.Sale 100 of 200"
    assert [line for line in shown if "101" in line] == []
    assert shown[-1] == "Copying ... 0 s\n"


@pytest.mark.skipif(ENGINE != "sqlite", reason="alike on every engine, and seen once")
def test_an_old_shop_moves_as_it_is_and_is_migrated_there(target: str, tmp_path: Path):
    source = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    with aliases.working_in(source):
        make_the_past(5)
    before = content(source)
    said = StringIO()
    with override_settings(DATA_DIR=tmp_path):
        call_command("move_database", "--from", source, "--to", target, stdout=said)
    *_, behind, _, line = said.getvalue().splitlines()
    assert behind == "It is as old as it was: open it with run.py, or run migrate and then check_books."
    assert line == f"DATABASE_URL={target}"
    assert content(target) == before
    with aliases.working_in(target):
        call_command("migrate", verbosity=0)
        assert list(books.audit()) == []
        assert append_only.missing() == []


class TestAddresses:
    """Where the shop is and goes, as it is asked of `move_database`."""

    def moved(self, *options: str, at_a_terminal: bool = True, answer: Any = "s/ä#1") -> list[str]:
        with (
            patch.object(moving, "move", return_value=Moved("", 0, is_behind=False)) as move,
            patch.object(sys.stdin, "isatty", lambda: at_a_terminal, create=True),
            patch.object(move_database, "getpass", side_effect=answer if callable(answer) else [answer, answer]),
        ):
            call_command("move_database", *options, stdout=StringIO())
        return list(move.call_args.args)

    def test_the_shop_is_where_the_settings_say_unless_another_place_is_named(self):
        assert self.moved("--to", "sqlite:///new") == [aliases.url_of(), "sqlite:///new"]
        assert self.moved("--from", "sqlite:///old", "--to", "sqlite:///new") == ["sqlite:///old", "sqlite:///new"]

    def test_a_password_that_was_left_out_is_asked_for_and_written_as_a_url_wants_it(self):
        ours = self.moved("--from", "postgres://duka@db:5432/shop", "--to", "mysql://duka@[::1]/shop?charset=utf8mb4")
        assert ours == [
            "postgres://duka:s%2F%C3%A4%231@db:5432/shop",
            "mysql://duka:s%2F%C3%A4%231@[::1]/shop?charset=utf8mb4",
        ]
        assert engines.configured(ours[0])["PASSWORD"] == "s/ä#1"

    @pytest.mark.parametrize(
        "url",
        ["postgres://duka:known@db/shop", "postgres://duka:@db/shop", "postgres://db/shop", "postgres:///shop", "["],
    )
    def test_nothing_is_asked_where_nothing_was_left_out(self, url: str):
        assert self.moved("--to", url)[1] == url

    def test_nothing_is_asked_where_nobody_is_there(self):
        assert self.moved("--to", "postgres://duka@db/shop", at_a_terminal=False)[1] == "postgres://duka@db/shop"

    @pytest.mark.parametrize(("host", "place"), [("db", "db"), ("", "this computer")])
    def test_whose_password_it_is_is_said(self, host: str, place: str):
        def answer(question: str) -> str:
            assert question == f"Password of duka at {place} (Enter where none is needed): "
            return "secret"

        assert self.moved("--to", f"postgres://duka@{host}/shop", answer=answer)

    @pytest.mark.parametrize("how", [KeyboardInterrupt, EOFError])
    def test_who_gives_no_password_stops_it(self, how: type[BaseException]):
        with pytest.raises(CommandError, match="Stopped"):
            self.moved("--to", "postgres://duka@db/shop", answer=how)
