"""A JSON object read strictly: what is missing, of another type or unknown is refused by its name.

A reader takes what was found and answers what it means, or raises ValueError.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from smartduka.backups.flaws import Flaw

T = TypeVar("T")
Reader = Callable[[object], T]

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_YEARS = range(1970, 9999)
"""A computer that lost its clock is in 1970. Beyond these years no time zone can be reckoned."""


class Fields:
    """The fields of one object, each taken once."""

    def __init__(self, found: object, place: str = "") -> None:
        """`place` is where the object stands in the manifest: "figures."."""
        if not isinstance(found, dict):
            raise Flaw(f"its manifest tells {place.rstrip('.')} in a form that cannot be read")
        self._left = dict(found)
        self._place = place

    def take(self, name: str, read: Reader[T]) -> T:
        if name not in self._left:
            raise Flaw(f"its manifest does not tell {self._place}{name}")
        try:
            return read(self._left.pop(name))
        except ValueError:
            raise Flaw(f"its manifest tells {self._place}{name} in a form that cannot be read") from None

    def end(self) -> None:
        """Nothing more is expected."""
        if self._left:
            raise Flaw(f"its manifest tells {self._place}{min(self._left)!a}, which this SmartDuka does not know")


def text(found: object) -> str:
    """Text that can be shown. JSON also knows halves of letters, which no page and no terminal takes."""
    if not isinstance(found, str):
        raise ValueError
    found.encode()  # of such a half a UnicodeEncodeError, which is a ValueError
    return found


def whole(found: object) -> int:
    """A whole number; True is none, though Python counts with it."""
    if not isinstance(found, int) or isinstance(found, bool):
        raise ValueError
    return found


def size(found: object) -> int:
    if whole(found) < 0:
        raise ValueError
    return whole(found)


def flag(found: object) -> bool:
    if not isinstance(found, bool):
        raise ValueError
    return found


def decimal(found: object) -> str:
    """The text of an exact amount, such as -12.50."""
    return _matching(_DECIMAL, found)


def sha256(found: object) -> str:
    return _matching(_SHA256, found)


def instant(found: object) -> datetime:
    """An instant in UTC."""
    moment = datetime.fromisoformat(text(found))
    if moment.tzinfo is None or moment.utcoffset() or moment.year not in _YEARS:
        raise ValueError
    return moment.astimezone(UTC)


def one_of(*words: T) -> Reader[T]:
    def read(found: object) -> T:  # what is none of them is a ValueError
        return words[words.index(found)]

    return read


def mapping(read: Reader[T]) -> Reader[dict[str, T]]:
    def read_all(found: object) -> dict[str, T]:
        if not isinstance(found, dict):
            raise ValueError
        return {text(name): read(each) for name, each in found.items()}

    return read_all


def pairs(found: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, list) or not all(isinstance(each, list) and len(each) == 2 for each in found):
        raise ValueError
    return tuple((text(first), text(second)) for first, second in found)


def _matching(pattern: re.Pattern[str], found: object) -> str:
    if not pattern.fullmatch(text(found)):
        raise ValueError
    return text(found)
