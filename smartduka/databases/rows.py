"""Every row of a database, as values that are the same on every engine.

A row travels as a line of JSON: money and instants keep every digit, in the order of its model's columns. The SHA-256
of all the lines of a model is therefore equal wherever the rows are.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Values = tuple[Any, ...]
SLICE = 2000
"""Rows that are held in memory at once."""

_AS_IT_IS = frozenset({type(None), bool, int, str})
"""What drivers and JSON take as it is."""

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def read(model: type[models.Model], using: str = "default") -> Iterator[list[Values]]:
    """All rows in the order of their primary keys, slice by slice; inside a transaction, all of the same instant."""
    names = [field.attname for field in model._meta.concrete_fields]
    at_key, last = names.index(model._meta.pk.attname), None
    rows = model._base_manager.using(using).order_by("pk")
    while some := list((rows if last is None else rows.filter(pk__gt=last)).values_list(*names)[:SLICE]):
        yield some
        last = some[-1][at_key]


def write(model: type[models.Model], rows: Sequence[Values], using: str = "default") -> None:
    """Insert rows as they are, keys included. What no copy may decide, such as a search text, is not made anew."""
    connection = connections[using]
    fields: Sequence[Any] = model._meta.concrete_fields
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(field.column) for field in fields)
    given = _as_the_driver_takes_them(fields, rows, connection)
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in given:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", given)  # noqa: S608 – our own names


def empty(tables: Iterable[type[models.Model]], using: str = "default") -> None:
    """Delete every row, children first."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        for model in reversed(list(tables)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def count_on(tables: Iterable[type[models.Model]], using: str = "default") -> None:
    """Let the next keys follow the greatest ones, on engines that count them apart from the rows."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def to_lines(model: type[models.Model], some: Iterable[Values]) -> bytes:
    """Rows as lines of JSON."""
    fields = model._meta.concrete_fields
    lines = (
        _encode(
            {
                field.attname: value if type(value) in _AS_IT_IS else _told(field, value)
                for field, value in zip(fields, row, strict=True)
            }
        )
        for row in some
    )
    return "".join(f"{line}\n" for line in lines).encode()


def from_line(model: type[models.Model], line: bytes) -> Values:
    """The row that a line tells; ValueError when it tells of other columns or of no such values."""
    told, fields = json.loads(line), model._meta.concrete_fields
    if not isinstance(told, dict) or list(told) != [field.attname for field in fields]:
        raise ValueError(f"{model._meta.label} has other columns.")
    return tuple(_meant(field, value) for field, value in zip(fields, told.values(), strict=True))


def _as_the_driver_takes_them(
    fields: Sequence[Any], rows: Iterable[Values], connection: BaseDatabaseWrapper
) -> list[list[Any]]:
    """Most values are taken as they are, and asking each field about each of them would be half of the work."""
    known = [(field.get_db_prep_save, isinstance(field, models.JSONField)) for field in fields]
    return [
        [
            value if type(value) in _AS_IT_IS and not is_document else prepared(value, connection)
            for (prepared, is_document), value in zip(known, row, strict=True)
        ]
        for row in rows
    ]


def _told(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return _told_of_document(value)
    match value:
        case Decimal():
            # SQLite keeps money as floating point; what counts are the places that the column has.
            return f"{value:.{field.decimal_places}f}"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta() | UUID():
            return str(value)
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()
        case float() if isinstance(field, models.FloatField):
            return value
    raise TypeError(f"{field} has a value of {type(value)}, which no copy can hold yet.")


def _told_of_document(value: Any) -> Any:
    match value:
        case dict():  # PostgreSQL keeps the keys of a document in an order of its own
            return {key: _told_of_document(value[key]) for key in sorted(value)}
        case list():
            return [_told_of_document(each) for each in value]
        case float() if value.is_integer():  # and writes 1e+22 as a whole number
            return int(value)
    return value


def _meant(field: Any, told: Any) -> Any:
    column = field.target_field if field.is_relation else field
    if told is None:
        return None
    if isinstance(told, bool) != isinstance(column, models.BooleanField) and not isinstance(column, models.JSONField):
        raise ValueError(f"{told!r} is no value of {field}.")
    if isinstance(column, models.BinaryField):
        return b64decode(told)
    try:
        meant = column.to_python(told)
    except Exception as error:
        raise ValueError(f"{told!r} is no value of {field}.") from error
    # An engine that would take these could not be read any more.
    if isinstance(meant, Decimal) and not (
        meant.is_finite() and meant.adjusted() < column.max_digits - column.decimal_places
    ):
        raise ValueError(f"{told!r} is no value of {field}.")
    return meant
