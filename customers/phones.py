"""Kenyan mobile numbers, in the one form they are stored: +2547… or +2541…"""

import phonenumbers

_REGION = "KE"


def parse(text: str) -> str:
    """`0712 345 678`, `712345678`, `254712345678` and `+254 712-345678` are all +254712345678.

    Raises ValueError, with a sentence, for what is no Kenyan mobile number.
    """
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        number = None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""
    if not (text.isascii() and len(stored) == 13 and stored.startswith(("+2547", "+2541"))):
        raise ValueError("Write a mobile number such as 0712 345 678.")
    return stored


def show(stored: str) -> str:
    """As people say it: 0712 345 678."""
    return f"0{stored[4:7]} {stored[7:10]} {stored[10:]}"
