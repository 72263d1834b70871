"""The recipes of CONTRIBUTING, "Changing a table that has rows", for where a database stands in its history.

The first line of a test's docstring is the recipe that it tries.
"""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test import override_settings

from smartduka.tests import test_migration_guide
from smartduka.tests.scratch_app import FILL_SHELF, NAME, NAMES, UNIQUE_NAME, run_python, text_column

GUIDE = "## Changing a table that has rows"


def test_two_heads_are_merged_and_a_database_that_has_one_of_them_gets_the_other(stall):
    """Merge two heads"""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.go()
    stall.stage("0002_good_brand", text_column("brand", ", null=True"), after="0001_initial")
    with pytest.raises(CommandError, match="Conflicting migrations"):
        stall.go()
    call_command("makemigrations", NAME, merge=True, interactive=False, name="merge_shelf_and_brand", verbosity=0)
    stall.go()
    assert stall.columns() == {"id", "name", "shelf", "brand"}
    stall.goes_back_and_forward_the_same()


def test_a_stage_is_faked_when_its_change_is_there_already(stall):
    """Fake a stage"""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.stage("0003_fill_shelf", run_python(), code=FILL_SHELF)
    stall.tell("ALTER TABLE stall_good ADD COLUMN shelf varchar(40) NULL")
    with pytest.raises(DatabaseError):
        stall.go()
    stall.go("0002", fake=True)
    stall.go()
    assert stall.column("shelf") == ["Uncategorised"] * len(NAMES)
    stall.goes_back_and_forward_the_same()


def test_a_stage_that_is_faked_when_its_change_is_not_there_is_a_lie_that_can_be_taken_back(stall):
    """The control."""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.go(fake=True)
    with pytest.raises(DatabaseError):
        stall.rows()
    stall.go("0001", fake=True)
    stall.go()
    assert stall.column("shelf") == [None] * len(NAMES)


GUARD = """
from django.conf import settings
from django.core.management.base import CommandError

def refuse_to_lose_shelves(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    lost = goods.exclude(shelf=None).count()
    if lost and not settings.ALLOW_DATA_LOSS:
        raise CommandError(f"Going back would lose the shelves of {lost} goods.")
"""


def test_going_back_keeps_what_the_old_stage_knew_and_asks_before_it_loses_the_rest(stall):
    """Roll back to a stage"""
    guard = run_python("refuse_to_lose_shelves", "migrations.RunPython.noop")
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"), guard, code=GUARD)
    stall.go()
    stall.objects().filter(name="Ünga").update(shelf="Flour")
    newest = stall.rows()
    with pytest.raises(CommandError, match="lose the shelves of 1 goods"):
        stall.go("0001")
    assert stall.rows() == newest
    with override_settings(ALLOW_DATA_LOSS=True):
        stall.go("0001")
    assert stall.column("name") == NAMES
    stall.go()
    assert stall.column("shelf") == [None] * len(NAMES)
    assert stall.broken() == {}


def test_zero_leaves_nothing_and_coming_back_begins_with_nothing(stall):
    """Zero"""
    stall.go("zero")
    assert [table for table in connection.introspection.table_names() if table.startswith(NAME)] == []
    stall.go()
    assert stall.rows() == []


def test_a_stage_that_died_half_way_is_undone_by_hand_where_the_engine_cannot(stall):
    """A stage that died half way"""
    stall.stage("0002_shelf_and_unique_names", text_column("shelf", ", null=True"), UNIQUE_NAME)
    with pytest.raises(DatabaseError):
        stall.go()
    is_half_done = not connection.features.can_rollback_ddl  # MariaDB
    assert ("shelf" in stall.columns()) == is_half_done
    stall.tell("DELETE FROM stall_good WHERE id = 4")
    if is_half_done:
        with pytest.raises(DatabaseError, match="Duplicate column"):
            stall.go()
        stall.tell("ALTER TABLE stall_good DROP COLUMN shelf")
    stall.go()
    assert stall.column("name") == NAMES[:3]
    assert stall.columns() == {"id", "name", "shelf"}


def test_a_stage_of_one_change_never_dies_half_way(stall):
    """The other way out of it: nothing is to be undone by hand."""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.stage("0003_unique_names", UNIQUE_NAME)
    with pytest.raises(DatabaseError):
        stall.go()
    stall.tell("DELETE FROM stall_good WHERE id = 4")
    stall.go()
    assert stall.column("name") == NAMES[:3]


def test_every_recipe_of_the_guide_is_tried_here():
    guide = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f"{GUIDE}\n")[2]
    recipes = re.findall(r"^\*\*(.+?)\*\*", guide.partition("\n## ")[0], re.MULTILINE)
    tests = {**vars(test_migration_guide), **globals()}
    docstrings = [test.__doc__ for name, test in tests.items() if name.startswith("test_")]
    tried = {docstring.splitlines()[0] for docstring in docstrings if docstring}
    assert len(recipes) >= 10
    assert set(recipes) - tried == set()
