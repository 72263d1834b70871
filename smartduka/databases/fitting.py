"""What a database cannot hold of another's rows, found out before the first of them is copied.

The engines differ: SQLite keeps whatever it is given, PostgreSQL has no NUL character, and to MariaDB two texts may
be the same that are two to the others. So every row is looked at as the target would, and where its own opinion
counts, it is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context
from typing import Any

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, DateField, DecimalField, Exists, Model, OuterRef, QuerySet, TimeField

from smartduka.databases import rows, twins
from smartduka.databases.columns import Check, check_of, noun_of, quoted

_UNREADABLE = (DatabaseError, ValueError, TypeError, ArithmeticError)
"""What reading raises where something else stands in a column than belongs there."""

_ALPHABETS = {
    "postgresql": ("SHOW server_encoding", "UTF8"),
    "mysql": ("SELECT @@character_set_database", "utf8mb4"),
}
_AS_TEXT = {"sqlite": "BLOB", "postgresql": "text", "mysql": "CHAR"}
_AS_SQLITE_READS = Context(prec=15)
"""Floating point has so many digits; the rest of what it shows is dust."""


@dataclass(frozen=True)
class Misfit:
    """Something in a row that the target cannot hold: `inventory.Product 17, name: 130 characters, and 120 fit`."""

    label: str
    key: Any
    column: str
    why: str

    def __str__(self) -> str:
        return f"{self.label} {self.key}, {self.column}: {self.why}"


@dataclass(frozen=True)
class Unreadable:
    """Stands for a value that the source itself cannot tell."""

    why: str


def misfits(
    tables: Iterable[type[Model]], source: str, target: str, *, passed: Callable[[type[Model]], None]
) -> Iterator[Misfit]:
    """Everything in the source that the target cannot hold, model by model; each that was passed is told."""
    for model in tables:
        is_sound = True
        for misfit in _misfits_of_columns(model, source, connections[target]):
            is_sound = False
            yield misfit
        yield from _orphans(model, source)
        if connections[source].vendor == "sqlite":
            yield from _misread(model, source)
        if is_sound and connections[target].vendor == "mysql":
            for key, column, why in twins.found(model, source, target):
                yield Misfit(model._meta.label, key, column, why)
        passed(model)


def wrong_alphabet(using: str) -> str:
    """The alphabet of a database that cannot hold every script and every emoji; nothing when it can."""
    connection = connections[using]
    if connection.vendor not in _ALPHABETS:
        return ""
    question, wanted = _ALPHABETS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        (found,) = cursor.fetchone()
    return "" if found == wanted else str(found)


# --- Row by row ------------------------------------------------------------------------------------------------


def _misfits_of_columns(model: type[Model], source: str, target: BaseDatabaseWrapper) -> Iterator[Misfit]:
    fields: Sequence[Any] = model._meta.concrete_fields
    checks: list[tuple[str, Check]] = [(field.attname, check_of(field, target)) for field in fields]
    days = _filled_days(model, source)
    keys = list(model._base_manager.using(source).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), rows.SLICE):
        for key, row in _looked_up(model, source, keys[start : start + rows.SLICE]):
            for (column, check), value in zip(checks, row, strict=True):
                why = value.why if isinstance(value, Unreadable) else check(value)
                if value is None and key in days.get(column, ()):
                    why = "what stands there cannot be read as a day"
                if why:
                    yield Misfit(model._meta.label, key, column, why)


def _looked_up(model: type[Model], source: str, keys: Sequence[Any]) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Each row by its key; what cannot be read is looked for in ever smaller parts."""
    names = [field.attname for field in model._meta.concrete_fields]
    some = model._base_manager.using(source).filter(pk__gte=keys[0], pk__lte=keys[-1]).order_by("pk")
    try:
        yield from zip(keys, list(some.values_list(*names)), strict=True)
    except _UNREADABLE:
        if middle := len(keys) // 2:
            yield from _looked_up(model, source, keys[:middle])
            yield from _looked_up(model, source, keys[middle:])
        else:
            yield keys[0], [_read_alone(some, name) for name in names]


def _read_alone(one: QuerySet[Any], name: str) -> Any:
    """One column of one row, or why it cannot be read."""
    try:
        return one.values_list(name, flat=True).get()
    except _UNREADABLE:
        field = one.model._meta.get_field(name)
        return Unreadable(f"{quoted(_raw(one, field))} cannot be read as {noun_of(field)}")


def _raw(one: QuerySet[Any], field: Any) -> Any:
    """What stands in the column, whatever it is."""
    connection, meta = connections[one.db], one.model._meta
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT CAST({quote(field.column)} AS {_AS_TEXT[connection.vendor]}) "  # noqa: S608 – our own names
            f"FROM {quote(meta.db_table)} WHERE {quote(str(meta.pk.column))} = %s",
            [one.values_list("pk", flat=True).get()],
        )
        return cursor.fetchone()[0]


def _filled_days(model: type[Model], source: str) -> dict[str, set[Any]]:
    """For each column of days that may be empty, the rows where it is not: SQLite reads a misspelt one as None."""
    if connections[source].vendor != "sqlite":
        return {}
    every = model._base_manager.using(source).values_list("pk", flat=True)
    return {
        field.attname: set(every.filter(**{f"{field.attname}__isnull": False}))
        for field in model._meta.concrete_fields
        if field.null and isinstance(field, DateField | TimeField)
    }


# --- All at once -----------------------------------------------------------------------------------------------


def _orphans(model: type[Model], source: str) -> Iterator[Misfit]:
    """Rows whose parent is missing, as they are left behind by programs that switch foreign keys off."""
    every = model._base_manager.using(source)
    for field in _relations(model):
        parents = field.related_model._base_manager.filter(**{field.target_field.attname: OuterRef(field.attname)})
        lost = every.filter(~Exists(parents), **{f"{field.attname}__isnull": False}).order_by("pk")
        for key, parent in lost.values_list("pk", field.attname):
            why = f"it names {field.related_model._meta.label} {parent}, which is not there"
            yield Misfit(model._meta.label, key, field.attname, why)


def _relations(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _misread(model: type[Model], source: str) -> Iterator[Misfit]:
    """What SQLite keeps and Django reads as something else: parts of a cent, and a yes or no that is neither."""
    for field in model._meta.concrete_fields:
        column = connections[source].ops.quote_name(str(field.column))
        match field:
            case DecimalField():
                places = field.decimal_places
                is_finer = f"typeof({column}) = 'real' AND {column} <> round({column}, {places})"
                for key, raw in _where(model, source, field, is_finer):
                    amount = _AS_SQLITE_READS.create_decimal_from_float(raw)
                    if amount.is_finite() and amount != round(amount, places):
                        why = f"{amount.normalize():f}, and {places} decimals fit"
                        yield Misfit(model._meta.label, key, field.attname, why)
            case BooleanField():
                for key, raw in _where(model, source, field, f"{column} NOT IN (0, 1)"):
                    yield Misfit(model._meta.label, key, field.attname, f"{quoted(raw)} is not {noun_of(field)}")


def _where(model: type[Model], source: str, field: Any, condition: str) -> list[tuple[Any, Any]]:
    """Key and content of a column in the rows for which this holds; the plus keeps Django from reading it."""
    quote = connections[source].ops.quote_name
    key, column, table = (quote(str(name)) for name in (model._meta.pk.column, field.column, model._meta.db_table))
    with connections[source].cursor() as cursor:
        cursor.execute(f"SELECT {key}, +{column} FROM {table} WHERE {condition} ORDER BY {key}")  # noqa: S608 – our own names
        return list(cursor.fetchall())
