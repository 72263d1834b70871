"""A shop is brought up to date only after its migrations went well on a copy, and with a backup from just before."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations import AddConstraint, Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.models import CheckConstraint, Q
from django.test import override_settings

from smartduka import events, upgrading
from smartduka.backups import shelf
from smartduka.backups.shelf import Backup
from smartduka.databases import append_only, schema, scratch
from smartduka.databases.figures import Figures, figures_of
from smartduka.databases.native import programs
from smartduka.databases.schema import Stage
from smartduka.management.commands import open_shop
from smartduka.tests.duka import Duka

WAITING = [("sales", "9001_fill_what_nobody_knew"), ("sales", "9002_clean_notes")]
"""Planted. The first does to rows what a test wants; the second adds a rule, which old rows may break."""

Code = Callable[[Any, Any], None]
Standing = tuple[list[Stage], Figures, list[str]]


@pytest.fixture(autouse=True)
def fills(duka: Duka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Code]]:
    """The program has two more migrations than the shop; this is what the first does."""
    newest = dict(MigrationLoader(None).graph.leaf_nodes("sales"))["sales"]
    fills, load_disk = list[Code](), MigrationLoader.load_disk

    def load_disk_and_more(loader: MigrationLoader) -> None:
        load_disk(loader)
        loader.disk_migrations |= dict(planted(newest, fills))

    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk_and_more)
    with override_settings(BACKUP_DIR=tmp_path / "backups"):
        yield fills
    call_command("migrate", "sales", newest, verbosity=0)
    write_note("")


def planted(newest: str, fills: list[Code]) -> Iterator[tuple[Stage, Migration]]:
    def fill(apps: Any, schema_editor: Any) -> None:
        for each in fills:
            each(apps, schema_editor)

    clean = CheckConstraint(condition=~Q(note="dirty"), name="sale_note_is_clean")
    operations = [RunPython(fill, RunPython.noop), AddConstraint("sale", clean)]
    for (_, name), parent, operation in zip(WAITING, [newest, WAITING[0][1]], operations, strict=True):
        words = {"__module__": "planted", "__doc__": "Fill what nobody knew.\n\nNobody asked."}
        migration = type("Planted", (Migration,), words)(name, "sales")
        migration.dependencies, migration.operations = [("sales", parent)], [operation]
        yield ("sales", name), migration


def write_note(note: str) -> None:
    """Into the oldest sale; "dirty" is what the second of the migrations does not bear."""
    with append_only.lifted(), connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id) FROM sales_sale")
        cursor.execute("UPDATE sales_sale SET note = %s WHERE id = %s", [note, *cursor.fetchone()])


FIVE_MORE = "UPDATE sales_sale SET total = total + 5, subtotal = subtotal + 5"
LOST_TABLE = "ALTER TABLE sales_payment RENAME TO sales_lost"
FIVE_LESS = "UPDATE sales_sale SET total = total - 5, subtotal = subtotal - 5"


def forge(statement: str) -> None:
    with append_only.lifted(), connection.cursor() as cursor:
        cursor.execute(statement)


def upgrade(*options: str) -> str:
    said = StringIO()
    call_command("upgrade", *options, stdout=said)
    return said.getvalue()


def standing() -> Standing:
    """Every row of the shop, its stage, and the triggers that it misses."""
    stages = schema.applied()
    return stages, figures_of(schema.models(stages), "default", told=lambda _: None), append_only.missing()


def backups() -> list[Backup]:
    return shelf.backups(settings.BACKUP_DIR)


def test_a_shop_is_upgraded_after_a_verified_backup_and_a_rehearsal(duka: Duka) -> None:
    before = schema.applied()
    said = upgrade()

    assert schema.waiting() == []
    assert append_only.missing() == []
    (backup,) = backups()
    assert (backup.is_verified, backup.manifest.cause, backup.manifest.kind) == (True, "before upgrade", "native")
    assert not backup.has_checked_books
    assert list(backup.manifest.migrations) == before
    assert "sales.9002_clean_notes – tightens: adds a rule to Sale\n" in said
    assert said.index("Rehearsing") < said.index("sales.9002_clean_notes 0.") < said.index("Bringing the shop")
    assert said.count("sales.9001_fill_what_nobody_knew ") == 3  # planned, rehearsed, done
    assert "its books tie out" in said
    assert str(backup.path) in said.splitlines()[-1]
    assert duka.sell().number


def test_the_plan_only_shows_what_waits_and_what_it_risks() -> None:
    before = standing()
    said = upgrade("--plan").splitlines()

    assert said == [
        "2 migrations wait:",
        "  sales.9001_fill_what_nobody_knew – fills: fill what nobody knew",
        "  sales.9002_clean_notes – tightens: adds a rule to Sale",
        "Of these words,",
        "  fills: old rows are written to",
        "  tightens: it stops where an old row breaks the new rule",
    ]
    assert standing() == before
    assert backups() == []


def test_where_nothing_waits_nothing_is_done() -> None:
    call_command("migrate", verbosity=0)
    assert upgrade() == upgrade("--plan") == "The shop is up to date: nothing waits.\n"
    assert backups() == []


def test_a_migration_that_old_rows_break_stops_on_the_copy_and_leaves_the_shop_as_it_was() -> None:
    write_note("dirty")
    before = standing()

    with pytest.raises(CommandError) as refusal:
        upgrade()

    (backup,) = backups()
    assert str(refusal.value).startswith("sales.9002_clean_notes fails (")
    assert "sale_note_is_clean" in str(refusal.value)
    assert f"The shop is as it was, and a backup of it is {backup.path}." in str(refusal.value)
    assert standing() == before
    assert backup.is_verified


def without_rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "_rehearse", lambda *args, **options: set())


def test_without_the_rehearsal_it_leaves_the_shop_half_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    write_note("dirty")
    without_rehearsal(monkeypatch)

    with pytest.raises(CommandError):
        upgrade()

    assert schema.waiting() == WAITING[1:]


def test_a_failure_in_the_shop_itself_names_the_restore_which_brings_it_back_up_to_date(
    duka: Duka, fills: list[Code]
) -> None:
    times = iter([False, True])

    def break_off_the_second_time(apps: Any, schema_editor: Any) -> None:
        if next(times, False):
            raise ValueError("the disk is broken")

    fills.append(break_off_the_second_time)
    stock = duka.stock()

    with pytest.raises(CommandError) as refusal:
        upgrade()

    (backup,) = backups()
    assert "9001_fill_what_nobody_knew fails (the disk is broken), though it went well on a copy." in str(
        refusal.value
    )
    assert f"manage.py restore {backup.path} brings the shop back" in str(refusal.value)
    call_command("restore", str(backup.path), "--no-input", stdout=StringIO())
    assert schema.waiting() == []
    assert append_only.missing() == []
    duka.sell()
    assert duka.stock() == stock - 1


def test_books_that_a_migration_would_upset_stop_the_upgrade_unless_that_is_accepted(fills: list[Code]) -> None:
    fills.append(lambda apps, schema_editor: schema_editor.connection.cursor().execute(FIVE_MORE))
    before = standing()

    with pytest.raises(CommandError, match=r"(?s)Sale .*Afterwards the books would not tie out.*upgrade --despite"):
        upgrade()
    assert standing() == before

    assert "in its books, as on the copy" in upgrade("--despite-differences")
    forge(FIVE_LESS)


def test_a_migration_after_which_nobody_can_check_the_books_stops_the_upgrade(fills: list[Code]) -> None:
    fills.append(lambda apps, schema_editor: schema_editor.connection.cursor().execute(LOST_TABLE))
    before = standing()

    with pytest.raises(CommandError, match=r"cannot be checked afterwards \(.*sales_.*The shop is as it was"):
        upgrade()

    assert standing() == before


def test_books_that_did_not_tie_out_before_do_not_keep_a_shop_from_its_upgrade() -> None:
    forge(FIVE_MORE)
    try:
        assert "in its books, as on the copy" in upgrade()
    finally:
        forge(FIVE_LESS)


def test_a_shop_that_is_open_meanwhile_is_not_upgraded(monkeypatch: pytest.MonkeyPatch) -> None:
    def rehearse_while_somebody_works(*args: Any, **options: Any) -> set[str]:
        events.record(events.LOGGED_IN, by=None, subject="otieno")
        return set()

    monkeypatch.setattr(upgrading, "_rehearse", rehearse_while_somebody_works)

    with pytest.raises(CommandError, match="Somebody works in the shop: close it"):
        upgrade()

    assert schema.waiting() == WAITING


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no program for its backups")
def test_without_the_servers_programs_the_backup_is_a_portable_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*names: str) -> str:
        raise FileNotFoundError(names[0])

    monkeypatch.setattr(programs, "path_of", nothing)
    without_rehearsal(monkeypatch)
    said = upgrade()

    (backup,) = backups()
    assert (backup.manifest.kind, backup.is_verified) == ("portable", True)
    assert "is not installed on this computer" in said
    assert schema.waiting() == []


def test_an_account_that_may_not_make_a_copy_is_told_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*where: Any) -> Any:
        raise scratch.NoScratchError("The account may not make a database.")

    monkeypatch.setattr(scratch, "fresh_database", refused)

    with pytest.raises(CommandError, match=r"may not make a database\. To go without: .* --no-verify"):
        upgrade()

    assert (backups(), schema.waiting()) == ([], WAITING)


def test_who_only_starts_the_shop_gets_the_same_care(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(open_shop, "serve", lambda *where, **options: served.append(where))
    write_note("dirty")

    with pytest.raises(CommandError, match="The shop is as it was"):
        call_command("open_shop", stdout=StringIO())

    assert (served, schema.waiting()) == ([], WAITING)
    assert [backup.manifest.cause for backup in backups()] == ["before upgrade"]
