"""Plain text in columns, for what has no tables: a message, a narrow printer.

A sign is as many columns wide as where letters are all alike: two for a Chinese one or an emoji, none for an accent.
"""

import unicodedata
from collections.abc import Iterator


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(map(_columns, text))


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines that fit; at least one. Only a word that is longer than a line is broken."""
    lines = [""]
    for word in text.split():
        for part in _broken(word, columns):
            joined = f"{lines[-1]} {part}".lstrip()
            if width(joined) <= columns:
                lines[-1] = joined
            else:
                lines.append(part)
    return lines


def centred(text: str, columns: int) -> list[str]:
    return [" " * ((columns - width(line)) // 2) + line for line in wrapped(text, columns)]


def paired(text: str, amount: str, columns: int, *, indent: str = "") -> list[str]:
    """The text on the left and the amount, whole, on the right of its first line."""
    first, *rest = (indent + line for line in wrapped(text, columns - len(indent) - len(amount) - 1))
    return [first + " " * (columns - width(first) - len(amount)) + amount, *rest]


def _broken(word: str, columns: int) -> Iterator[str]:
    part = ""
    for sign in word:
        if width(part + sign) > columns:
            yield part
            part = ""
        part += sign
    yield part


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
