"""`daily`: what is due is done, as often as it is asked for, and an open shop asks by itself."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from smartduka import events
from smartduka.backups import shelf
from smartduka.management.commands import open_shop
from smartduka.models import Event, Shop
from smartduka.rounds import Rounds
from smartduka.tests.backedup import a_backup_of_now, something_sold
from smartduka.tests.backupfiles import names_in
from smartduka.tests.duka import a_duka
from smartduka.tests.waiting import wait_until

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = datetime.fromisoformat("2026-06-23T20:00+03:00")


def daily() -> str:
    said = StringIO()
    call_command("daily", stdout=said, skip_checks=True)
    return said.getvalue()


def troubles() -> str:
    with pytest.raises(CommandError) as trouble:
        daily()
    return str(trouble.value)


# --- When ------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, db: None, backup_dir: Path) -> Iterator[list[str]]:
    """The commands that `daily` calls at eight in the evening; a backup is only put on the shelf."""
    asked: list[str] = []

    def call(command: str, *words: str, **options: Any) -> None:
        asked.append(command)
        if command == "backup":
            a_backup_of_now(backup_dir, cause="daily")
        else:
            call_command(command, *words, **options)

    monkeypatch.setattr("sales.management.commands.daily.call_command", call)
    with time_machine.travel(EVENING, tick=False):
        yield asked


def test_a_new_shop_has_nothing_to_back_up(asked, backup_dir):
    assert "Nothing to back up yet" in daily()
    assert asked == ["check_books"]
    assert names_in(backup_dir) == []


def test_a_day_that_was_missed_is_caught_up_with(asked, amina):
    for days, due in ((0, 1), (1, 2), (5, 3)):
        with time_machine.travel(EVENING + days * (DAY + HOUR), tick=False):
            daily()
            daily()
        assert asked.count("backup") == asked.count("check_books") == due


def test_a_verified_backup_that_somebody_made_today_will_do(asked, amina, backup_dir):
    a_backup_of_now(backup_dir, age=HOUR, cause="by hand")
    assert "Today's backup is there." in daily()
    assert "backup" not in asked


@pytest.mark.parametrize("changes", [{"is_verified": False}, {"age": DAY}, {"age": -HOUR}, {"shop": "Duka la Juma"}])
def test_one_that_is_unverified_or_of_another_day_or_another_shop_will_not(asked, amina, backup_dir, changes):
    a_backup_of_now(backup_dir, **changes)
    daily()
    assert "backup" in asked


def test_the_day_is_that_of_the_shop_which_may_turn_after_midnight(asked, amina, backup_dir, shop):
    at_one = EVENING + timedelta(hours=5)
    a_backup_of_now(backup_dir)
    for turns_at, is_due in ((4, False), (0, True)):
        Shop.objects.update(day_turns_at=turns_at)
        with time_machine.travel(at_one, tick=False):
            daily()
        assert ("backup" in asked) is is_due


def test_books_that_do_not_tie_out_are_not_backed_up_every_hour(asked, amina, backup_dir):
    """`backup` keeps such a backup, and cannot verify it."""
    a_backup_of_now(backup_dir, cause="daily", is_verified=False)
    daily()
    assert "backup" not in asked


def test_books_that_were_checked_by_a_wrong_clock_are_checked_again(asked, amina):
    """Else nobody would look at them until that clock is right."""
    with time_machine.travel(EVENING + 400 * DAY, tick=False):
        daily()
    assert daily().endswith("The books tie out.\n")
    assert asked.count("check_books") == 2
    assert daily().endswith("The books were checked within a day, and tie out.\n")


# --- What it says of trouble -----------------------------------------------------------------------------------


def test_what_stands_in_the_way_of_a_backup_keeps_nobody_from_checking_the_books(monkeypatch, backup_dir, amina):
    def call(command: str, *words: str, **options: Any) -> None:
        if command == "backup":
            raise CommandError("The disk is full.")
        call_command(command, *words, **options)

    monkeypatch.setattr("sales.management.commands.daily.call_command", call)
    assert troubles() == "The disk is full."
    assert Event.objects.filter(kind=events.BOOKS_CHECKED).count() == 1


def test_books_that_do_not_tie_out_are_said_until_they_do(asked, amina, otieno):
    something_sold("Bread", by=amina)
    with patch("sales.books.totals.sales", return_value=iter(["Sale 1: wrong."])):
        assert troubles() == "The books do not tie out: 1 difference."
    assert troubles() == "The books did not tie out today: 1 difference. Run manage.py check_books."
    call_command("check_books")
    daily()
    assert asked.count("check_books") == 1


# --- By itself -------------------------------------------------------------------------------------------------


def test_rounds_begin_soon_and_go_on_until_they_end(tmp_path):
    mark = tmp_path / "walked"
    command = [sys.executable, "-c", f"open({str(mark)!r}, 'a').write('.')"]
    with Rounds(command, first=0, every=0.01) as rounds:
        assert not mark.exists()
        rounds.begin()
        wait_until(lambda: mark.exists() and len(mark.read_text()) >= 3)
    walked = mark.read_text()
    time.sleep(0.3)
    assert mark.read_text() == walked


def test_what_is_under_way_when_the_shop_closes_is_broken_off_and_clears_away(tmp_path):
    begun, cleared = tmp_path / "begun", tmp_path / "cleared"
    program = f"""
import pathlib, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    pathlib.Path({str(begun)!r}).touch()
    time.sleep(600)
finally:
    pathlib.Path({str(cleared)!r}).touch()
"""
    with Rounds([sys.executable, "-c", program], first=0) as rounds:
        rounds.begin()
        wait_until(begun.exists)
        began = time.monotonic()
    assert cleared.exists()
    assert time.monotonic() - began < 5


def test_rounds_that_never_began_end_at_once():
    with Rounds(["no such program"]):
        pass


def test_an_open_shop_makes_a_verified_backup_and_checks_its_books_by_itself(
    tmp_path, settings, monkeypatch, django_db_blocker: DjangoDbBlocker
):
    def serve(host: str, port: int, workers: int, welcome: Callable[[], None]) -> None:
        welcome()
        wait_until(Event.objects.filter(kind=events.BOOKS_CHECKED).exists)

    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(open_shop, "serve", serve)
    monkeypatch.setattr(open_shop, "Rounds", partial(Rounds, first=0))
    with django_db_blocker.unblock(), a_duka(tmp_path) as duka:
        places = {"DATABASE_URL": duka.url, "SMARTDUKA_DATA_DIR": tmp_path, "BACKUP_DIR": duka.backups}
        for name, place in places.items():
            monkeypatch.setenv(name, str(place))
        call_command("open_shop", stdout=StringIO())
        (backup,) = shelf.backups(duka.backups)
        assert backup.manifest
        assert (backup.is_verified, backup.manifest.cause) == (True, "daily")

        assert daily() == "Today's backup is there.\nThe books were checked within a day, and tie out.\n"
        assert len(shelf.backups(duka.backups)) == 1
