"""Strangers learn whether the shop answers; the owner learns what is wrong and what to do."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler
from django.urls import reverse
from django.utils import timezone

from smartduka import events, health
from smartduka.databases import append_only, engines
from smartduka.models import Event
from smartduka.tests.backedup import a_backup_of_now, something_sold
from smartduka.tests.builders import a_line, a_product, a_sale, paid

pytestmark = pytest.mark.django_db


def unwell() -> dict[str, str]:
    return {finding.name: finding.state for finding in health.findings() if not finding.is_well}


def test_a_stranger_is_told_ok_and_nothing_else(client):
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (200, b"ok")


def test_a_database_that_does_not_answer_is_503(client):
    with patch("smartduka.health.connection.cursor", side_effect=OperationalError("the password of the database")):
        response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (503, b"unavailable")


def test_a_shop_whose_books_were_checked_is_well():
    call_command("check_books")
    assert unwell() == {}


def test_books_that_were_never_checked_are_said():
    assert unwell() == {"Books": "never checked"}


def test_an_owner_need_not_check_books_that_an_open_shop_checks_by_itself():
    (books,) = [finding for finding in health.findings() if not finding.is_well]
    assert books.cure.startswith("An open shop checks them every day by itself. To do it now: ")

    events.books_checked(2)
    (books,) = [finding for finding in health.findings() if not finding.is_well]
    assert books.cure.startswith("Read what is listed by ")


def test_books_that_were_checked_by_a_wrong_clock_are_not_known_to_be_well():
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        call_command("check_books")
    assert unwell() == {"Books": "never checked"}


def test_books_that_do_not_tie_out_are_said(amina, otieno):
    bread = a_product("Bread", stock="5", price="65", by=amina)
    a_sale([a_line(bread)], [paid("65")], by=otieno)
    with patch("sales.books.totals.sales", return_value=iter(["Sale 1: wrong."])), pytest.raises(CommandError):
        call_command("check_books", stdout=StringIO())
    assert unwell()["Books"].startswith("1 difference, checked ")


# --- Backups ------------------------------------------------------------------------------------------------


@pytest.fixture
def traded(backup_dir: Path, amina: User) -> Path:
    """The shelf of a shop that traded and whose books were checked."""
    something_sold("Bread", by=amina)
    call_command("check_books")
    return backup_dir


def test_a_shop_that_traded_without_a_backup_is_told_to_make_one(traded):
    assert unwell() == {"Backup": "there is none"}


def test_a_verified_backup_is_well(traded):
    a_backup_of_now(traded, age=timedelta(hours=3))
    assert unwell() == {}
    assert "Backup: 3 hours old, tried out" in map(str, health.findings())


@pytest.mark.parametrize("changes", [{"is_verified": False}, {"shop": "Duka la Juma"}, {"age": timedelta(hours=-1)}])
def test_one_that_is_unverified_or_of_another_shop_or_dated_ahead_is_none(traded, changes):
    a_backup_of_now(traded, **changes)
    assert unwell() == {"Backup": "there is none"}


def test_an_old_backup_is_not_well_once_the_shop_traded_since(traded, amina):
    a_backup_of_now(traded, age=timedelta(days=3))
    assert unwell() == {}
    something_sold("Sugar", by=amina)
    assert unwell() == {"Backup": "the last one is 3 days old, and the shop has traded since"}


def test_a_damaged_backup_is_said(traded):
    a_backup_of_now(traded)
    (traded / "bad.zip").write_bytes(b"")
    assert unwell() == {"Backup": "one cannot be used, bad.zip: it is empty"}


def test_nobody_is_told_to_delete_a_backup_that_a_newer_smartduka_can_use(traded):
    a_backup_of_now(traded)
    with patch("smartduka.backups.manifest.FORMAT", 2):
        newer = a_backup_of_now(traded)
    flaw = "it was made by a newer SmartDuka. Bring this one up to date first"
    assert unwell() == {"Backup": f"one cannot be used, {newer.name}: {flaw}"}
    assert f"Move it out of {traded}; " in "\n".join(map(str, health.findings()))


def test_too_little_room_for_the_next_backups_is_said(traded, monkeypatch):
    size = a_backup_of_now(traded).stat().st_size
    with (
        patch("smartduka.backups.standing.shutil.disk_usage") as usage,
        patch("smartduka.health.LEAST_FREE_BYTES", 0),
    ):
        usage.return_value.free = 3 * size
        assert unwell() == {}
        usage.return_value.free -= 1
        assert unwell() == {"Backup": "0 MB free, too little for the next ones"}


def test_a_folder_that_takes_no_backups_is_said_and_no_reason_for_a_503(traded, settings, amina, browser_of):
    settings.BACKUP_DIR = traded.parent / "gone" / "backups"
    assert unwell() == {"Backup": "none can be made"}
    response = browser_of(amina).get(reverse("healthz"))
    assert response.status_code == 200
    assert "Backup: NOT WELL, none can be made. " in response.content.decode()


def test_who_may_see_the_settings_is_told_every_finding_in_a_line_and_nobody_else(traded, amina, otieno, browser_of):
    lines = browser_of(amina).get(reverse("healthz")).content.decode().splitlines()
    assert lines == ["ok", *map(str, health.findings())]
    assert "Backup: NOT WELL, there is none. Back up now." in lines
    assert browser_of(otieno).get(reverse("healthz")).content == b"ok"


# --- The rest -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_missing_triggers_are_said():
    call_command("check_books")
    with append_only.lifted():
        assert "triggers are missing" in unwell()["Append-only books"]
    assert unwell() == {}


def test_a_full_disk_is_said():
    call_command("check_books")
    with patch("smartduka.health.shutil.disk_usage") as usage:
        usage.return_value.free = 499_999_999
        assert unwell() == {"Disk": "0.5 GB free"}


def test_every_connection_to_a_file_keeps_the_journal_that_the_settings_want(tmp_path):
    """Not so by itself: SQLite remembers WAL in the file, and forgets every other mode."""
    shop = tmp_path / "db.sqlite3"
    if engines.SQLITE_JOURNAL_MODE == "WAL":
        journal_of(shop, init_command="PRAGMA journal_mode = WAL")
    assert [journal_of(shop, **engines.SQLITE_OPTIONS) for _ in range(2)] == [engines.SQLITE_JOURNAL_MODE] * 2
    assert journal_of(tmp_path / "other.sqlite3") == "DELETE"


def journal_of(file: Path, **options: Any) -> str:
    """The mode in which a new connection finds itself."""
    plain = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3"}}).databases["default"]
    fresh = DatabaseWrapper({**plain, "NAME": str(file), "OPTIONS": options})
    try:
        with fresh.cursor() as cursor:
            return cursor.execute("PRAGMA journal_mode").fetchone()[0].upper()
    finally:
        fresh.close()


def test_the_owner_sees_it_all_on_a_page(amina, browser_of):
    page = browser_of(amina).get(reverse("health")).content.decode()
    assert "Something needs you" in page
    assert "never checked" in page
    call_command("check_books")
    assert "The shop is well" in browser_of(amina).get(reverse("health")).content.decode()


class TestEvents:
    def test_a_login_is_written_down(self, amina, client):
        client.post(reverse("login"), {"username": "amina", "password": "karibu-duka"})
        event = Event.objects.get(kind=events.LOGGED_IN)
        assert (event.by, event.subject) == (amina, "amina")

    def test_a_lock_out_is_written_down_once(self, amina, client):
        for _ in range(7):
            client.post(reverse("login"), {"username": "amina", "password": "wrong"}, REMOTE_ADDR="10.0.0.5")
        event = Event.objects.get(kind=events.LOCKED_OUT)
        assert (event.subject, event.reason) == ("amina", "Five wrong passwords from 10.0.0.5")

    def test_a_kind_that_is_not_in_the_registry_is_refused(self):
        with pytest.raises(ValueError, match="no kind of event"):
            events.record("prise_changed", by=None)
        assert not Event.objects.exists()

    def test_a_text_that_is_too_long_does_not_stop_the_work(self, amina):
        assert len(events.record(events.OVERRIDDEN, by=amina, subject="x" * 500).subject) == 160
