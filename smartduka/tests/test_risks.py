"""What a migration does and risks is read from its operations, in people's words."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from smartduka.risks import Risk, step


def migration_of(*does: Operation, name: str = "0002_change", words: str = "") -> Migration:
    kind = type("Planted", (Migration,), {"__module__": "planted", "__doc__": words})
    migration = kind(name, "stall")
    migration.operations = list(does)
    return migration


def before() -> ProjectState:
    """A stall sells fruit of a kind."""
    state = ProjectState()
    state.add_model(ModelState("stall", "Kind", [("id", models.AutoField(primary_key=True))]))
    columns: dict[str, Any] = {
        "id": models.AutoField(primary_key=True),
        "name": models.CharField(max_length=40),
        "sku": models.CharField(max_length=40, null=True),
        "price": models.DecimalField(max_digits=10, decimal_places=2),
        "kind": models.ForeignKey("stall.Kind", models.PROTECT),
        "count": models.IntegerField(unique=True),
    }
    indexes = {"indexes": [models.Index(fields=["name"], name="by_name")]}
    rule = models.CheckConstraint(condition=models.Q(count__gt=0), name="some")
    state.add_model(ModelState("stall", "Fruit", list(columns.items()), {**indexes, "constraints": [rule]}))
    return state


def told(*does: Operation) -> str:
    return str(step(migration_of(*does), before())).removeprefix("stall.0002_change – ")


def altered(name: str, field: Any) -> str:
    return told(operations.AlterField("fruit", name, field))


NOTE = models.TextField(default="")
RULE = models.UniqueConstraint(fields=["name"], name="once")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (operations.CreateModel("Crate", []), "adds: adds the table Crate"),
        (operations.AddField("fruit", "note", NOTE), "adds: adds note to Fruit"),
        (operations.AddIndex("fruit", models.Index(fields=["sku"], name="s")), "adds: adds an index to Fruit"),
        (operations.RemoveIndex("fruit", "by_name"), "loosens: removes an index of Fruit"),
        (operations.RenameIndex("fruit", "by_n", old_name="by_name"), "loosens: renames an index of Fruit"),
        (operations.RemoveConstraint("fruit", "some"), "loosens: lifts a rule of Fruit"),
        (operations.AddConstraint("fruit", RULE), "tightens: adds a rule to Fruit"),
        (operations.RenameModel("Fruit", "Fruits"), "renames: renames Fruit to Fruits"),
        (operations.RenameField("fruit", "sku", "code"), "renames: renames Fruit.sku to code"),
        (operations.AlterModelTable("fruit", "t"), "renames: renames the table of Fruit in the database"),
        (operations.RemoveField("fruit", "sku"), "drops: drops sku from Fruit"),
        (operations.DeleteModel("Fruit"), "drops: drops the table Fruit with all its rows"),
        (operations.AlterModelOptions("fruit", {}), "words: changes names or order of Fruit"),
        (operations.RunPython(operations.RunPython.noop), "words: guards the way back"),
        (operations.RunPython(lambda apps, editor: None), "fills: writes to rows"),
        (operations.RunSQL("DROP TABLE x"), "runs: writes to rows"),
        (operations.SeparateDatabaseAndState(), "words: changes nothing"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Operation) else "",
)
def test_each_operation_is_told_with_its_risk(operation: Operation, words: str) -> None:
    assert told(operation) == words


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("sku", models.CharField(max_length=40), "tightens: lets Fruit.sku no longer be empty"),
        ("name", models.CharField(max_length=30), "tightens: lets Fruit.name hold 30 characters at most"),
        ("name", models.CharField(max_length=40, unique=True), "tightens: wants Fruit.name different in each row"),
        (
            "price",
            models.DecimalField(max_digits=9, decimal_places=2),
            "tightens: lets Fruit.price hold fewer digits",
        ),
        (
            "price",
            models.DecimalField(max_digits=12, decimal_places=1),
            "tightens: lets Fruit.price hold fewer digits",
        ),
        ("count", models.TextField(unique=True), "tightens: keeps Fruit.count as TextField"),
        ("kind", models.ForeignKey("stall.Fruit", models.PROTECT), "tightens: lets Fruit.kind refer to stall.fruit"),
        ("name", models.CharField(max_length=40, null=True), "loosens: lets Fruit.name hold more than before"),
        ("name", models.CharField(max_length=90), "loosens: lets Fruit.name hold more than before"),
        ("count", models.IntegerField(), "loosens: lets Fruit.count hold more than before"),
        ("name", models.CharField(max_length=40, db_column="n"), "renames: renames Fruit.name in the database"),
        (
            "name",
            models.CharField(max_length=40, blank=True, help_text="As on the crate."),
            "words: changes what people read or may type at Fruit.name",
        ),
    ],
)
def test_a_column_is_held_against_what_it_was(name: str, field: Any, words: str) -> None:
    assert altered(name, field) == words


def test_of_all_that_a_migration_does_the_gravest_is_its_risk() -> None:
    words = told(
        operations.AddField("fruit", "note", NOTE),
        operations.AddField("fruit", "grower", NOTE),
        operations.AlterModelOptions("fruit", {}),
        operations.RemoveField("fruit", "sku"),
    )
    assert words == "drops: adds note and grower to Fruit; drops sku from Fruit"


def test_a_rule_on_a_table_that_is_new_can_break_nothing() -> None:
    crate = operations.CreateModel("Crate", [("id", models.AutoField(primary_key=True))])
    rule = operations.AddConstraint("crate", models.UniqueConstraint(fields=["id"], name="one"))
    assert told(crate, rule) == "adds: adds the table Crate"


def test_a_migration_that_fills_rows_is_told_by_its_own_words() -> None:
    fill = migration_of(operations.RunPython(lambda apps, editor: None), words="Weigh every {fruit}.\n\nOnce.")
    assert str(step(fill, before())) == "stall.0002_change – fills: weigh every fruit"


def test_every_migration_of_the_shop_can_be_told() -> None:
    loader = MigrationLoader(None)
    graph = loader.graph
    steps = [step(graph.nodes[key], graph.make_state([key], at_end=False)) for key in sorted(graph.nodes)]
    assert [str(each) for each in steps if each.risk is Risk.RUNS] == []
    fills = {each.migration: str(each) for each in steps}
    assert fills["inventory.0004_fill_category_and_sku"].endswith(
        "fills: give every product a category and a SKU of its own"
    )
    assert fills["sales.0014_asked_amount_fits"].endswith("tightens: adds a rule to SaleLine")


def test_every_risk_has_a_meaning() -> None:
    assert all(risk.meaning for risk in Risk)
