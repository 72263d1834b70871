"""Kenyan mobile numbers, in the one form they are stored: +2547… or +2541…"""

import re

import phonenumbers

_REGION = "KE"
# Blanks, dots, brackets and all kinds of dashes; and the invisible marks that phones put around a copied number.
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
# The library finds a number in any text; here a name or a second number beside it would be lost.
_DIGITS = re.compile(r"\+?[0-9]{9,14}")


def parse(text: str) -> str:
    """`0712 345 678`, `712345678`, `254712345678` and `+254 712-345678` are all +254712345678.

    Raises ValueError, with a sentence, for what is no Kenyan mobile number.
    """
    digits = re.sub("^00254", "254", _BETWEEN.sub("", text))
    try:
        number = phonenumbers.parse(digits, _REGION) if _DIGITS.fullmatch(digits) else None
    except phonenumbers.NumberParseException:
        number = None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""
    if not (len(stored) == 13 and stored.startswith(("+2547", "+2541"))):
        raise ValueError("Write a mobile number such as 0712 345 678.")
    return stored


def show(stored: str) -> str:
    """As people say it: 0712 345 678."""
    return f"0{stored[4:7]} {stored[7:10]} {stored[10:]}"
