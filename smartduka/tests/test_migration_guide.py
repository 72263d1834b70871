"""The recipes of CONTRIBUTING, "Changing a table that has rows", that change a table.

The first line of a test's docstring is the recipe that it tries.
"""

import pytest
from django.db import DatabaseError

from smartduka.tests.scratch_app import FILL_SHELF, NAMES, UNIQUE_NAME, run_python, text_column


def test_a_required_field_is_filled_before_it_is_required(stall):
    """Add a required field"""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.stage("0003_fill_shelf", run_python(), code=FILL_SHELF)
    stall.stage("0004_require_shelf", text_column("shelf", operation="AlterField"))
    stall.go("0002")
    stall.objects().filter(name="Ünga").update(shelf="Flour")
    stall.go()
    assert stall.column("shelf") == ["Uncategorised", "Flour", "Uncategorised", "Uncategorised"]
    with pytest.raises(DatabaseError):
        stall.tell("INSERT INTO stall_good (name, shelf) VALUES ('Salt', NULL)")
    stall.goes_back_and_forward_the_same(to="0003")


def test_a_field_required_at_once_is_refused_by_the_database(stall):
    """The control."""
    stall.stage("0002_good_shelf", text_column("shelf", ", null=True"))
    stall.stage("0003_require_shelf", text_column("shelf", operation="AlterField"))
    with pytest.raises(DatabaseError):
        stall.go()
    assert stall.column("name") == NAMES


def test_a_field_and_a_table_keep_their_rows_when_they_are_renamed(stall):
    """Rename a field or a table"""
    stall.stage("0002_rename_name", 'migrations.RenameField("good", "name", "title")')
    stall.stage("0003_rename_good", 'migrations.RenameModel("Good", "Article")')
    stall.go()
    assert [row["title"] for row in stall.rows("Article")] == NAMES
    stall.go("0001")
    assert stall.column("name") == NAMES
    assert stall.broken() == {}


def test_a_field_removed_and_added_under_another_name_is_lost(stall):
    """The control."""
    stall.stage("0002_name_to_title", 'migrations.RemoveField("good", "name")', text_column("title", ", null=True"))
    stall.go()
    assert stall.column("title") == [None] * len(NAMES)
    assert list(stall.broken()) == ["removed_when_optional"]


SPLIT_NAME = """
def fill(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    for good in goods.filter(kind=None).order_by("pk"):
        good.kind, _, good.size = good.name.partition(" ")
        good.save(update_fields=["kind", "size"])

def join(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    for good in goods.filter(name=None).order_by("pk"):
        good.name = f"{good.kind} {good.size}".strip()
        good.save(update_fields=["name"])
"""


def test_a_column_is_split_into_two_and_joined_on_the_way_back(stall):
    """Split a column"""
    stall.stage(
        "0002_kind_and_size",
        text_column("kind", ", null=True"),
        text_column("size", ", null=True"),
        text_column("name", ", null=True", "AlterField"),
    )
    stall.stage("0003_split_name", run_python("join"), code=SPLIT_NAME)
    stall.stage(
        "0004_require_kind_and_size",
        text_column("kind", operation="AlterField"), text_column("size", operation="AlterField"),
        'migrations.RemoveField("good", "name")',
    )  # fmt: skip
    stall.go()
    assert [(row["kind"], row["size"]) for row in stall.rows()] == [
        ("Sugar", "1 kg"),
        ("Ünga", ""),
        ("", ""),
        ("Sugar", "1 kg"),
    ]
    stall.goes_back_and_forward_the_same()


SPLIT_TABLE = """
def fill(apps, schema_editor):
    Kind, Good = (apps.get_model("stall", name) for name in ("Kind", "Good"))
    alias = schema_editor.connection.alias
    for good in Good.objects.using(alias).filter(kind=None).order_by("pk"):
        good.kind, _ = Kind.objects.using(alias).get_or_create(name=good.name)
        good.save(update_fields=["kind"])

def join(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    for good in goods.filter(name=None).select_related("kind").order_by("pk"):
        good.name = good.kind.name
        good.save(update_fields=["name"])
"""


def test_a_table_is_split_in_two_and_joined_on_the_way_back(stall):
    """Split a table"""
    key = 'models.ForeignKey(on_delete=models.PROTECT, to="stall.kind"{})'
    stall.stage(
        "0002_kind",
        'migrations.CreateModel("Kind", [("id", models.BigAutoField(primary_key=True)),'
        ' ("name", models.CharField(max_length=40, unique=True))])',
        f'migrations.AddField("good", "kind", {key.format(", null=True")})',
        text_column("name", ", null=True", "AlterField"),
    )
    stall.stage("0003_fill_kind", run_python("join"), code=SPLIT_TABLE)
    stall.stage(
        "0004_require_kind",
        f'migrations.AlterField("good", "kind", {key.format("")})', 'migrations.RemoveField("good", "name")',
    )  # fmt: skip
    stall.go()
    kinds = dict(stall.objects("Kind").values_list("pk", "name"))
    assert [kinds[row["kind_id"]] for row in stall.rows()] == NAMES
    assert len(kinds) == len(set(NAMES))
    stall.go("0001")
    assert stall.column("name") == NAMES
    assert stall.broken() == {}


MAKE_NAMES_UNIQUE = """
def fill(apps, schema_editor):
    goods = apps.get_model("stall", "Good").objects.using(schema_editor.connection.alias)
    taken = set()
    for good in goods.order_by("pk"):
        if not good.name or good.name in taken:
            good.name = f"{good.name} ({good.pk})".strip()
            good.save(update_fields=["name"])
        taken.add(good.name)
"""
CHECK_NAME = """migrations.AddConstraint("good",
    models.CheckConstraint(condition=~models.Q(name=""), name="good_has_a_name"))"""


def test_a_column_becomes_unique_and_checked_when_its_rows_have_been_put_in_order(stall):
    """Tighten"""
    stall.stage("0002_unique_names", run_python(), code=MAKE_NAMES_UNIQUE)
    stall.stage("0003_require_unique_names", UNIQUE_NAME, CHECK_NAME)
    stall.go()
    orderly = ["Sugar 1 kg", "Ünga", "(3)", "Sugar 1 kg (4)"]
    assert stall.column("name") == orderly
    for name in ("Sugar 1 kg", ""):
        with pytest.raises(DatabaseError):
            stall.tell(f"INSERT INTO stall_good (name) VALUES ('{name}')")
    stall.go("0001")
    assert stall.column("name") == orderly
    stall.go()
    assert stall.column("name") == orderly
    assert stall.broken() == {}


@pytest.mark.parametrize("tightened", [UNIQUE_NAME, CHECK_NAME], ids=["unique", "check"])
def test_a_column_tightened_at_once_is_refused_by_the_database(stall, tightened):
    """The control."""
    stall.stage("0002_strict_names", tightened)
    with pytest.raises(DatabaseError):
        stall.go()
    assert stall.column("name") == NAMES
