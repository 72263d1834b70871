"""The figures by which a copy is held against what it is a copy of."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import DecimalField, IntegerField, Model

from smartduka.databases import rows
from smartduka.databases.rows import Values
from smartduka.progress import Progress, Told


@dataclass(frozen=True)
class Figures:
    """By which two databases are held against each other; exact, without floating point.

    A model goes by its label (`sales.Sale`), a sum by that and its field (`sales.Sale.total`).
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    newest: Mapping[str, int] = field(default_factory=dict)
    """The greatest primary key of each model that has rows."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every row in order; empty where nobody took it."""

    def differences(self, expected: "Figures") -> Iterator[str]:
        """How these differ from what they should be, a sentence each; nothing when they agree."""
        yield from _compare(self.rows, expected.rows, "{} rows instead of {}", 0)
        yield from _compare(_amounts(self.sums), _amounts(expected.sums), "a sum of {} instead of {}", 0)
        yield from _compare(self.newest, expected.newest, "newest row {} instead of {}", "none")
        if self.digests and expected.digests:
            yield from _compare(self.digests, expected.digests, "content {} instead of {}", "none")


class Tally:
    """Counts rows as they pass, adds up every number that is no key, and hashes every line."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._sums: dict[str, Decimal] = {}
        self._newest: dict[str, int] = {}
        self._digests: dict[str, Any] = {}

    def passing(self, model: type[Model], using: str) -> Iterator[tuple[list[Values], bytes]]:
        """The rows of a model, slice by slice, and the same as lines; it is told of also when it has none."""
        label, columns = model._meta.label, model._meta.concrete_fields
        self._rows[label] = 0
        self._digests[label] = hashlib.sha256()
        for some in rows.read(model, using):
            lines = rows.to_lines(model, some)
            self._rows[label] += len(some)
            self._digests[label].update(lines)
            for at, column in enumerate(columns):
                if column.primary_key:
                    self._newest[label] = some[-1][at]
                elif _is_number(column):
                    name = f"{label}.{column.attname}"
                    self._sums[name] = sum((Decimal(row[at] or 0) for row in some), self._sums.get(name, Decimal(0)))
            yield some, lines

    def figures(self) -> Figures:
        digests = {label: digest.hexdigest() for label, digest in self._digests.items()}
        return Figures(self._rows, {name: f"{total:f}" for name, total in self._sums.items()}, self._newest, digests)


def figures_of(tables: Iterable[type[Model]], using: str, *, told: Told) -> Figures:
    """What a database holds, read row by row."""
    tally, progress = Tally(), Progress(told, "Counted")
    for model in tables:
        for some, _ in tally.passing(model, using):
            progress.add(len(some))
    progress.tell()
    return tally.figures()


def newest(tables: Iterable[type[Model]], using: str = "default") -> dict[str, Any]:
    """The greatest key of each model: asked at once, and different once something was written down."""
    asked, quote = list(tables), connections[using].ops.quote_name
    if not asked:
        return {}
    keys = [(quote(str(each._meta.pk.column)), quote(each._meta.db_table)) for each in asked]
    greatest = ", ".join(f"(SELECT MAX({key}) FROM {table})" for key, table in keys)  # noqa: S608 – our own names
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {greatest}")
        return {each._meta.label: key for each, key in zip(asked, cursor.fetchone(), strict=True)}


def _is_number(column: Any) -> bool:
    return isinstance(column, DecimalField | IntegerField) and not column.choices


def _amounts(sums: Mapping[str, str]) -> dict[str, Decimal]:
    """12.5 and 12.50 are the same sum."""
    return {name: Decimal(amount) for name, amount in sums.items()}


def _compare(found: Mapping[str, Any], expected: Mapping[str, Any], sentence: str, absent: object) -> Iterator[str]:
    for name in sorted({*found, *expected}):
        there, wanted = found.get(name, absent), expected.get(name, absent)
        if there != wanted:
            yield f"{name}: {sentence.format(there, wanted)}"
