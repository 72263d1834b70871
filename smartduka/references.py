"""Printed numbers: S-000123 is the sale with the primary key 123.

They follow from the primary key, so they cost nothing and never race; gaps are allowed.
"""

import re

_SHAPE = re.compile(r"([A-Z]{1,2})-([0-9]{6,18})")


def reference(prefix: str, pk: int) -> str:
    """`reference("S", 123)` is "S-000123"."""
    return f"{prefix}-{pk:06d}"


def is_key(text: str) -> bool:
    """Whether the text can be the primary key of a row."""
    return len(text) <= 18 and text.isascii() and text.isdigit()


def primary_key(prefix: str, text: str) -> int:
    """The primary key behind a printed number; ValueError when the text is no such number."""
    match = _SHAPE.fullmatch(text)
    if not match or match[1] != prefix or reference(prefix, int(match[2])) != text:
        raise ValueError(f"{text!r} is not a number such as {reference(prefix, 123)}.")
    return int(match[2])
