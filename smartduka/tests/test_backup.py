"""A backup is whole, holds what the shop held, can be restored, and tells so."""

import json
import stat
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

import smartduka
from inventory.models import Product
from sales.models import Sale
from smartduka.backups import archive, shelf
from smartduka.databases import append_only, rows, schema
from smartduka.databases.figures import Figures
from smartduka.databases.native import ProgramFailedError, programs, sqllines
from smartduka.tests.duka import Duka

KINDS = [pytest.param((), id="native"), pytest.param(("--portable",), id="portable")]


@pytest.fixture
def shelf_folder(duka: Duka, tmp_path: Path) -> Path:
    return tmp_path / "backups"


def backup(folder: Path, *options: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("backup", "--to", str(folder), *options, stdout=said)
    return said.getvalue()


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("options", KINDS)
def test_a_backup_tells_everything_about_itself(duka, shelf_folder, options):
    said = backup(shelf_folder, *options)

    file = only_file(shelf_folder)
    assert said.splitlines()[-1].startswith("It was tried out")
    assert str(file) in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf_folder.stat().st_mode) == 0o700
    with archive.reading(file) as found:
        manifest = found.manifest
    assert manifest.kind == ("portable" if options else "native")
    assert (manifest.version, manifest.shop) == (smartduka.__version__, "Duka la Amina")
    assert (manifest.engine, manifest.cause, manifest.is_verified) == (connection.vendor, "by hand", True)
    assert manifest.has_checked_books
    assert list(manifest.migrations) == schema.applied()
    assert datetime.now(UTC) - manifest.made_at < timedelta(minutes=1)
    assert manifest.figures.rows["sales.Sale"] == Sale.objects.count()
    assert manifest.figures.newest["sales.Sale"] == Sale.objects.latest("pk").pk
    total = sum(Sale.objects.values_list("total", flat=True))
    assert manifest.figures.sums["sales.Sale.total"] == f"{total:.2f}"


@pytest.mark.parametrize("options", [(*kind.values[0], "--no-verify") for kind in KINDS])
def test_nobody_stays_logged_in_or_locked_out_in_a_backup(duka, shelf_folder, options):
    key = uuid.uuid4().hex
    Session.objects.create(session_key=key, session_data="secret", expire_date=datetime(2030, 1, 1, tzinfo=UTC))
    AccessAttempt.objects.create(username=key, ip_address="127.0.0.1", failures_since_start=5)
    backup(shelf_folder, *options)
    with zipfile.ZipFile(only_file(shelf_folder)) as file:
        assert not [name for name in file.namelist() if key.encode() in file.read(name)]
    assert Session.objects.filter(pk=key).exists()
    assert AccessAttempt.objects.filter(username=key).exists()


def test_a_portable_backup_is_lines_of_json_in_natural_order(duka, shelf_folder):
    backup(shelf_folder, "--portable", "--no-verify")
    with zipfile.ZipFile(only_file(shelf_folder)) as file:
        names = file.namelist()
        products = [json.loads(line) for line in file.read("models/inventory.Product.jsonl").splitlines()]
    assert names.index("models/inventory.Category.jsonl") < names.index("models/inventory.Product.jsonl")
    assert names.index("models/sales.Sale.jsonl") < names.index("models/sales.SaleLine.jsonl")
    bread = Product.objects.get()
    assert products[0]["name"] == "Bread 400 g 🍞"
    assert products[0]["selling_price"] == "60.00"
    assert datetime.fromisoformat(products[0]["created_at"]) == bread.created_at


def test_what_was_uploaded_is_in_it(duka, shelf_folder, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "goods").mkdir(parents=True)
    (settings.MEDIA_ROOT / "goods" / "bread.jpg").write_bytes(b"a picture")
    backup(shelf_folder, "--no-verify")
    with archive.reading(only_file(shelf_folder)) as found, found.open("media/goods/bread.jpg") as picture:
        assert picture.read() == b"a picture"


