"""The history keeps the house rules; and each rule sees the stage that breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from smartduka.tests import migration_rules as rules
from smartduka.tests.history import history_of
from smartduka.tests.scratch_app import INITIAL, NAME, Stall, a_stall

FILL_PHONE = """
def fill(apps, schema_editor):
    apps.get_model("stall", "Good").objects.filter(phone=None).update(phone="")
"""


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_history_keeps(rule: rules.Rule):
    assert rule(history_of(*rules.LIVING)) == []


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def stall(tmp_path: Path) -> Iterator[Stall]:
    with a_stall(tmp_path) as stall:
        stall.stage("0001_initial", INITIAL)
        yield stall


def add(options: str = "", more: str = "") -> str:
    return f'migrations.AddField("good", "phone", models.CharField(max_length=30{options}){more})'


def alter(options: str = "") -> str:
    return f'migrations.AlterField("good", "phone", models.CharField(max_length=30{options}))'


def run(code: str = "fill", reverse: str = "migrations.RunPython.noop") -> str:
    return f"migrations.RunPython({code}, {reverse})"


def test_a_new_required_column_in_three_stages_keeps_every_rule(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    stall.stage("0003_fill_phone", run(), code=FILL_PHONE)
    stall.stage("0004_require_phone", alter())
    assert stall.broken() == {}


def test_a_name_of_djangos_own_making_is_seen(stall):
    stall.stage("0002_auto_20260623_0900", add(", null=True"))
    assert stall.broken() == {"names_tell": ["stall.0002_auto_20260623_0900: the name does not tell what it does"]}


@pytest.mark.parametrize("filling", [run(), 'migrations.RunSQL("UPDATE stall_good SET name = name", "")'])
def test_rows_and_tables_in_one_stage_are_seen(stall, filling):
    stall.stage("0002_phone_at_once", add(", null=True"), filling, code=FILL_PHONE)
    assert stall.broken() == {
        "rows_and_tables_apart": ["stall.0002_phone_at_once: a stage fills rows or changes tables, never both"]
    }


def test_rows_and_tables_are_seen_also_where_they_are_done_apart_from_the_models(stall):
    apart = f"migrations.SeparateDatabaseAndState([{run()}], [{add(', null=True')}])"
    stall.stage("0002_phone_apart", apart, code=FILL_PHONE)
    assert list(stall.broken()) == ["rows_and_tables_apart"]


@pytest.mark.parametrize(
    "stuck", ["migrations.RunPython(fill)", 'migrations.RunSQL("UPDATE stall_good SET name = name")']
)
def test_a_stage_without_a_way_back_is_seen(stall, stuck):
    stall.stage("0002_fill_names", stuck, code=FILL_PHONE)
    assert stall.broken() == {"there_is_a_way_back": ["stall.0002_fill_names: it cannot be undone"]}


def test_two_heads_are_seen_until_they_are_merged(stall):
    stall.stage("0002_good_phone", add(", null=True"), after="0001_initial")
    stall.stage("0002_good_shelf", add(", null=True").replace("phone", "shelf"), after="0001_initial")
    assert stall.broken() == {"one_head": ["stall: 0002_good_phone and 0002_good_shelf are to be merged"]}
    call_command("makemigrations", NAME, merge=True, interactive=False, name="merge_phone_and_shelf", verbosity=0)
    assert stall.broken() == {}


def test_code_that_lives_on_is_seen(stall):
    stall.stage("0002_good_phone", add(", null=True"), code="from customers import phones")
    assert stall.broken() == {"leans_on_nothing_living": ["stall.0002_good_phone: it imports code that lives on"]}


def test_a_guard_that_is_asked_too_late_is_seen(stall):
    guard = run("migrations.RunPython.noop", "fill")
    stall.stage("0002_good_phone", guard, add(", null=True"), code=FILL_PHONE)
    assert stall.broken() == {
        "guards_are_asked_first": ["stall.0002_good_phone: its guard is asked when half of it is undone"]
    }


@pytest.mark.parametrize(
    "invented",
    [
        add(),
        add(", blank=True"),  # for which Django would write an empty text
        add(", default='0712'", ", preserve_default=False"),
        add(", default='0712', unique=True"),
    ],
)
def test_a_value_that_nobody_chose_is_seen(stall, invented):
    stall.stage("0002_good_phone", invented)
    assert stall.broken() == {
        "no_invented_values": ["stall.0002_good_phone: good.phone gives old rows a value that nobody chose"]
    }


@pytest.mark.parametrize("honest", [add(", null=True"), add(", default=''"), add(", db_default=''")])
def test_a_column_that_is_empty_or_has_the_default_of_every_new_row_is_let_through(stall, honest):
    stall.stage("0002_good_phone", honest)
    assert stall.broken() == {}


def test_a_column_required_without_a_stage_that_fills_it_is_seen(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    stall.stage("0003_require_phone", alter(", default=''"))
    assert stall.broken() == {
        "tightened_when_filled": ["stall.0003_require_phone: good.phone is required before a stage has filled it"]
    }


def test_a_stage_that_fills_another_column_does_not_count(stall):
    stall.stage("0002_good_phone", add(", null=True"), add(", null=True").replace("phone", "shelf"))
    stall.stage("0003_fill_phone", run(), code=FILL_PHONE)
    stall.stage("0004_require_both", alter(), alter().replace("phone", "shelf"))
    assert stall.broken() == {
        "tightened_when_filled": ["stall.0004_require_both: good.shelf is required before a stage has filled it"]
    }


def test_a_stage_that_fills_a_column_before_it_can_be_empty_does_not_count(stall):
    stall.stage("0002_good_phone", add(", default=''"))
    stall.stage("0003_fill_phone", run(), code=FILL_PHONE)
    stall.stage("0004_optional_phone", alter(", null=True"))
    stall.stage("0005_require_phone", alter())
    assert "tightened_when_filled" in stall.broken()


def test_a_stage_that_may_come_after_does_not_count(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    stall.stage("0003_fill_phone", run(), code=FILL_PHONE)
    stall.stage("0003_require_phone", alter(), after="0002_good_phone")
    assert "tightened_when_filled" in stall.broken()


def test_a_column_made_optional_without_a_way_back_is_seen(stall):
    stall.stage("0002_optional_name", alter(", null=True").replace("phone", "name"))
    assert stall.broken() == {"loosened_with_a_way_back": ["stall.0002_optional_name: good.name has no way back"]}


def test_a_column_made_optional_whose_way_back_fills_it_is_let_through(stall):
    stall.stage("0002_optional_name", alter(", null=True").replace("phone", "name"))
    stall.stage("0003_clear_name", run(reverse="fill"), code=FILL_PHONE.replace("phone", "name"))
    assert stall.broken() == {}


def test_a_required_column_that_is_removed_is_seen(stall):
    stall.stage("0002_forget_names", 'migrations.RemoveField("good", "name")')
    assert stall.broken() == {
        "removed_when_optional": ["stall.0002_forget_names: good.name is removed while it is required"]
    }


def test_a_column_is_followed_through_its_names(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    stall.stage("0003_rename_phone", 'migrations.RenameField("good", "phone", "number")')
    stall.stage("0004_require_number", alter().replace("phone", "number"))
    assert list(stall.broken()) == ["tightened_when_filled"]


def test_what_would_be_lost_on_the_way_back_without_a_question_is_seen(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    assert rules.asks_before_it_loses(history_of(NAME)) == ["stall.0002_good_phone: phone is lost on the way back"]


def test_a_guard_of_the_same_or_a_later_stage_is_a_question(stall):
    guard = run("migrations.RunPython.noop", "fill")
    stall.stage("0002_good_phone", add(", null=True"), guard, code=FILL_PHONE)
    stall.stage("0003_good_shelf", add(", null=True").replace("phone", "shelf"))
    stall.stage("0004_keep_shelf", guard, code=FILL_PHONE)
    assert rules.asks_before_it_loses(history_of(NAME)) == []


def test_what_a_later_stage_writes_again_needs_no_question(stall):
    stall.stage("0002_good_phone", add(", null=True"))
    stall.stage("0003_fill_phone", run(), code=FILL_PHONE)
    assert rules.asks_before_it_loses(history_of(NAME)) == []
