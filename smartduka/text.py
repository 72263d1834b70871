"""What may stand in a text that people write: every script and every emoji, and nothing that hides.

Refused are NUL and the other control characters, which no keyboard types and not every database stores; the marks
that turn the direction of writing, with which "S-000123" can be made to read as something else; and halves of
characters, which cannot be stored at all.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models

_LINE_BREAKS = "\t\n\r"
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Every character with Unicode's property Bidi_Control. Right-to-left scripts are written without them."""


def check(text: str, *, one_line: bool = True) -> str:
    """The text; ValueError, with a sentence, when something in it hides. Only prose has more than `one_line`."""
    for sign in text:
        if unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNS:
            continue
        if sign not in _LINE_BREAKS:
            raise ValueError(f"An invisible sign hides in this text (U+{ord(sign):04X}). Type it instead of pasting.")
        if one_line:
            raise ValueError("Write this in one line.")
    if text.strip() and not any(map(_is_seen, text)):
        raise ValueError("There is nothing to be seen in this text.")
    return text


def validate_line(text: str) -> None:
    """The same for Django's fields."""
    _validate(text, one_line=True)


def validate_prose(text: str) -> None:
    _validate(text, one_line=False)


class LineField(models.CharField):
    """One line that people write: a name, a note. Django's own to migrations, for the database keeps it the same."""

    default_validators = [validate_line]

    def deconstruct(self) -> tuple:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class ProseField(models.TextField):
    """Several lines that people write."""

    default_validators = [validate_prose]

    def deconstruct(self) -> tuple:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def _validate(text: str, *, one_line: bool) -> None:
    try:
        check(text, one_line=one_line)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def _is_seen(sign: str) -> bool:
    """Whether a sign leaves ink; blanks and those that only shape their neighbours do not."""
    category = unicodedata.category(sign)
    return category[0] != "Z" and category not in ("Cc", "Cf")
