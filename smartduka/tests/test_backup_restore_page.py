"""Backups from elsewhere, and the way back to one: what the owner is told before, and what is never let in."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from smartduka import events
from smartduka.backups import uploads
from smartduka.models import Event
from smartduka.tests.backedup import a_backup_of_now, figures_now, page_of, something_sold
from smartduka.tests.backupfiles import a_backup, names_in
from smartduka.tests.builders import diary, what_is_written

pytestmark = pytest.mark.django_db

ANOTHER = "sqlite" if connection.vendor != "sqlite" else "postgresql"
"""Engine than that of this shop."""


# --- One from elsewhere ----------------------------------------------------------------------------------------


def a_file(path: Path, name: str = "from the stick.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, path.read_bytes(), "application/zip")


def test_an_upload_is_checked_kept_under_its_own_name_and_shown(office, backup_dir, tmp_path):
    a_backup(tmp_path / "elsewhere")
    response = office.post("/backups/upload/", {"file": a_file(tmp_path / "elsewhere")})
    (name,) = names_in(backup_dir)
    assert name == "smartduka-20261120T104512Z-sqlite.zip"
    assert response.headers["Location"] == f"/backups/{name}/"
    assert (backup_dir / name).read_bytes() == (tmp_path / "elsewhere").read_bytes()
    assert (backup_dir / name).stat().st_mode & 0o077 == 0
    assert [entry[:2] for entry in diary()] == [("backup_uploaded", name)]


def test_what_became_of_an_upload_is_said(office, backup_dir, tmp_path):
    a_backup(tmp_path / "elsewhere")
    response = office.post("/backups/upload/", {"file": a_file(tmp_path / "elsewhere")}, follow=True)
    assert "The file is whole, and kept. The shop is as it was" in response.content.decode()


def test_a_page_that_told_of_a_bad_upload_can_be_loaded_again(office, backup_dir):
    response = office.get("/backups/upload/")
    assert (response.status_code, response.headers["Location"]) == (302, "/backups/")


def test_the_same_upload_is_kept_once(office, backup_dir, tmp_path):
    a_backup(tmp_path / "elsewhere")
    addresses = {
        office.post("/backups/upload/", {"file": a_file(tmp_path / "elsewhere")}).headers["Location"] for _ in "ab"
    }
    assert len(addresses) == len(names_in(backup_dir)) == 1


def test_a_bad_upload_is_refused_by_its_own_name_and_nothing_is_kept(office, backup_dir, tmp_path):
    a_backup(tmp_path / "elsewhere")
    whole = (tmp_path / "elsewhere").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    page = office.post("/backups/upload/", {"file": a_file(tmp_path / "half", "half.zip")}).content.decode()
    assert "half.zip cannot be used as a backup" in page
    assert str(tmp_path) not in page.partition("errorlist")[2].partition("</ul>")[0]
    assert names_in(backup_dir) == []
    assert diary() == []


def test_no_file_and_too_large_a_file_are_refused_in_a_sentence(office, backup_dir, tmp_path, monkeypatch):
    a_backup(tmp_path / "elsewhere")
    monkeypatch.setattr(uploads, "LARGEST", 100)
    for sent in ({}, {"file": a_file(tmp_path / "elsewhere")}):
        assert (
            "No file arrived. Choose a backup of at most 2 GB"
            in office.post("/backups/upload/", sent).content.decode()
        )
    assert names_in(backup_dir) == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("smartduka.backups.uploads.shutil.copyfileobj", "(No space left on device). See to that"),
        ("django.core.files.uploadhandler.TemporaryUploadedFile.write", "No file arrived. Choose a backup"),
    ],
)
def test_an_upload_onto_a_full_disk_is_refused_in_a_sentence_and_leaves_nothing(
    office, backup_dir, tmp_path, monkeypatch, place, said
):
    def full(*words: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    a_backup(tmp_path / "elsewhere")
    monkeypatch.setattr(place, full, raising=False)
    assert said in office.post("/backups/upload/", {"file": a_file(tmp_path / "elsewhere")}).content.decode()
    assert names_in(backup_dir) == []
    assert diary() == []


@pytest.mark.parametrize("address", ["/backups/upload/", "/login/", "/till/session/"])
@pytest.mark.parametrize("is_guarded", [True, False], ids=["rule", "control"])
def test_what_anybody_but_an_owner_sends_never_reaches_the_disk(
    backup_dir, settings, otieno, tmp_path, address, is_guarded
):
    """The control: Django's own handler writes it down, before any page asks who sent it."""
    spool = tmp_path / "spool"
    spool.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = spool
    written: list[str] = []
    if not is_guarded:
        settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    for user in (None, otieno):
        client = Client(enforce_csrf_checks=True)
        if user:
            client.force_login(user)
        token = client.get("/login/").cookies["csrftoken"].value
        request = {"file": SimpleUploadedFile("huge.zip", b"x" * 1000), "csrfmiddlewaretoken": token}
        response = client.post(address, request)
        written += [each.name for each in response.wsgi_request.FILES.values()]
        assert response.status_code != 500
    assert bool(written) is not is_guarded
    assert names_in(backup_dir) == []