@contextmanager
def forgetting_an_event() -> Iterator[None]:
    """A way back on which a row is lost."""
    write = rows.write

    def forget_one(model: Any, some: Any, using: str) -> None:
        write(model, some[:-1] if model._meta.label == "smartduka.Event" else some, using)

    with patch.object(rows, "write", forget_one):
        yield


def test_a_copy_that_is_not_what_was_copied_is_not_kept(duka, shelf_folder):
    with forgetting_an_event(), pytest.raises(CommandError, match=r"The copy is not what was copied"):
        backup(shelf_folder, "--portable")
    assert list(shelf_folder.iterdir()) == []


def test_without_holding_the_figures_against_each_other_nobody_would_notice(duka, shelf_folder):
    """The control."""
    with forgetting_an_event(), patch.object(Figures, "differences", return_value=iter([])):
        backup(shelf_folder, "--portable")
    assert shelf.newest_verified(shelf_folder, datetime.now(UTC))


def test_what_was_not_tried_out_is_not_called_verified(duka, shelf_folder):
    assert "It was not tried out." in backup(shelf_folder, "--no-verify")
    assert shelf.newest_verified(shelf_folder, datetime.now(UTC)) is None


def test_books_that_do_not_tie_out_are_kept_and_said(duka, shelf_folder):
    with append_only.lifted():
        Product.objects.update(stock_quantity=1)
    try:
        with pytest.raises(CommandError, match=r"not sound, as in the shop\. The books do not tie out in 1 place: "):
            backup(shelf_folder)
    finally:
        with append_only.lifted():
            Product.objects.update(stock_quantity=duka.stock())
    with archive.reading(only_file(shelf_folder)) as found:
        assert not found.manifest.is_verified


def test_a_folder_that_is_not_there_is_a_sentence(duka, tmp_path):
    with pytest.raises(CommandError, match=r"is not there\. Plug the stick in"):
        backup(tmp_path / "stick" / "backups")


def test_an_empty_name_of_a_folder_is_not_taken_for_this_one(duka, tmp_path, monkeypatch):
    """As in `backup --to "$STICK"`, where nobody said which stick."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="it is empty; name a folder, such as /media/stick"):
        call_command("backup", "--to", "", stdout=StringIO())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_leads_to_itself_is_refused_in_a_sentence(duka, tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CommandError, match=r"loop is no folder\. Name another one for the backups\."):
        backup(tmp_path / "loop")


# --- Without the server's programs ---------------------------------------------------------------------------


def missing(*names: str) -> str:
    raise FileNotFoundError(names[0])


def too_old(*names: Any, **options: Any) -> str:
    raise ProgramFailedError("pg_dump failed: server version: 18.4; pg_dump version: 15.20.")


FAILURES = [
    pytest.param("path_of", missing, "is not installed on this computer", id="missing"),
    pytest.param("run", too_old, "server version: 18.4; pg_dump version: 15.20", id="too old"),
]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no program for its backups")
@pytest.mark.parametrize(("name", "failure", "why"), FAILURES)
def test_where_the_servers_programs_fail_a_backup_is_a_portable_one(
    duka, shelf_folder, monkeypatch, name, failure, why
):
    monkeypatch.setattr(programs, name, failure)
    said = backup(shelf_folder)
    assert why in said
    assert "So this backup is a portable one." in said
    with archive.reading(only_file(shelf_folder)) as found:
        assert (found.manifest.kind, found.manifest.is_verified) == ("portable", True)


@pytest.mark.skipif(connection.vendor != "mysql", reason="only of MariaDB a copy is SQL, which is looked at")
@pytest.mark.parametrize("is_tried", [True, False])
def test_where_a_copy_could_not_be_restored_a_backup_is_a_portable_one(duka, shelf_folder, monkeypatch, is_tried):
    """Also the one of what is there before a restore, which nobody tries out."""
    monkeypatch.setattr(sqllines, "strange_line", lambda copy: "SET future = 1;")
    said = backup(shelf_folder, "--verify" if is_tried else "--no-verify")
    assert "holds a line that is not the shop’s: 'SET future = 1;'" in said
    with archive.reading(only_file(shelf_folder)) as found:
        assert (found.manifest.kind, found.manifest.is_verified) == ("portable", is_tried)
