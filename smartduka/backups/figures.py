"""The figures by which a copy is held against what it is a copy of."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, IntegerField, Max, Model

from smartduka.backups.manifest import Figures
from smartduka.databases import rows
from smartduka.databases.rows import Values

Told = Callable[[str], None]
"""Gets a short line for each step of a long work."""


class Progress:
    """Tells how many rows have passed: now and then, and at the end."""

    EVERY = 25_000

    def __init__(self, told: Told, did: str) -> None:
        self._told, self._did = told, did
        self._rows = 0

    def add(self, rows: int) -> None:
        before, self._rows = self._rows, self._rows + rows
        if before // self.EVERY < self._rows // self.EVERY:
            self.tell()

    def tell(self) -> None:
        self._told(f"{self._did} {self._rows:,} rows")


class Tally:
    """Counts rows as they pass, adds up every number that is no key, and hashes every line."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._sums: dict[str, Decimal] = {}
        self._newest: dict[str, int] = {}
        self._digests: dict[str, Any] = {}

    def begin(self, model: type[Model]) -> None:
        """A model's rows follow; it is told of also when there are none."""
        self._rows[model._meta.label] = 0
        self._digests[model._meta.label] = hashlib.sha256()

    def add(self, model: type[Model], some: Sequence[Values], lines: bytes) -> None:
        """Some of its rows, and the same as lines."""
        label, fields = model._meta.label, model._meta.concrete_fields
        self._rows[label] += len(some)
        self._digests[label].update(lines)
        for at, field in enumerate(fields):
            if field.primary_key:
                self._newest[label] = some[-1][at]
            elif _is_number(field):
                name = f"{label}.{field.attname}"
                self._sums[name] = sum((Decimal(row[at] or 0) for row in some), self._sums.get(name, Decimal(0)))

    def figures(self) -> Figures:
        digests = {label: digest.hexdigest() for label, digest in self._digests.items()}
        return Figures(self._rows, {name: f"{total:f}" for name, total in self._sums.items()}, self._newest, digests)


def figures_of(tables: Iterable[type[Model]], using: str, *, told: Told) -> Figures:
    """What a database holds, read row by row."""
    tally, progress = Tally(), Progress(told, "Counted")
    for model in tables:
        tally.begin(model)
        for some in rows.read(model, using):
            tally.add(model, some, rows.to_lines(model, some))
            progress.add(len(some))
    progress.tell()
    return tally.figures()


def newest(tables: Iterable[type[Model]], using: str = "default") -> dict[str, Any]:
    """The greatest key of each model: quickly asked, and different once something was written down."""
    return {
        model._meta.label: model._base_manager.using(using).aggregate(newest=Max("pk"))["newest"] for model in tables
    }


def _is_number(field: Any) -> bool:
    return isinstance(field, DecimalField | IntegerField) and not field.choices
