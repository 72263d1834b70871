"""The house rules of migrations. Each rule looks at a history and tells what breaks it, stage by stage.

A history is the list of its migrations, in an order in which they can be applied. The database of a shop stands
anywhere in it, with rows in every table.
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations import (
    AddField,
    AlterField,
    CreateModel,
    Migration,
    RenameField,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, AutoField, Field

History = Sequence[Migration]
Rule = Callable[[History], list[str]]

LIVING = ("inventory", "customers", "sales", "smartduka")
"""Packages whose code changes from one version to the next."""


def steps(stage: Migration) -> Iterator[Operation]:
    """What the stage does, also what it does to the database and to the models apart."""
    waiting = list(stage.operations)
    while waiting:
        operation = waiting.pop(0)
        if isinstance(operation, SeparateDatabaseAndState):
            waiting = [*operation.database_operations, *operation.state_operations, *waiting]
        else:
            yield operation


def fills_rows(operation: Operation) -> bool:
    """Whether it writes on the way forward. What only speaks up on the way back is a guard."""
    if isinstance(operation, RunSQL):
        return not operation.state_operations
    return isinstance(operation, RunPython) and operation.code is not RunPython.noop


def answers_on_the_way_back(operation: Operation) -> bool:
    """Whether it writes rows, or refuses, before an older stage is undone."""
    return isinstance(operation, RunPython) and operation.reverse_code not in (None, RunPython.noop)


def is_guard(operation: Operation) -> bool:
    return answers_on_the_way_back(operation) and not fills_rows(operation)


def source(stage: Migration) -> str:
    return Path(str(sys.modules[type(stage).__module__].__file__)).read_text(encoding="utf-8")


def older(stage: Migration, history: History) -> list[Migration]:
    """The stages that certainly were applied before this one."""
    by_key = {(each.app_label, each.name): each for each in history}
    found: list[Migration] = []
    waiting = list(stage.dependencies)
    while waiting:
        before = by_key.get(tuple(waiting.pop()[:2]))
        if before and before not in found:
            found.append(before)
            waiting += before.dependencies
    return found


# --- How a stage is written --------------------------------------------------------------------------------


def names_tell(history: History) -> list[str]:
    """A name says what the stage does; Django's own `auto_…` does not."""
    poor = [stage for stage in history if not re.fullmatch(r"\d{4}_[a-z_]+", stage.name) or "auto" in stage.name]
    return [f"{stage}: the name does not tell what it does" for stage in poor]


def rows_and_tables_apart(history: History) -> list[str]:
    """MariaDB cannot roll back a change of tables, PostgreSQL refuses one while changed rows wait for a check."""
    mixed = [stage for stage in history if len({fills_rows(each) for each in steps(stage)}) > 1]
    return [f"{stage}: a stage fills rows or changes tables, never both" for stage in mixed]


def one_head(history: History) -> list[str]:
    """Two newest stages of an app cannot both be migrated to."""
    heads: dict[str, list[str]] = {}
    needed = {tuple(key[:2]) for stage in history for key in stage.dependencies if key[0] == stage.app_label}
    for stage in history:
        if (stage.app_label, stage.name) not in needed:
            heads.setdefault(stage.app_label, []).append(stage.name)
    return [f"{app}: {' and '.join(names)} are to be merged" for app, names in heads.items() if len(names) > 1]


def leans_on_nothing_living(history: History) -> list[str]:
    """The code of today does not know the tables of then."""
    ours = re.compile(rf"^\s*(from|import) ({'|'.join(LIVING)})\b", re.MULTILINE)
    return [f"{stage}: it imports code that lives on" for stage in history if ours.search(source(stage))]


# --- The way back ------------------------------------------------------------------------------------------


def there_is_a_way_back(history: History) -> list[str]:
    stuck = [stage for stage in history if not all(each.reversible for each in steps(stage))]
    return [f"{stage}: it cannot be undone" for stage in stuck]


def guards_are_asked_first(history: History) -> list[str]:
    """A stage is undone from its last operation; what refuses must do so before anything is lost."""
    late = [stage for stage in history if any(is_guard(each) for each in list(steps(stage))[:-1])]
    return [f"{stage}: its guard is asked when half of it is undone" for stage in late]


def asks_before_it_loses(history: History) -> list[str]:
    """What a stage brought goes with it on the way back: so a guard asks first, or a later stage writes it again.

    The first stage of an app may go without: whoever goes to zero means it.
    """
    found = []
    for stage in history:
        later = [each for each in history if each is stage or stage in older(each, history)]
        is_guarded = any(is_guard(each) for one in later if one.app_label == stage.app_label for each in steps(one))
        is_first = not any(app == stage.app_label for app, *_ in stage.dependencies)
        if not (is_first or is_guarded):
            brought = [each for each in steps(stage) if isinstance(each, CreateModel | AddField)]
            found += [f"{stage}: {each.name} is lost on the way back" for each in brought if not _again(each, later)]
    return found