# --- The way back ----------------------------------------------------------------------------------------------


def test_before_a_restore_the_owner_sees_what_would_be_gone_and_what_comes_back(office, backup_dir, amina, otieno):
    something_sold("Bread", by=amina)
    told = figures_now()
    a_backup_of_now(backup_dir, figures=type(told)({**told.rows, "customers.Customer": 4}, newest=told.newest))
    (name,) = names_in(backup_dir)
    something_sold("Sugar", by=otieno)
    response = office.get(f"/backups/{name}/")
    changes = {
        change.kind: (change.then, change.now, change.lost, change.gained) for change in response.context["changes"]
    }
    assert changes == {
        "Sales": (1, 2, 1, 0),
        "Goods receipts": (1, 2, 1, 0),
        "Products": (1, 2, 1, 0),
        "Customers": (4, 0, 0, 4),
        "People who work here": (2, 2, 0, 0),
    }
    page = " ".join(response.content.decode().split())
    assert "1 sale, 1 goods receipt and 1 product written since then would be gone." in page
    assert "Everybody is logged out" in page


def test_what_would_be_gone_is_asked_once_of_each_kind(office, backup_dir, django_assert_num_queries):
    path = a_backup_of_now(backup_dir)
    with django_assert_num_queries(12):
        page_of(office, f"/backups/{path.name}/")


@pytest.mark.parametrize("typed", ["RESTORE", " restore ", "Duka la Amina", "duka  la amina"])
def test_a_restore_begins_when_its_word_or_the_name_of_the_shop_is_typed(office, backup_dir, begun, typed):
    path = a_backup_of_now(backup_dir)
    response = office.post(f"/backups/{path.name}/", {"typed": typed})
    assert response.headers["Location"] == "/backups/"
    assert begun == [("restore", str(path), "--no-input", "amina")]
    assert [entry[:2] for entry in diary()] == [("restore_asked", path.name)]


@pytest.mark.parametrize("typed", ["", "RESTOR", "yes", "Duka"])
def test_any_other_word_restores_nothing_and_says_so(office, backup_dir, begun, typed):
    path = a_backup_of_now(backup_dir)
    before = what_is_written()
    page = office.post(f"/backups/{path.name}/", {"typed": typed}).content.decode()
    assert (
        "This is neither RESTORE nor Duka la Amina" if typed else "Nothing was typed, and nothing was changed."
    ) in page
    assert begun == []
    assert what_is_written() == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"migrations": (("sales", "0099_next_year"),)}, "a newer SmartDuka made it (0.5.0, sales.0099_next_year); "),
        ({"engine": ANOTHER}, "only a portable backup (backup --portable) goes from one to the other."),
    ],
)
def test_what_cannot_be_restored_here_says_so_and_is_not_begun(office, backup_dir, begun, changes, said):
    path = a_backup_of_now(backup_dir, **changes)
    assert said in page_of(office, f"/backups/{path.name}/")
    page = office.post(f"/backups/{path.name}/", {"typed": "RESTORE"}).content.decode()
    assert said in page
    assert begun == []


def test_what_is_wrong_is_brought_into_sight(office, backup_dir):
    path = a_backup_of_now(backup_dir)
    field = '<input type="text" name="typed"'
    for sent, has_focus in (({}, False), ({"typed": "restaurant"}, True)):
        page = (office.post if sent else office.get)(f"/backups/{path.name}/", sent).content.decode()
        assert ("autofocus" in page.partition(field)[2].partition(">")[0]) is has_focus
    for ask, address, has_focus in ((office.get, "/backups/", False), (office.post, "/backups/upload/", True)):
        page = ask(address).content.decode()
        assert ("autofocus" in page.partition('<input type="file"')[2].partition(">")[0]) is has_focus


def test_a_portable_backup_of_another_engine_can_be_restored(office, backup_dir):
    path = a_backup_of_now(backup_dir, kind="portable", engine="postgresql")
    assert "Type RESTORE" in page_of(office, f"/backups/{path.name}/")


def test_the_backup_of_another_shop_is_named_as_such(office, backup_dir):
    path = a_backup_of_now(backup_dir, shop="Duka la Juma")
    assert "This is the backup of another shop: Duka la Juma." in page_of(office, f"/backups/{path.name}/")


def test_all_of_this_shop_would_be_gone_for_the_backup_of_another(office, backup_dir, amina):
    something_sold("Bread", by=amina)
    for shop, lost in (("Duka la Amina", 0), ("Duka la Juma", 1)):
        path = a_backup_of_now(backup_dir, shop=shop)
        response = office.get(f"/backups/{path.name}/")
        assert {change.lost for change in response.context["changes"]} == {lost}
        path.unlink()
    page = " ".join(response.content.decode().split())
    assert "1 sale, 1 goods receipt, 1 product and 1 person who works here would be gone." in page


def test_looking_at_backups_writes_nothing_down(office, backup_dir):
    path = a_backup_of_now(backup_dir)
    for address in ("/backups/", f"/backups/{path.name}/"):
        assert office.get(address).status_code == 200
    assert not Event.objects.exclude(kind=events.LOGGED_IN).exists()
