"""What a migration does to a shop's rows, and what it risks, read from its operations."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db import connections
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Risk(IntEnum):
    """What may become of old rows; of all that a migration does, the last of these is told."""

    WORDS = 0
    ADDS = 1
    LOOSENS = 2
    FILLS = 3
    RENAMES = 4
    TIGHTENS = 5
    RUNS = 6
    DROPS = 7

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Risk.WORDS: "only what people read or may type changes, or nothing",
    Risk.ADDS: "old rows stay as they are",
    Risk.LOOSENS: "more is allowed than before; old rows stay as they are",
    Risk.FILLS: "old rows are written to",
    Risk.RENAMES: "old rows stay, and programs of your own find them under another name",
    Risk.TIGHTENS: "it stops where an old row breaks the new rule",
    Risk.RUNS: "statements of its own, which only their author can tell of",
    Risk.DROPS: "what is dropped is afterwards only in the backup",
}


@dataclass(frozen=True)
class Step:
    """A migration that waits: sales.0014_asked_amount_fits – tightens: adds a rule to SaleLine."""

    migration: str
    risk: Risk
    does: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.migration} – {self.risk.name.lower()}: {'; '.join(self.does)}"


def steps(using: str = "default") -> list[Step]:
    """What waits to be applied to this database, in its order."""
    executor = MigrationExecutor(connections[using])
    graph = executor.loader.graph
    plan = executor.migration_plan(graph.leaf_nodes())
    return [step(each, graph.make_state([(each.app_label, each.name)], at_end=False)) for each, _ in plan]


def step(migration: Migration, before: ProjectState) -> Step:
    """What this migration does to tables that were in this state."""
    state, found, fresh = before.clone(), [], set[str]()
    for operation in migration.operations:
        # A table that has just been made has no rows to lose.
        if getattr(operation, "model_name_lower", getattr(operation, "name_lower", None)) not in fresh:
            found += list(_effects(migration, operation, state))
        if isinstance(operation, operations.CreateModel):
            fresh.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)
    risk = max((effect.risk for effect in found), default=Risk.WORDS)
    return Step(str(migration), risk, tuple(_summed([each for each in found if each.risk or not risk])))


@dataclass(frozen=True)
class _Effect:
    """`adds {} to Product`, and what stands for {}."""

    risk: Risk
    words: str
    what: str = ""


def _summed(effects: list[_Effect]) -> Iterator[str]:
    """Each thing that is done once, with all that it is done to."""
    if not effects:
        yield "changes nothing"
    for words in dict.fromkeys(effect.words for effect in effects):
        *most, last = dict.fromkeys(effect.what for effect in effects if effect.words == words)
        yield words.format(f"{', '.join(most)} and {last}" if most else last)


def _effects(migration: Migration, operation: Any, state: ProjectState) -> Iterator[_Effect]:
    match operation:
        case operations.SeparateDatabaseAndState():
            for each in operation.database_operations:
                yield from _effects(migration, each, state)
        case operations.RunPython():
            if operation.code is operations.RunPython.noop:
                yield _Effect(Risk.WORDS, "guards the way back")
            else:
                yield _Effect(Risk.FILLS, _purpose(migration))
        case operations.RunSQL():
            yield _Effect(Risk.RUNS, _purpose(migration))
        case operations.AlterField(name=name):
            table = state.models[migration.app_label, operation.model_name_lower]
            yield from _altered(f"{table.name}.{name}", table.fields[name], operation.field)
        case _:
            name = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
            table = state.models.get((migration.app_label, name))
            yield _of_table(operation, table.name if table else name)


_OF_TABLE: dict[type[Operation], tuple[Risk, str, str]] = {
    operations.CreateModel: (Risk.ADDS, "adds the table {{}}", "{operation.name}"),
    operations.AddField: (Risk.ADDS, "adds {{}} to {table}", "{operation.name}"),
    operations.AddIndex: (Risk.ADDS, "adds an index to {{}}", "{table}"),
    operations.RemoveIndex: (Risk.LOOSENS, "removes an index of {{}}", "{table}"),
    operations.RenameIndex: (Risk.LOOSENS, "renames an index of {{}}", "{table}"),
    operations.RemoveConstraint: (Risk.LOOSENS, "lifts a rule of {{}}", "{table}"),
    operations.AddConstraint: (Risk.TIGHTENS, "adds a rule to {{}}", "{table}"),
    operations.AlterUniqueTogether: (Risk.TIGHTENS, "changes what must differ from row to row of {{}}", "{table}"),
    operations.RenameModel: (Risk.RENAMES, "renames {{}}", "{operation.old_name} to {operation.new_name}"),
    operations.RenameField: (Risk.RENAMES, "renames {{}}", "{table}.{operation.old_name} to {operation.new_name}"),
    operations.AlterModelTable: (Risk.RENAMES, "renames the table of {{}} in the database", "{table}"),
    operations.RemoveField: (Risk.DROPS, "drops {{}} from {table}", "{operation.name}"),
    operations.DeleteModel: (Risk.DROPS, "drops the table {{}} with all its rows", "{table}"),
    operations.AlterModelOptions: (Risk.WORDS, "changes names or order of {{}}", "{table}"),
    operations.AlterModelManagers: (Risk.WORDS, "changes questions to {{}}", "{table}"),
}
"""What can be told of an operation without what was there before."""


def _of_table(operation: Any, table: str) -> _Effect:
    if type(operation) not in _OF_TABLE:
        return _Effect(Risk.RUNS, "{}", operation.describe())
    risk, words, what = _OF_TABLE[type(operation)]
    return _Effect(risk, words.format(table=table), what.format(table=table, operation=operation))


def _altered(name: str, old: Any, new: Any) -> Iterator[_Effect]:
    if told := [*_tightened(old, new)]:
        yield from (_Effect(Risk.TIGHTENS, words, name) for words in told)
    elif [*_tightened(new, old)]:
        yield _Effect(Risk.LOOSENS, "lets {} hold more than before", name)
    elif old.db_column != new.db_column:
        yield _Effect(Risk.RENAMES, "renames {} in the database", name)
    else:
        yield _Effect(Risk.WORDS, "changes what people read or may type at {}", name)


def _tightened(old: Any, new: Any) -> Iterator[str]:
    if old.get_internal_type() != new.get_internal_type():
        yield f"keeps {{}} as {new.get_internal_type()}"
    if old.null and not new.null:
        yield "lets {} no longer be empty"
    if new.unique and not old.unique:
        yield "wants {} different in each row"
    if _less(new.max_length, old.max_length):
        yield f"lets {{}} hold {new.max_length} characters at most"
    if _less(_whole_digits(new), _whole_digits(old)) or _less(_places(new), _places(old)):
        yield "lets {} hold fewer digits"
    if new.is_relation and old.is_relation and _parent(old) != _parent(new):
        yield f"lets {{}} refer to {_parent(new)}"


def _less(new: int | None, old: int | None) -> bool:
    """Whether the new limit is narrower; no limit is the widest."""
    return new is not None and (old is None or new < old)


def _places(field: Any) -> int | None:
    places: int | None = getattr(field, "decimal_places", None)
    return places


def _whole_digits(field: Any) -> int | None:
    return field.max_digits - field.decimal_places if _places(field) is not None else None


def _parent(field: Any) -> str:
    parent = field.remote_field.model
    return str(getattr(parent, "_meta", parent)).lower()


def _purpose(migration: Migration) -> str:
    """The first line of what its file, or its class, says of itself."""
    file = sys.modules.get(type(migration).__module__)
    told = (getattr(file, "__doc__", None) or type(migration).__doc__ or "").strip().partition("\n")[0]
    if not told or told == (Migration.__doc__ or "").strip().partition("\n")[0]:
        return "writes to rows"
    told = told.replace("{", "").replace("}", "")
    return told[0].lower() + told[1:].rstrip(".:")
