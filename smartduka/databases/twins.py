"""Texts that must differ and are the same to MariaDB: in capitals, in accents, in blanks at their end, or two emoji.

Which they are hangs on the collation of each database, so the target itself is asked, in a temporary table.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections
from django.db.models import CharField, Model, TextField, UniqueConstraint

from smartduka.databases import reading
from smartduka.databases.columns import quoted

TABLE = "smartduka_twins"

Twin = tuple[Any, str, str]
"""Key and columns of a row, and which other one it is the same as."""


def found(model: type[Model], source: str, target: str) -> Iterator[Twin]:
    """The rows of the source of which the target says that they are there already."""
    for names in _unique_with_texts(model):
        fields = [model._meta.get_field(name) for name in names]
        with connections[target].cursor() as cursor:
            columns = [f"part_{at} {field.db_type(connections[target])}" for at, field in enumerate(fields)]
            cursor.execute(f"CREATE TEMPORARY TABLE {TABLE} (row_key bigint, {', '.join(columns)})")
            _fill(cursor, model, fields, source, connections[target])
            parts = ", ".join(f"part_{at}" for at in range(len(fields)))
            cursor.execute(
                "SELECT GROUP_CONCAT(row_key ORDER BY row_key) "  # noqa: S608 – our own names
                f"FROM {TABLE} GROUP BY {parts} HAVING COUNT(*) > 1"
            )
            alike = [[int(key) for key in keys.split(",")] for (keys,) in cursor.fetchall()]
            cursor.execute(f"DROP TEMPORARY TABLE {TABLE}")
        for first, *others in alike:
            for other in others:
                yield other, ", ".join(names), _sentence(model, names, first, other, source)


def _fill(cursor: Any, model: type[Model], fields: Sequence[Any], source: str, target: Any) -> None:
    """With what is there, but for texts that are too long, of which nobody needs to know more."""
    names = [field.attname for field in fields]
    present = {f"{name}__isnull": False for name in names}
    queryset = model._base_manager.using(source).filter(**present).values_list("pk", *names)
    places = ", ".join(["%s"] * (1 + len(names)))
    some: list[list[Any]] = []
    for key, *values in reading.in_chunks(queryset):
        if all(_fits(field, value) for field, value in zip(fields, values, strict=True)):
            some.append([key, *(f.get_db_prep_save(v, target) for f, v in zip(fields, values, strict=True))])
    cursor.executemany(f"INSERT INTO {TABLE} VALUES ({places})", some)  # noqa: S608


def _fits(field: Any, value: Any) -> bool:
    return not isinstance(value, str) or len(value) <= (field.max_length or 0)


def _sentence(model: type[Model], names: Sequence[str], first: int, other: int, source: str) -> str:
    texts = {
        key: ", ".join(map(str, values))
        for key, *values in model._base_manager.using(source).filter(pk__in=[first, other]).values_list("pk", *names)
    }
    return f"{quoted(texts[other])} is the same to MariaDB as {quoted(texts[first])} of {first}"


def _unique_with_texts(model: type[Model]) -> list[tuple[str, ...]]:
    meta = model._meta
    sets: list[tuple[str, ...]] = [(field.name,) for field in meta.concrete_fields if field.unique]
    sets += [tuple(names) for names in meta.unique_together]
    sets += [tuple(each.fields) for each in meta.constraints if isinstance(each, UniqueConstraint) and each.fields]
    return [names for names in sets if any(isinstance(meta.get_field(name), CharField | TextField) for name in names)]
