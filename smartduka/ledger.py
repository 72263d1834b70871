"""The append-only base of everything that is a fact: stock movements, ledger entries, sales and their parts.

A row is written once. A mistake is answered by another row (a reversal, a return, a void), never by an edit,
so the books can always be explained. The doors that write are the domain modules; this base closes the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Sum

from smartduka import money
from smartduka.databases import writing


class AppendOnly(TypeError):
    """Somebody tried to change or delete a row that is a fact."""


@dataclass(frozen=True)
class Voucher:
    """What every posting says of its origin: when, on which of the shop's days, by whom, and what for."""

    at: datetime
    on: date
    by: User
    reference: str = ""
    """The printed number of the cause, such as S-000123."""
    note: str = ""


class MoneyQuerySet(models.QuerySet[Any]):
    """Adds money up. SQLite keeps decimals as floating point, so every sum is rounded back to cents here."""

    def sum_of(self, column: str) -> Decimal:
        """The sum of a money column over the whole set, 0.00 of nothing."""
        return money.to_cents(Decimal(self.aggregate(sum=Sum(column))["sum"] or 0))

    def sums_by(self, key: str, column: str) -> dict[Any, Decimal]:
        """The sum of a money column for each value of `key`."""
        rows = self.order_by().values_list(key).annotate(sum=Sum(column))
        return {value: money.to_cents(Decimal(amount or 0)) for value, amount in rows}


class LedgerQuerySet(MoneyQuerySet):
    """Reads and inserts; refuses the rest."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never updated. Write a reversing row.")

    def delete(self) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never deleted. Write a reversing row.")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never updated. Write a reversing row.")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("update_conflicts"):
            raise AppendOnly(f"{self.model.__name__} rows are never updated. Write a reversing row.")
        rows = list(objs)
        if args or kwargs or any(row.pk is not None for row in rows):
            return super().bulk_create(rows, *args, **kwargs)
        return writing.insert(rows, self.db)


class LedgerRow(models.Model):
    """A row that is inserted once and then stands."""

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(f"{type(self).__name__} rows are never updated. Write a reversing row.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(f"{type(self).__name__} rows are never deleted. Write a reversing row.")
