"""Write a set of rows in one statement, alike on every engine.

Django's `bulk_create` and `bulk_update` write the same, but make an expression of every value of every row: of what a
sale cost, that was half. Here the fields turn values into what the driver takes, as they do for Django, and the
statement is put together at once. As with Django's own, no `save` is called, and no signal sent.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)
Statement = tuple[str, list[Any]]


def insert(rows: Sequence[Row], using: str = "default") -> list[Row]:
    """The new rows, all of one model; the database gives them their primary keys, in their order."""
    if not rows:
        return []
    connection = connections[using]
    fields = [field for field in type(rows[0])._meta.local_concrete_fields if not field.primary_key]
    with transaction.atomic(using, savepoint=False), connection.cursor() as cursor:
        for some in _batches(rows, fields, connection):
            cursor.execute(*_insertion(some, fields, connection))
            for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                row.pk, row._state.adding, row._state.db = key, False, using
    return list(rows)


def update(rows: Sequence[models.Model], names: Sequence[str], using: str = "default") -> None:
    """Write the named fields of rows that are there, all of one model."""
    if not rows:
        return
    connection, meta = connections[using], type(rows[0])._meta
    fields = [meta.get_field(name) for name in names]
    # Each value stands there with its row's key, and each row is looked for by it.
    given = [meta.pk, *(field for field in fields for _ in range(2))]
    with transaction.atomic(using, savepoint=False), connection.cursor() as cursor:
        for some in _batches(rows, given, connection):
            cursor.execute(*_change(some, fields, connection))


def _insertion(rows: Sequence[models.Model], fields: Sequence[Any], connection: BaseDatabaseWrapper) -> Statement:
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    into = f"{quote(meta.db_table)} ({', '.join(quote(field.column) for field in fields)})"
    values = ", ".join([_list(len(fields))] * len(rows))
    statement = f"INSERT INTO {into} VALUES {values} RETURNING {quote(str(meta.pk.column))}"  # noqa: S608 – our own names
    return statement, [_new(field, row, connection) for row in rows for field in fields]


def _change(rows: Sequence[models.Model], fields: Sequence[Any], connection: BaseDatabaseWrapper) -> Statement:
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    key, given = quote(str(meta.pk.column)), []
    changes = []
    for field in fields:
        case = f"CASE {key}{' WHEN %s THEN %s' * len(rows)} END"
        if connection.features.requires_casted_case_in_updates:
            case = f"CAST({case} AS {field.cast_db_type(connection)})"
        changes.append(f"{quote(field.column)} = {case}")
        for row in rows:
            given += [row.pk, field.get_db_prep_save(getattr(row, field.attname), connection)]
    where = f"{key} IN {_list(len(rows))}"
    statement = f"UPDATE {quote(meta.db_table)} SET {', '.join(changes)} WHERE {where}"  # noqa: S608 – our own names
    return statement, [*given, *(row.pk for row in rows)]


def _new(field: Any, row: models.Model, connection: BaseDatabaseWrapper) -> Any:
    value = field.pre_save(row, True)
    if value is None and field.is_relation and field.get_cached_value(row, default=None) is not None:
        raise ValueError(f"{type(row).__name__}.{field.name} is not written yet, so it cannot be referred to.")
    return field.get_db_prep_save(value, connection)


def _list(length: int) -> str:
    return f"({', '.join(['%s'] * length)})"


def _batches(rows: Sequence[Row], given: Sequence[Any], connection: BaseDatabaseWrapper) -> Iterator[Sequence[Row]]:
    """As many rows as the engine takes values in one statement: all of them, on a server."""
    size = max(1, connection.ops.bulk_batch_size(list(given), list(rows)))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
