"""Backups by hand and thumb: one is made while the page tells how far it is, and one is gone back to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import DjangoDbBlocker

from sales.models import Sale
from smartduka import backup_views
from smartduka.backups import errands, shelf
from smartduka.backups.errands import Errand
from smartduka.open_shops import OpenShop, open_shop
from smartduka.tests.backedup import a_backup_of_now, something_sold
from smartduka.tests.duka import Duka, a_duka
from smartduka.tests.load.counters import PASSWORD, pages_prepared_once
from smartduka.tests.test_browser_pages import TOO_SMALL, look

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds for the work of another process."""


@pytest.fixture
def duka(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Duka]:
    with django_db_blocker.unblock(), a_duka(tmp_path) as duka:
        yield duka


@pytest.fixture
def opened(duka: Duka) -> Iterator[OpenShop]:
    with pages_prepared_once(duka.folder), open_shop(duka.url, duka.folder) as shop:
        yield shop


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_backups_are_accessible_fit_a_phone_and_have_nothing_inline(
    backup_dir, shop, goods, amina, page_of, live_server, monkeypatch, scheme
):
    lost = a_backup_of_now(backup_dir, age=timedelta(days=3))
    something_sold("Bread", by=amina)
    a_backup_of_now(backup_dir, age=timedelta(days=2), is_verified=False)
    (backup_dir / "smartduka-20261101T120000Z-sqlite.zip").write_bytes(b"")
    page = page_of(amina)
    page.emulate_media(color_scheme=scheme)
    running = Errand("backup", "", "amina", timezone.now())
    monkeypatch.setattr(backup_views, "SECONDS_BETWEEN_LOOKS", 600)
    wrong = {}
    for errand in (None, running, replace(running, trouble="The disk is full.")):
        errands.lines_file().write_text("Copying the books\nUnpacking\n", encoding="utf-8")
        monkeypatch.setattr(errands, "last", lambda errand=errand: errand)
        for path in ("/backups/", f"/backups/{lost.name}/"):
            page.goto(live_server.url + path)
            wrong[path, errand] = look(page) + page.evaluate(TOO_SMALL)
    assert {where: said for where, said in wrong.items() if said} == {}


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill("amina")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_an_owner_backs_up_sells_and_goes_back(duka, opened, browser_page):
    page = browser_page
    page.goto(f"http://127.0.0.1:{opened.port}/backups/")
    log_in(page)

    page.get_by_role("button", name="Back up now").click()
    expect(page.get_by_role("heading", name="Backing up")).to_be_visible()
    expect(page.get_by_text("Backed up in")).to_be_visible(timeout=PATIENCE)
    (backup,) = shelf.backups(duka.backups)
    assert backup.is_verified

    before = Sale.objects.count()
    duka.sell()
    page.get_by_role("table").get_by_role("link").click()
    expect(page.get_by_text("1 sale written since then would be gone.")).to_be_visible()
    page.get_by_label("Type RESTORE").fill("restaurant")
    page.get_by_role("button", name="Restore this backup").click()
    expect(page.get_by_text("This is neither RESTORE nor Duka la Amina.")).to_be_visible()
    assert Sale.objects.count() == before + 1

    page.get_by_label("Type RESTORE").fill("RESTORE")
    page.get_by_role("button", name="Restore this backup").click()
    page.wait_for_url("**/login/**", timeout=PATIENCE)
    assert Sale.objects.count() == before
    log_in(page)
    expect(page.get_by_text("Everybody logs in again.")).to_be_visible(timeout=PATIENCE)
    assert [each.manifest and each.manifest.cause for each in shelf.backups(duka.backups)] == [
        "before restore",
        "by hand",
    ]
    duka.sell()
    assert Sale.objects.count() == before + 1
