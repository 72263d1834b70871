"""A copy of a database by the engine's own means: whole, private, and without what is not the shop's."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connections

from inventory.models import Category
from sales.models import Sale
from smartduka.databases import append_only
from smartduka.databases.native import CopyFailedError
from smartduka.tests.native import OF_THE_MOMENT, OURS, SECRET, build, copy_of, databases, everything, known_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(trading: str) -> Iterator[str]:
    with known_as("live", trading) as alias:
        yield alias


@pytest.fixture
def loaded(trading_copy: Path, tmp_path: Path) -> Iterator[str]:
    """The name of a database into which a copy of the shop was loaded."""
    with databases(tmp_path, "copy"):
        OURS.load("copy", trading_copy)
        yield "copy"


def test_a_copy_holds_every_row_and_every_rule(live, loaded):
    assert everything(loaded) == everything(live)
    assert build(loaded) == build(live)
    assert Sale.objects.using(loaded).exists()


def test_a_copy_takes_rows_as_before_and_has_no_programs(live, loaded):
    assert "append_only_sales_sale_update" in append_only.missing(loaded)
    append_only.install(loaded)
    assert append_only.missing(loaded) == []
    newest = Category.objects.using(live).latest("pk").pk
    assert Category.objects.using(loaded).create(name="Mboga").pk == newest + 1


def test_what_is_of_the_moment_stays_behind(live, loaded, trading_copy):
    assert [model._meta.label for model in OF_THE_MOMENT if not model.objects.using(live).exists()] == []
    assert [model._meta.label for model in OF_THE_MOMENT if model.objects.using(loaded).exists()] == []
    assert SECRET.encode() not in trading_copy.read_bytes()


def test_a_copy_that_leaves_nothing_out_would_hold_it(live, tmp_path):
    OURS.dump(live, tmp_path / "all", without_rows=[])
    with databases(tmp_path, "copy"):
        OURS.load("copy", tmp_path / "all")
        assert Session.objects.using("copy").get().session_key == SECRET
        assert AccessAttempt.objects.using("copy").get().username == SECRET


def test_only_its_owner_may_read_a_copy(trading_copy):
    assert stat.S_IMODE(trading_copy.stat().st_mode) == 0o600


def test_a_copy_never_takes_the_place_of_a_file(live, tmp_path):
    there = tmp_path / f"live-{OURS.member}"
    there.write_text("older")
    with pytest.raises(CopyFailedError, match="exists"):
        copy_of(live, tmp_path)
    assert there.read_text() == "older"
    assert [file.name for file in tmp_path.iterdir()] == [there.name]


def test_a_copy_that_was_cut_short_is_refused(trading_copy, tmp_path):
    whole, cut = trading_copy.read_bytes(), tmp_path / OURS.member
    for part in (0, 0.1, 0.5, 0.9, 0.999):
        cut.write_bytes(whole[: int(len(whole) * part)])
        with databases(tmp_path, "copy"), pytest.raises(CopyFailedError) as refused:
            OURS.load("copy", cut)
        assert "\n" not in str(refused.value)


def test_what_others_keep_on_a_server_is_not_copied(trading_copy, tmp_path):
    with databases(tmp_path, "other", "copy"):
        OURS.load("other", trading_copy)
        with connections["other"].cursor() as cursor:
            cursor.execute("CREATE TABLE notes_of_others (note integer)")
        OURS.load("copy", copy_of("other", tmp_path))
        tables = connections["copy"].introspection.table_names()
    # A SQLite file is the shop's as a whole.
    assert ("notes_of_others" in tables) == (connections["default"].vendor == "sqlite")
    assert Sale._meta.db_table in tables
