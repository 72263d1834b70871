"""Read long tables while others write."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery, Sum

from smartduka import money

_CHUNK = 2000


def in_chunks(rows: QuerySet[Any, Any], size: int = _CHUNK) -> Iterator[tuple[Any, ...]]:
    """The rows of a `values_list` that begins with the primary key, ordered by it.

    Each chunk is fetched whole before the first of its rows is looked at. So nobody who sells waits for a reader
    to end, whatever the engine, and a table of any length needs the memory of one chunk.
    """
    ordered = rows.order_by("pk")
    chunk = list(ordered[:size])
    yield from chunk
    while len(chunk) == size:
        chunk = list(ordered.filter(pk__gt=chunk[-1][0])[:size])
        yield from chunk


def sum_of_parts(part: type[Model], whole: str, column: str, **only: Any) -> Subquery:
    """A money column of each row's parts, added up in the statement that reads the row: see `in_cents`."""
    parts = part._default_manager.filter(**{whole: OuterRef("pk")}, **only).order_by().values(whole)
    return Subquery(parts.annotate(sum=Sum(column)).values("sum"))


def in_cents(summed: Decimal | None) -> Decimal:
    """What a database added up: 0.00 of nothing, and without the dust of SQLite's floating point."""
    return money.to_cents(summed or money.ZERO)
