"""Fields of a JSON document, parsed. What is not as it should be is refused, with a sentence that names the field.

A parser takes what stands in the field, of whatever kind, and raises ValueError with the sentence.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.dateparse import parse_date, parse_datetime

from smartduka import money, text
from smartduka.refusals import Refusal

_LARGEST_KEY = 2**63 - 1
_NUMBER = re.compile(r"[0-9][0-9,.]*")

T = TypeVar("T")
Document = dict[str, Any]

_REQUIRED: Any = object()


def field(
    source: Mapping[str, Any], name: str, parse: Callable[[Any], T], path: str = "", default: Any = _REQUIRED
) -> T:
    """The parsed value of a field; its default when it is absent or null and has one."""
    label = f"{path}.{name}" if path else name
    given = source.get(name)
    if given is None:
        if default is _REQUIRED:
            raise invalid(label, "This is missing.")
        return default
    try:
        return parse(given)
    except ValueError as error:
        raise invalid(label, str(error)) from None


def object_at(document: object, path: str) -> Document:
    """The document, which must be an object; an empty `path` is the whole of it."""
    if not isinstance(document, dict):
        raise invalid(path or "document", "This must be an object.")
    return document


def list_of(source: Document, name: str, most: int) -> list[object]:
    """What stands in a field, which must be a list of `most` items at most."""
    given = source.get(name)
    if not isinstance(given, list):
        raise invalid(name, "This must be a list.")
    if len(given) > most:
        raise invalid(name, f"There are more than {most}.")
    return given


def text_by(parse: Callable[[str], T]) -> Callable[[object], T]:
    """As `parse`, for what is a text."""

    def read(given: object) -> T:
        if not isinstance(given, str):
            raise ValueError("Write it as text, between quotes.")
        return parse(given)

    return read


def line_of(longest: int) -> Callable[[object], str]:
    """A line of so many characters at most, of which nothing hides."""

    def read(typed: str) -> str:
        stripped = typed.strip()
        if len(stripped) > longest:
            raise ValueError(f"Write at most {longest} characters.")
        return text.check(stripped)

    return text_by(read)


def number_by(parse: Callable[[str], Decimal]) -> Callable[[object], Decimal]:
    """As `parse`, which takes the one form of numbers there is, without the blanks that only people leave."""

    def read(typed: str) -> Decimal:
        if not _NUMBER.fullmatch(typed):
            raise ValueError("Write a number such as 1000.50.")
        return parse(typed)

    return text_by(read)


def price(given: object) -> Decimal:
    """What one unit or pack costs."""
    amount = number_by(money.parse)(given)
    if amount >= 10**8:
        raise ValueError("This price is too large.")
    return amount


def is_key(given: object) -> bool:
    """Whether this could be the key of a row."""
    return isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _LARGEST_KEY


def key(given: object) -> int:
    if not is_key(given):
        raise ValueError("This must be the number of a row that exists.")
    return given  # type: ignore[return-value]


def key_or_zero(given: object) -> int:
    """The key of the newest movement that was seen; 0 before there is one."""
    return 0 if type(given) is int and given == 0 else key(given)


def day(given: object) -> date:
    return _read_time(parse_date, given, "Write a date such as 2026-06-23.")


def instant(given: object) -> datetime:
    cure = "Write a time with its offset, such as 2026-06-23T10:00:00+03:00."
    moment = _read_time(parse_datetime, given, cure)
    if moment.tzinfo is None:
        raise ValueError(cure)
    return moment


def _read_time(parse: Callable[[str], T | None], given: object, cure: str) -> T:
    try:
        moment = parse(given) if isinstance(given, str) and given.isascii() else None
    except ValueError:  # the 31st of February
        moment = None
    if moment is None:
        raise ValueError(cure)
    return moment


def invalid(label: str, message: str) -> Refusal:
    """What stands in the field of this label cannot be read."""
    return Refusal("invalid", f"{_spoken(label)}: {message}", {label: message})


def _spoken(label: str) -> str:
    """ "lines.1.quantity" for people: "Line 2, quantity"."""
    parts = label.split(".")
    if len(parts) == 1:
        return label.replace("_", " ").capitalize()
    name, at, *rest = parts
    return ", ".join([f"{name.removesuffix('s').capitalize()} {int(at) + 1}", *(r.replace("_", " ") for r in rest)])
