"""Rows that no door of the domain would write, so that tests can see the database itself refuse them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction


def forge(row: models.Model, **changes: Any) -> models.Model:
    """Insert a copy of the row with these changes, asking no rule that is written in Python."""
    columns = {field.attname for field in row._meta.concrete_fields if not field.primary_key}
    copy = type(row)(**{name: getattr(row, name) for name in columns})
    for name, change in changes.items():
        setattr(copy, name, change)
    models.QuerySet(type(row)).bulk_create([copy])
    return copy


@contextmanager
def refused(because: str) -> Iterator[None]:
    """The database refuses what is done inside, and names this rule (a regular expression)."""
    with pytest.raises(DatabaseError, match=f"(?i){because}"), transaction.atomic():
        yield


TWICE = "unique|duplicate"


def rules_of(app: str) -> set[str]:
    """The names of all constraints of an app."""
    return {rule.name for model in apps.get_app_config(app).get_models() for rule in model._meta.constraints}
