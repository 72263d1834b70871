"""Finding rows by what people type, alike on every engine.

Engines disagree on capitals and accents: SQLite folds only ASCII, MariaDB folds accents too, PostgreSQL neither. So
the words of a row are kept a second time, folded, and what is typed is folded the same way before it is looked for.
"""

import unicodedata
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.query_utils import DeferredAttribute

Rows = TypeVar("Rows", bound=models.QuerySet[Any])


def fold(text: str) -> str:
    """Without capitals, accents and compatibility forms: "Café №5" is "cafe no5", as the till's own search has it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M").casefold()


def every_word(column: str, text: str) -> Q:
    """Every word of the text somewhere in a folded column; everything when there is no word."""
    return reduce(and_, (Q(**{f"{column}__contains": word}) for word in fold(text).split()), Q())


def matching(rows: Rows, text: str, *columns: str) -> Rows:
    """The rows with every word somewhere in these columns, found without help of the database: for short lists."""
    words = fold(text).split()
    if not words:
        return rows
    texts = ((pk, fold(" ".join(filter(None, parts)))) for pk, *parts in rows.values_list("pk", *columns))
    return rows.filter(pk__in=[pk for pk, folded in texts if all(word in folded for word in words)])


class _Folded(DeferredAttribute):
    """Always made of the row's other fields, so that no way of saving a row can store anything else.

    Also `loaddata` and `bulk_create` store it, which call no `save` of the model.
    """

    field: "FoldedField"

    def __get__(self, row: Any, model: Any = None) -> Any:
        if row is None:
            return self
        words = (str(getattr(row, name) or "") for name in self.field.of)
        return fold(" ".join(words))[: self.field.max_length]

    def __set__(self, row: Any, text: Any) -> None:
        row.__dict__[self.field.attname] = text  # or Django would take it for deferred, and not save it


class FoldedField(models.CharField):  # type: ignore[type-arg]
    """The words of the fields in `of`, folded, to search in. `QuerySet.update` of those fields leaves it behind."""

    descriptor_class = _Folded

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> Any:
        """A plain text to migrations: their rows are filled by themselves, and not by living code."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
