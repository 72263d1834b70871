"""What fits into one column of a database."""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Check = Callable[[Any], str]
"""Why a value does not fit; nothing when it does."""

_KINDS: tuple[tuple[Any, tuple[type, ...], str], ...] = (
    (models.BooleanField, (bool,), "yes or no"),
    (models.IntegerField, (int,), "a whole number"),
    (models.DecimalField, (Decimal,), "an amount"),
    (models.DateTimeField, (datetime,), "an instant"),
    (models.DateField, (date,), "a day"),
    (models.TimeField, (time,), "a time"),
    (models.DurationField, (timedelta,), "a length of time"),
    (models.UUIDField, (UUID,), "a UUID"),
    (models.FloatField, (float,), "a number"),
    (models.BinaryField, (bytes, memoryview), "bytes"),
    (models.CharField, (str,), "a text"),
    (models.TextField, (str,), "a text"),
    (models.JSONField, (dict, list, str, int, float, bool), "a document"),
)
"""For each kind of column the types of its values, and how people call them."""

_QUOTED = 40
"""Characters of what is quoted."""
_SQLITE_DIGITS = 15
"""SQLite keeps amounts as floating point."""
_MARIADB_DEPTH = 31
"""How deep a document may be nested before MariaDB takes it for none."""


def noun_of(field: Any) -> str:
    """What belongs into a column, as people call it."""
    return _kind_of(_meant(field))[1]


def quoted(value: Any) -> str:
    """The beginning of whatever it is, for a person to recognize."""
    shown = value.decode(errors="backslashreplace") if isinstance(value, bytes) else str(value)
    return f"“{shown[:_QUOTED]}”"


def check_of(field: Any, target: BaseDatabaseWrapper) -> Check:
    """Looks at values of a column as the target does."""
    column = _meant(field)
    types, noun = _kind_of(column)
    look = _look_of(field, column, target)

    def check(value: Any) -> str:
        if value is None:
            return "" if field.null else f"nothing that can be read as {noun}"
        if type(value) not in types:
            return f"{quoted(value)} is not {noun}"
        return look(value) if look else ""

    return check


def _meant(field: Any) -> Any:
    return field.target_field if field.is_relation else field


def _kind_of(column: Any) -> tuple[tuple[type, ...], str]:
    return next((types, noun) for kind, types, noun in _KINDS if isinstance(column, kind))


def _look_of(field: Any, column: Any, target: BaseDatabaseWrapper) -> Check | None:
    match column:
        case models.IntegerField():
            return _numbers(field, column, target)
        case models.DecimalField():
            return _amounts(column, target)
        case models.CharField() | models.TextField():
            return _texts(column, target)
        case models.JSONField():
            return _documents(target)
    return None


def _numbers(field: Any, column: Any, target: BaseDatabaseWrapper) -> Check:
    low, high = target.ops.integer_field_range(column.get_internal_type())
    is_counted_up = isinstance(field, models.AutoField)

    def look(number: int) -> str:
        if not low <= number <= high:
            return f"{number} is not between {low} and {high}"
        if number == 0 and is_counted_up and not target.features.allows_auto_pk_0:
            return f"a key of 0, for which {target.display_name} would make up another"
        return ""

    return look


def _amounts(column: Any, target: BaseDatabaseWrapper) -> Check:
    limit = Decimal(10) ** (column.max_digits - column.decimal_places)
    as_kept = Context(prec=_SQLITE_DIGITS).create_decimal if target.vendor == "sqlite" else None

    def look(amount: Decimal) -> str:
        if not amount.is_finite():
            return f"{amount} is not an amount"
        if abs(amount) >= limit:
            return f"{amount:f} has more than {column.max_digits} digits"
        if as_kept and as_kept(amount) != amount:
            return f"{amount:f}, of which SQLite keeps {_SQLITE_DIGITS} digits"
        return ""

    return look


def _texts(column: Any, target: BaseDatabaseWrapper) -> Check:
    longest = column.max_length if target.vendor != "sqlite" else None

    def look(text: str) -> str:
        if longest and len(text) > longest:
            return f"{len(text):,} characters, and {longest:,} fit"
        return _signs(text, target)

    return look


def _signs(text: str, target: BaseDatabaseWrapper) -> str:
    if "\0" in text and target.vendor == "postgresql":
        return "a NUL character, which PostgreSQL does not hold"
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        return "half of a character"
    return ""


def _documents(target: BaseDatabaseWrapper) -> Check:
    def look(found: Any, depth: int = 1) -> str:
        match found:
            case str():
                return _signs(found, target)
            case float() if not math.isfinite(found):
                return f"{found} in a document"
            case dict():
                parts = [*found, *found.values()]
            case list():
                parts = found
            case _:
                return ""
        if depth > _MARIADB_DEPTH and target.vendor == "mysql":
            return f"a document nested deeper than {_MARIADB_DEPTH}"
        return next(filter(None, (look(part, depth + 1) for part in parts)), "")

    return look