def _again(operation: Operation, later: list[Migration]) -> bool:
    return isinstance(operation, AddField) and any(_fills(stage, operation.name) for stage in later)


def _fills(stage: Migration, column: str) -> bool:
    """Whether the stage fills rows, and names the column."""
    return any(fills_rows(each) for each in steps(stage)) and _names(stage, column)


def _names(stage: Migration, column: str) -> bool:
    return re.search(rf"\b{column}\b", source(stage)) is not None


# --- Required columns --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What a stage did to a column of a table that may have had rows."""

    stage: Migration
    operation: FieldOperation
    name: str
    before: Field | None
    after: Field | None
    nullable_since: Migration | None

    def __str__(self) -> str:
        return f"{self.stage}: {self.operation.model_name_lower}.{self.name}"


def changes(history: History) -> Iterator[Change]:
    state = ProjectState()
    nullable_since: dict[tuple[str, str, str], Migration] = {}
    for stage in history:
        with_rows = set(state.models)
        for operation in steps(stage):
            if not isinstance(operation, FieldOperation):
                operation.state_forwards(stage.app_label, state)
                if isinstance(operation, CreateModel):
                    table = (stage.app_label, operation.name_lower)
                    nullable_since |= {(*table, name): stage for name, field in operation.fields if field.null}
                continue
            table = (stage.app_label, operation.model_name_lower)
            is_rename = isinstance(operation, RenameField)
            old, new = (operation.old_name, operation.new_name) if is_rename else (operation.name, operation.name)
            before = state.models[table].fields.get(old)
            operation.state_forwards(stage.app_label, state)
            after = state.models[table].fields.get(new)
            since = nullable_since.pop((*table, old), None)
            if after is not None and after.null:
                nullable_since[*table, new] = since or stage
            if table in with_rows:
                yield Change(stage, operation, new, before, after, since)


def needs_a_value(field: Field) -> bool:
    """Whether a row cannot be without it, and nothing says what else it has."""
    says = field.null or field.has_default() or field.db_default is not NOT_PROVIDED
    return not (says or field.many_to_many or isinstance(field, AutoField) or field.generated)


def no_invented_values(history: History) -> list[str]:
    """A new column of old rows is empty, or holds the default that every new row has, too.

    A default given for once is a guess, and a unique one is the same in every row.
    """
    added = [each for each in changes(history) if each.before is None and each.after is not None]
    invented = [
        each
        for each in added
        if needs_a_value(each.after)
        or not getattr(each.operation, "preserve_default", True)
        or (each.after.unique and not each.after.null)
    ]
    return [f"{each} gives old rows a value that nobody chose" for each in invented]


def tightened_when_filled(history: History) -> list[str]:
    """Between the stage that makes a column nullable and the one that requires it, a stage fills it."""
    tightened = [each for each in changes(history) if each.before is not None and _is_tightened(each)]
    return [f"{each} is required before a stage has filled it" for each in tightened if not _is_filled(each, history)]


def _is_tightened(change: Change) -> bool:
    return isinstance(change.operation, AlterField) and change.before.null and not change.after.null


def _is_filled(change: Change, history: History) -> bool:
    """By a stage that certainly came before, after the column was there to be filled, and that names it."""
    return any(
        change.nullable_since in older(stage, history) and _fills(stage, change.name)
        for stage in older(change.stage, history)
    )


def loosened_with_a_way_back(history: History) -> list[str]:
    """Going back requires again what was loosened; so a later stage, on its way back, fills it or refuses."""
    loosened = [
        each
        for each in changes(history)
        if isinstance(each.operation, AlterField) and not each.before.null and each.after.null
    ]
    return [f"{each} has no way back" for each in loosened if not _is_refilled(each, history)]


def _is_refilled(change: Change, history: History) -> bool:
    return any(
        any(answers_on_the_way_back(each) for each in steps(stage)) and _names(stage, change.name)
        for stage in history
        if stage is change.stage or change.stage in older(stage, history)
    )


def removed_when_optional(history: History) -> list[str]:
    """Going back makes the column again, for rows that have nothing to put into it."""
    removed = [each for each in changes(history) if each.after is None and each.before is not None]
    return [f"{each} is removed while it is required" for each in removed if needs_a_value(each.before)]


RULES: tuple[Rule, ...] = (
    names_tell,
    rows_and_tables_apart,
    one_head,
    leans_on_nothing_living,
    there_is_a_way_back,
    guards_are_asked_first,
    asks_before_it_loses,
    no_invented_values,
    tightened_when_filled,
    loosened_with_a_way_back,
    removed_when_optional,
)


def broken_in(history: History, *, but: Sequence[Rule] = ()) -> dict[str, list[str]]:
    """The rules that a history breaks, and how; some may not matter."""
    found = {rule.__name__: rule(history) for rule in RULES if rule not in but}
    return {name: complaints for name, complaints in found.items() if complaints}
