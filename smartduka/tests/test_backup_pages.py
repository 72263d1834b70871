"""The owner's backups: how old the last one is, one to take along, one from elsewhere, and the way back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from smartduka import events
from smartduka.backups import errands
from smartduka.backups.errands import Errand
from smartduka.refusals import Refusal
from smartduka.tests.backedup import a_backup_of_now, figures_now, page_of, something_sold
from smartduka.tests.backupfiles import a_backup
from smartduka.tests.builders import diary

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# --- How the shop stands ---------------------------------------------------------------------------------------


def test_a_shop_without_a_backup_is_told_how_to_make_one(office, amina):
    something_sold("Bread", by=amina)
    page = page_of(office)
    assert "<strong>There is none.</strong> Back up now." in page
    assert "No backups yet" in page


def test_the_last_verified_backup_is_shown_with_its_age(office, backup_dir, amina):
    something_sold("Bread", by=amina)
    a_backup_of_now(backup_dir, age=timedelta(hours=3))
    a_backup_of_now(backup_dir, age=timedelta(hours=1), is_verified=False)
    page = page_of(office)
    assert "3 hours ago</p>" in page
    assert "it holds the whole shop" in page
    assert page.count("unproven</span>") == 1
    assert 'class="notice error"' not in page


def test_of_books_that_an_upgrade_has_to_check_the_page_does_not_say_that_they_tie_out(office, backup_dir):
    made = a_backup_of_now(backup_dir, cause="before upgrade", has_checked_books=False)
    assert '<span class="badge good">tried in part</span>' in page_of(office)
    assert "its books are checked when it is restored" in page_of(office, f"/backups/{made.name}/")


def test_of_a_backup_whose_books_may_have_been_found_wrong_no_page_says_that_nobody_tried_it(office, backup_dir):
    """One that was tried, and kept because the shop's own books do not tie out either, is not told from others."""
    made = a_backup_of_now(backup_dir, cause="daily", is_verified=False, has_checked_books=False)
    assert "Unproven: it was not tried out, or its books do not tie out." in page_of(office)
    assert "<dd>no, or its books do not tie out;" in page_of(office, f"/backups/{made.name}/")


def test_a_backup_of_another_shop_is_listed_under_its_name(office, backup_dir):
    a_backup_of_now(backup_dir)
    assert ", of Duka" not in page_of(office)
    a_backup_of_now(backup_dir, shop="Duka la Juma")
    assert "By hand, of Duka la Juma</td>" in page_of(office)


def test_a_backup_is_red_when_it_is_a_day_old_and_the_shop_traded_since(office, backup_dir, amina):
    something_sold("Bread", by=amina)
    a_backup_of_now(backup_dir, age=DAY + timedelta(minutes=1))
    assert "too old" not in page_of(office)

    something_sold("Sugar", by=amina)
    page = page_of(office)
    assert '<span class="badge bad">too old</span>' in page
    assert "The last one is 1 day old, and the shop has traded since." in page


def test_setup_leads_to_the_backups_that_need_the_owner(office, backup_dir, amina, django_assert_num_queries):
    needs = 'Backups <span class="badge bad">need you</span>'
    something_sold("Bread", by=amina)
    assert needs in page_of(office, "/setup/")
    a_backup_of_now(backup_dir)
    with django_assert_num_queries(6):
        assert needs not in page_of(office, "/setup/")


def test_a_backup_of_today_is_not_red_though_the_shop_traded_since(office, backup_dir, amina):
    a_backup_of_now(backup_dir, age=DAY - timedelta(minutes=1))
    something_sold("Bread", by=amina)
    page = page_of(office)
    assert "too old" not in page
    assert "What was written since then is not in it." in page


def test_that_somebody_logs_in_is_no_trade_and_a_changed_price_is(office, backup_dir, amina):
    a_backup_of_now(backup_dir, age=2 * DAY)
    events.record(events.LOGGED_IN, by=amina, subject="amina")
    events.books_checked(0)
    assert "too old" not in page_of(office)
    events.record(events.PRICE_CHANGED, by=amina, subject="Bread", before="65", after="70")
    assert "too old" in page_of(office)


def test_the_page_asks_the_database_7_times_however_many_lie_there(office, backup_dir, django_assert_num_queries):
    for days in range(4):
        a_backup_of_now(backup_dir, age=days * DAY)
        with django_assert_num_queries(7):
            page_of(office)


def test_books_of_another_time_are_not_taken_for_those_of_the_backup(office, backup_dir, amina):
    """After a restore the newest rows are older than those of a backup that was made before it."""
    something_sold("Bread", by=amina)
    told = figures_now()
    ahead = {label: key + 5 for label, key in told.newest.items()}
    a_backup_of_now(backup_dir, age=2 * DAY, figures=type(told)(rows=told.rows, newest=ahead))
    assert "too old" in page_of(office)


