"""A shop whose database is gone or emptied is never made a new one in silence."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from sales.models import Sale
from smartduka import presence
from smartduka.databases import scratch
from smartduka.databases.aliases import working_in
from smartduka.databases.outages import Outage
from smartduka.databases.scratch import fresh_database
from smartduka.tests.duka import a_duka, file_of
from smartduka.tests.losing import COMMANDS, a_lasting_database, a_verified_backup, open_a_shop, refusal_of


@pytest.fixture
def url(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock(), a_lasting_database(tmp_path) as url:
        yield url


def delete(url: str) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        file_of(url).unlink(missing_ok=True)
    else:
        scratch._drop(url, str(connection.settings_dict["NAME"]))


def empty(url: str) -> None:
    delete(url)
    if connection.vendor == "sqlite":
        file_of(url).touch()
    else:
        scratch._make(url, str(connection.settings_dict["NAME"]))


def is_nothing(url: str) -> bool:
    """Whether there is not even a table."""
    if connection.vendor == "sqlite":
        file = file_of(url)
        return not file.exists() or file.stat().st_size == 0
    try:
        return connection.introspection.table_names() == []
    except OperationalError:
        return True


@pytest.mark.parametrize("lose", [delete, empty])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_shop_that_is_gone_is_named_with_its_newest_backup_and_nothing_is_made_in_its_place(
    url: str, lose: Callable[[str], None], command: tuple[str, ...]
) -> None:
    open_a_shop()
    backup = a_verified_backup()
    lose(url)

    said = refusal_of(*command)

    assert "There was a shop in " in said
    assert "and now there is none. " in said
    assert ("make an empty one of that name" in said) == (connection.vendor != "sqlite")
    assert "Restore the newest verified backup, of 19 Jan 2026, 18:04: " in said
    assert f"manage.py restore {backup}. For a new shop instead: " in said
    assert said.endswith("manage.py migrate --new-shop")
    assert is_nothing(url)


def test_without_the_question_a_new_empty_shop_appears(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    open_a_shop()
    empty(url)
    monkeypatch.setattr(presence, "make_sure", lambda *args, **options: None)

    call_command("migrate", "auth", verbosity=0)

    assert not is_nothing(url)


def test_where_there_is_no_backup_the_sentence_says_so(url: str) -> None:
    open_a_shop()
    empty(url)

    said = refusal_of("migrate")

    assert f"No verified backup lies in {settings.BACKUP_DIR}. Restore one that you have elsewhere: " in said
    assert "manage.py restore FILE" in said


def test_a_backup_of_another_engine_is_no_cure(url: str) -> None:
    open_a_shop()
    a_verified_backup(engine="sqlite" if connection.vendor != "sqlite" else "postgresql")
    empty(url)

    assert f"No verified backup lies in {settings.BACKUP_DIR}" in refusal_of("migrate")


def test_a_new_shop_begins_where_one_was_only_when_that_is_asked_for(url: str) -> None:
    open_a_shop()
    empty(url)

    call_command("migrate", "auth", "--new-shop", verbosity=0)
    call_command("migrate", "auth", verbosity=0)

    assert "django_content_type" in connection.introspection.table_names()


def test_a_shop_is_restored_into_the_database_that_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), a_duka(tmp_path) as duka, override_settings(DATA_DIR=tmp_path):
        monkeypatch.setattr(scratch, "PREFIX", "of_tests_")
        presence.remember()
        call_command("backup", "--no-verify", stdout=StringIO())
        (backup,) = duka.backups.glob("*.zip")
        stock = duka.stock()
        empty(duka.url)
        assert "There was a shop" in refusal_of("migrate")
        (tmp_path / "shop.json").unlink()

        call_command("restore", str(backup), "--no-input", stdout=StringIO())

        assert list(record()) == [presence._name("default")]
        call_command("migrate", verbosity=0)
        duka.sell()
        assert duka.stock() == stock - 1


# --- Of any other command ----------------------------------------------------------------------------------


def test_an_error_is_told_by_what_is_wrong_with_the_database(url: str) -> None:
    with pytest.raises(DatabaseError, match="sales_sale") as no_table:
        Sale.objects.exists()
    said = presence.told(no_table.value)
    assert "sales_sale" in said
    assert "\n" not in said
    assert "migrations wait, so bring the shop up to date first: " in said
    open_a_shop()
    empty(url)
    assert presence.told(no_table.value).startswith("There was a shop in ")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL takes on another role in a session")
def test_who_may_not_look_into_the_books_is_told_that_and_not_that_they_are_gone(url: str) -> None:
    open_a_shop()
    stranger = f"stranger_{url[-8:]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {stranger}")
        cursor.execute(f"SET ROLE {stranger}")
        try:
            presence.make_sure()
            with pytest.raises(DatabaseError) as denied:
                MigrationRecorder(connection).migration_qs.exists()
            told = presence.told(denied.value)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP ROLE {stranger}")
    assert told == f"permission denied for table django_migrations. {Outage.KEPT_OUT.value}"


def test_a_mistake_in_the_program_is_no_sentence(url: str) -> None:
    assert presence.told(IntegrityError("UNIQUE constraint failed")) == ""


# --- How it is known that there was one --------------------------------------------------------------------


def record() -> dict[str, str]:
    return json.loads((settings.DATA_DIR / "shop.json").read_text(encoding="utf-8"))["shops"]


def test_whoever_migrates_or_opens_a_shop_leaves_a_record_that_names_its_database(url: str) -> None:
    call_command("migrate", "auth", verbosity=0)

    (name,) = record()

    if connection.vendor == "sqlite":
        assert name == file_of(url).name  # from the data folder, which may move
    else:
        assert name.endswith(f"/{connection.settings_dict['NAME']}")
        assert "@" not in name
        assert name.startswith(connection.vendor)


def test_the_password_is_not_in_the_record(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret-of-the-shop")
    assert "s3cret" not in presence._name("default")


def test_a_database_that_never_held_a_shop_may_become_one(url: str) -> None:
    """After DATABASE_URL was changed to a new one, for example."""
    open_a_shop()
    a_verified_backup()
    with fresh_database(settings.DATA_DIR) as other, working_in(other):
        call_command("migrate", "auth", verbosity=0)


def test_a_new_clone_begins_without_a_word(url: str) -> None:
    empty(url)

    call_command("migrate", "auth", verbosity=0)


@pytest.mark.parametrize("torn", [None, "", "{", "[]", '{"shops": 1}'])
def test_where_the_record_is_gone_a_verified_backup_tells_that_there_was_a_shop(url: str, torn: str | None) -> None:
    if torn is not None:
        (settings.DATA_DIR / "shop.json").write_text(torn, encoding="utf-8")
    backup = a_verified_backup()

    assert f"restore {backup}" in refusal_of("migrate")


def test_where_there_is_no_shop_yet_there_is_no_backup_to_be_taken_for_one(url: str) -> None:
    assert refusal_of("backup") == "There is no shop in the database yet, and nothing to back up."
    assert not settings.BACKUP_DIR.exists()


def test_a_plan_makes_no_shop_and_leaves_no_record(url: str) -> None:
    call_command("migrate", "--plan", stdout=StringIO())
    assert not (settings.DATA_DIR / "shop.json").exists()


def test_scratch_databases_are_neither_recorded_nor_missed(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_verified_backup()
    with fresh_database(settings.DATA_DIR) as other, working_in(other):
        call_command("migrate", "auth", verbosity=0)
    assert not (settings.DATA_DIR / "shop.json").exists()


def test_a_record_that_cannot_be_written_stops_nobody(url: str) -> None:
    (settings.DATA_DIR / "shop.part").mkdir()

    open_a_shop()

    assert not (settings.DATA_DIR / "shop.json").exists()


def test_a_shop_that_is_there_costs_one_question(url: str) -> None:
    open_a_shop()

    with CaptureQueriesContext(connection) as asked:
        presence.make_sure()

    assert len([each for each in asked if "django_migrations" in each["sql"]]) == len(asked) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file does not answer or not")
def test_a_server_that_does_not_answer_is_an_outage_as_before(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_a_shop()
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", 1)

    presence.make_sure()
    assert "does not answer" in refusal_of("open_shop")
