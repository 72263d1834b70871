"""What was backed up comes back, whole, and anything else is refused with the books untouched."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from inventory.models import Product
from sales.models import Sale
from smartduka import events
from smartduka.backups import restoring, shelf
from smartduka.databases import aliases, append_only, locks, schema, scratch
from smartduka.models import Event, Shop
from smartduka.tests.builders import NOON, what_is_written
from smartduka.tests.duka import Duka, digests

KINDS = [pytest.param((), id="native"), pytest.param(("--portable",), id="portable")]


@pytest.fixture(autouse=True)
def backups(duka: Duka, tmp_path: Path) -> Iterator[Path]:
    """The shelf of one test."""
    with override_settings(BACKUP_DIR=tmp_path / "backups"):
        yield settings.BACKUP_DIR


def back_up(*options: str) -> Path:
    call_command("backup", *options, stdout=StringIO())
    return shelf.backups(settings.BACKUP_DIR)[0].path


def restore(file: Path, *options: str) -> str:
    said = StringIO()
    call_command("restore", str(file), "--no-input", *options, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("options", KINDS)
def test_the_books_are_what_they_were_and_the_shop_goes_on(duka, options):
    last = duka.sell()
    file, before = back_up(*options), digests()
    duka.sell()
    Product.objects.update(name="Renamed since")
    Session.objects.create(session_key=uuid.uuid4().hex, session_data="", expire_date=NOON)

    said = restore(file)

    assert digests() == before
    assert said.splitlines()[-1].startswith("The books are those of")
    told = Event.objects.latest("pk")
    assert (told.kind, told.subject) == (events.RESTORED, file.name)
    assert f"{told.after}. Everybody logs in again." == said.splitlines()[-1].replace(
        "The books are those", "The books"
    )
    assert not Session.objects.exists()  # everybody logs in again
    sale = duka.sell()
    assert sale.pk == last.pk + 1
    assert_the_database_refuses(
        f"UPDATE sales_saleline SET line_total = 1 WHERE sale_id = {sale.pk}",
        f"DELETE FROM sales_sale WHERE id = {sale.pk}",
        "UPDATE inventory_product SET stock_quantity = stock_quantity + 1",
    )
    call_command("check_books", stdout=StringIO())


def assert_the_database_refuses(*changes: str) -> None:
    assert append_only.missing() == []
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_what_was_there_before_is_a_backup_too(duka, backups):
    file = back_up("--no-verify")
    lost = duka.sell()
    said = restore(file)
    assert not Sale.objects.filter(client_ref=lost.client_ref).exists()

    safety = next(each for each in shelf.backups(backups) if each.manifest.cause == "before restore")
    assert str(safety.path) in said
    restore(safety.path)
    assert Sale.objects.filter(client_ref=lost.client_ref).exists()


def test_a_dry_run_checks_everything_and_changes_nothing(duka, backups):
    file = back_up()
    duka.sell()
    before = what_is_written()
    assert "can be restored. Nothing was changed." in restore(file, "--dry-run")
    assert what_is_written() == before
    assert len(shelf.backups(backups)) == 1


@contextmanager
def another_laptop(folder: Path) -> Iterator[str]:
    """On which nothing is yet."""
    with scratch.fresh_database(folder, aliases.url_of()) as url, aliases.working_in(url):
        yield "default"


@pytest.mark.parametrize("options", KINDS)
def test_a_backup_of_an_older_smartduka_is_brought_up_to_date(duka, options, tmp_path):
    with another_laptop(tmp_path) as alias:
        stages = [("inventory", "0003_product_sku"), ("customers", "0001_initial"), ("smartduka", "0001_initial")]
        schema.bring_to(stages, alias)
        (old,) = [each for each in schema.models(schema.applied()) if each._meta.label == "inventory.Product"]
        old._base_manager.create(name="Old", buying_price=5, selling_price=7, stock_quantity=4, sku=" x ")
        file = back_up("--no-verify", *options)
    with another_laptop(tmp_path):
        restore(file)
        product = Product.objects.get()
        assert (product.name, product.sku, product.stock_quantity) == ("Old", "X", 4)
        assert schema.waiting() == []
        assert append_only.missing() == []
        call_command("check_books", stdout=StringIO())


def test_of_books_that_an_upgrade_has_to_check_nobody_says_that_they_tie_out(duka, tmp_path):
    said = StringIO()
    with another_laptop(tmp_path) as alias:
        schema.bring_to([("inventory", "0003_product_sku"), ("smartduka", "0001_initial")], alias)
        call_command("backup", stdout=said)
    (backup, *_) = shelf.backups(settings.BACKUP_DIR)
    assert (backup.is_verified, backup.has_checked_books) == (True, False)
    assert said.getvalue().splitlines()[-1].endswith("Its books are checked by the upgrade that waits.")


def test_a_backup_goes_onto_a_laptop_where_nothing_is(duka, tmp_path):
    file, before = back_up(), digests()
    with another_laptop(tmp_path):
        said = restore(file)
        assert digests() == before
    assert "What was there before" not in said


def refused(file: Path, sentence: str) -> None:
    before = what_is_written()
    with pytest.raises(CommandError, match=sentence) as refusal:
        restore(file)
    assert "Nothing was touched" in str(refusal.value)
    assert what_is_written() == before


def test_books_that_do_not_tie_out_are_refused_unless_they_are_all_there_is(duka, tmp_path):
    with append_only.lifted():
        Product.objects.update(stock_quantity=1)
    file = back_up("--no-verify")
    with append_only.lifted():
        Product.objects.update(stock_quantity=duka.stock())
    unsound = r"its books are not sound\. The books do not tie out in 1 place: Product "
    refused(file, rf"{unsound}.* the same: .*manage.py restore .*{file.name} --despite-differences")
    with another_laptop(tmp_path):
        restore(file, "--despite-differences")
        assert Product.objects.get().stock_quantity == 1


def test_nobody_may_sell_between_the_safety_backup_and_the_change(duka):
    file = back_up()
    make = restoring.making.make

    def and_sell(*args: Any, **options: Any) -> Any:
        made = make(*args, **options)
        duka.sell()
        return made

    sales = Sale.objects.count()
    with patch.object(restoring.making, "make", and_sell), pytest.raises(CommandError, match="The shop is selling"):
        restore(file)
    assert Sale.objects.count() == sales + restoring.TRIES


def test_a_sale_that_the_safety_backup_does_not_hold_stops_the_change(duka, backups):
    a_picture(duka, "of then")
    file = back_up("--no-verify")
    sales, keep = Sale.objects.count(), restoring._keep

    def and_sell(*args: Any) -> Any:
        kept = keep(*args)
        duka.sell()
        return kept

    picture = a_picture(duka, "of today")
    with patch.object(restoring, "_keep", and_sell), pytest.raises(CommandError, match="The shop is selling"):
        restore(file)
    assert Sale.objects.count() == sales + 1
    assert append_only.missing() == []
    assert files_in(picture.parent) == {"bread.jpg": "of today"}


def a_picture(duka: Duka, content: str) -> Path:
    """What somebody uploaded."""
    picture = duka.folder / "media" / "goods" / "bread.jpg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(content, encoding="utf-8")
    return picture


def files_in(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()}


def test_what_was_uploaded_comes_back_with_the_books_and_newer_files_stay(duka):
    picture = a_picture(duka, "of then")
    file = back_up("--no-verify")
    a_picture(duka, "of today")
    (picture.parent / "milk.jpg").write_text("of today", encoding="utf-8")
    restore(file)
    assert files_in(duka.folder / "media") == {"bread.jpg": "of then", "milk.jpg": "of today"}


def test_another_restore_takes_no_uploaded_file_away(duka):
    picture = a_picture(duka, "of then")
    file, alone = back_up("--no-verify"), locks.exclusive

    @contextmanager
    def after_another_one() -> Iterator[None]:
        with patch.object(locks, "exclusive", alone):
            restore(file)
        a_picture(duka, "of today")
        with alone():
            yield

    with patch.object(locks, "exclusive", after_another_one):
        restore(file)
    assert files_in(picture.parent)["bread.jpg"] == "of then"


def test_where_an_uploaded_file_cannot_be_put_the_books_are_said_to_be_restored(duka):
    picture = a_picture(duka, "of then")
    file, before = back_up("--no-verify"), digests()
    duka.sell()
    picture.unlink()
    (picture / "album").mkdir(parents=True)
    with pytest.raises(CommandError) as refused:
        restore(file)
    picture.joinpath("album").rmdir()
    picture.rmdir()
    assert str(refused.value).startswith("The books were restored, but not every uploaded file: ")
    assert str(picture) in str(refused.value)
    assert digests() == before


@pytest.mark.parametrize("answer", ["", "yes", "RESTORE IT"])
def test_whoever_is_asked_sees_what_it_is_and_another_word_changes_nothing(duka, monkeypatch, answer):
    file, said, before = back_up(), StringIO(), (digests(), what_is_written())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    with pytest.raises(CommandError, match=r"^Nothing was changed\.$"):
        call_command("restore", str(file), stdout=said)
    assert said.getvalue().startswith(f"A backup of {Shop.current().name}, made ")
    assert (digests(), what_is_written()) == before


def test_whoever_ends_the_question_is_told_that_nothing_was_changed(duka, monkeypatch):
    """Ctrl-D is one of the ways out of it."""
    file = back_up()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    with pytest.raises(CommandError, match=r"^Nothing was changed\.$"):
        call_command("restore", str(file), stdout=StringIO())


def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(duka):
    with pytest.raises(CommandError, match=r"^File name too long: a{300}\.zip\. Nothing was changed\.$"):
        restore(Path("a" * 300 + ".zip"))


def test_nobody_is_asked_about_a_file_that_is_none(duka, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", pytest.fail)
    with pytest.raises(CommandError, match="it is not there"):
        call_command("restore", str(tmp_path / "stick" / "lost.zip"))


def test_nobody_is_asked_in_a_script(duka):
    with pytest.raises(CommandError, match="add --no-input"):
        call_command("restore", str(back_up()))