def test_a_damaged_backup_is_listed_with_what_is_wrong_with_it(office, backup_dir):
    (backup_dir / "smartduka-20261101T120000Z-sqlite.zip").write_bytes(b"")
    page = page_of(office)
    assert "It is empty." in page
    assert '<span class="badge bad">unusable</span>' in page
    assert "One cannot be used, smartduka-20261101T120000Z-sqlite.zip: it is empty." in page


def test_a_folder_that_cannot_be_used_is_said_and_how_to_cure_it(office, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.BACKUP_DIR = tmp_path / "file"
    assert "is no folder. Name another one for the backups." in page_of(office)


# --- A new one -------------------------------------------------------------------------------------------------


def test_back_up_now_begins_a_backup_and_leads_to_how_far_it_is(office, begun):
    response = office.post("/backups/new/")
    assert (response.status_code, response.headers["Location"]) == (302, "/backups/")
    assert begun == [("backup", "amina")]


def test_while_one_is_under_way_another_is_refused_in_a_sentence(office, monkeypatch):
    def busy(*words: str, **more: str) -> None:
        raise Refusal("busy", "Another backup or restore is under way.")

    monkeypatch.setattr(errands, "begin", busy)
    assert "Another backup or restore is under way." in office.post("/backups/new/", follow=True).content.decode()


def show_errand(monkeypatch: pytest.MonkeyPatch, *lines: str, command: str = "backup", **ended: Any) -> None:
    errand = Errand(command, "", "amina", timezone.now(), **ended)
    monkeypatch.setattr(errands, "last", lambda: errand)
    errands.lines_file().write_text("\n".join(lines), encoding="utf-8")


def test_the_page_of_a_running_errand_shows_its_steps_and_loads_itself_again(office, monkeypatch):
    show_errand(monkeypatch, "Copying the books", "Counted 25,000 rows", "Counted 31,000 rows")
    response = office.get("/backups/")
    assert response.headers["Refresh"] == "2"
    page = response.content.decode()
    assert "<li>Copying the books</li>" in page
    assert "<li>Counted 31,000 rows</li>" in page
    assert "12 rows of sales" not in page
    assert "Back up now" not in page


def test_the_page_of_an_errand_that_ended_stands_still_and_says_what_came_of_it(office, monkeypatch):
    show_errand(monkeypatch, "Copying the books", "Verified.", ended_at=timezone.now())
    response = office.get("/backups/")
    assert "Refresh" not in response.headers
    assert "<strong>Backed up in 0 s.</strong> Verified." in response.content.decode()


def test_an_errand_that_failed_says_why_in_the_words_of_the_command(office, monkeypatch):
    show_errand(monkeypatch, command="restore", ended_at=timezone.now(), trouble="The disk is full. Make room.")
    page = page_of(office)
    assert "<strong>The restore failed.</strong> The disk is full. Make room." in page
    assert "Refresh" not in office.get("/backups/").headers


def test_what_came_of_it_yesterday_is_no_news(office, monkeypatch):
    show_errand(monkeypatch, "Verified.", ended_at=timezone.now() - DAY)
    assert "Backed up in" not in page_of(office)


# --- One to take along -----------------------------------------------------------------------------------------


def test_a_backup_is_downloaded_as_it_lies_there_and_that_is_written_down(office, backup_dir):
    path = a_backup_of_now(backup_dir)
    response = office.post(f"/backups/{path.name}/download/")
    assert b"".join(response.streaming_content) == path.read_bytes()
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{path.name}"'
    assert response.headers["Content-Length"] == str(path.stat().st_size)
    assert [entry[:2] for entry in diary()] == [("backup_downloaded", path.name)]
    assert "Downloaded by Amina" in page_of(office)


@pytest.mark.parametrize(
    "name",
    ["..", "../db.sqlite3", "%2e%2e%2fdb.sqlite3", "..%2Fdb.sqlite3", "%2Fetc%2Fpasswd", ".hid.zip", "no.zip"],
)
def test_a_name_leads_nowhere_but_to_what_lies_on_the_shelf(office, backup_dir, name):
    for secret in (backup_dir.parent / "db.sqlite3", backup_dir / ".hid.zip", backup_dir / "secret.txt"):
        a_backup(secret)
    assert office.post(f"/backups/{name}/download/").status_code in (404, 405)
    assert office.get(f"/backups/{name}/").status_code in (302, 404)
    assert diary() == []


def test_whoever_asks_for_a_backup_that_went_meanwhile_is_told_where_the_others_are(office, backup_dir):
    """As on a page that was opened yesterday, when it was still needed."""
    for answer in (office.get("/backups/gone.zip/"), office.post("/backups/gone.zip/", {"typed": "RESTORE"})):
        assert answer.status_code == 404
        assert "This backup is not there any more" in answer.content.decode()


def test_a_damaged_backup_can_neither_be_taken_along_nor_restored(office, backup_dir, begun):
    (backup_dir / "bad.zip").write_bytes(b"PK")
    assert office.post("/backups/bad.zip/download/").status_code == 404
    assert office.post("/backups/bad.zip/", {"typed": "RESTORE"}).status_code == 404
    assert begun == []
