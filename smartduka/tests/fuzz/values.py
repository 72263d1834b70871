"""Values that have broken programs, and plausible ones between them, for what is refused at once tests little."""

import random
from collections.abc import Callable, Sequence
from typing import Any

NUMBERS = [
    "0", "1", "-1", "3", "0.5", "1.250", "1,000.50", "1.000,50", "1e3", "1e400", "-0", "NaN", "-Infinity", "1_000",
    "9" * 40, "9" * 5000, "0." + "1" * 400, str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), str(2**64),
    "\N{ARABIC-INDIC DIGIT THREE}", "\N{FULLWIDTH DIGIT ONE}", "\N{DEVANAGARI DIGIT ONE}", "\N{BENGALI DIGIT FOUR}",
    "\N{VULGAR FRACTION ONE HALF}", "\N{SUPERSCRIPT TWO}", "\N{MINUS SIGN}1", "0x10", "1/2", " 7 ", "1.-2.3",
]  # fmt: skip
TIMES = [
    "2026-06-23", "2026-06-23T12:00:00+03:00", "2026-02-31", "0001-01-01", "9999-12-31", "10000-01-01",
    "-001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-06-23 12:00", "24:00", "now",
    "2026-06", "1782205200",
]  # fmt: skip
TEXTS = [
    "", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\u202egnp.exe", "\u200f", "\u2028", "\ufeff", "\ufffe",
    "\x1b[31m", "\r\n", "a\r\nSet-Cookie: a=b", "\t", "👩🏾\u200d🌾🇰🇪", "سكر", "עברית abc", "e" + "\u0301" * 60,
    "Z\u0338\u0327\u0321algo", "漢" * 100, "W" * 100, "x" * 300, "x" * 70_000, "\u0130 \u00df \u017f \u212a \ufb03",
    "<script>alert(1)</script>", "<!--", "]]>", "{{7*7}}", "{% debug %}", "${7*7}", "%", "%%", "%s", "%(x)s", "%00",
    "%ff", "_", "'", '"', "''", "';--", "\\", "\\'", "/", "//evil.example", "../../etc/passwd",
    "javascript:alert(1)", "=1+1", "null", "None", "true", "[]", "{}", "()", "*", "?", "#", "&", "+", ";", ",", "|",
    "~", "__proto__", "constructor",
]  # fmt: skip
SENSIBLE = [
    "on", "off", "1", "2", "10", "cash", "mpesa", "card", "bank", "on_account", "QBC2DE3FG4", "S-000001",
    "R-000001", "S-999999999999999999", "0712345678", "+254712345678", "Sugar", "BREAD", "unit", "all", "piece",
    "kilogram", "00000000-0000-4000-8000-000000000000", "00000000-0000-9000-7000-000000000000",
    "Cashier", "Owner", "5", "100", "60.00", "2026-07-01",
]  # fmt: skip
PLAUSIBLE = {
    "quantity": ["1", "2"], "counted": ["0", "7"], "cost": ["5", "50.25"], "cost_is_for": ["unit", "all"],
    "amount": ["5", "1,000.50"], "note": ["Damaged", ""], "reason": ["Stale"], "name": ["Soap", "Carton of 6"],
    "selling_price": ["60"], "buying_price": ["50"], "low_stock_threshold": ["1"], "size": ["6"],
    "username": ["achieng", "kip"], "password": ["karibu-duka-1"], "password1": ["karibu-duka-1"],
    "password2": ["karibu-duka-1"], "credit_limit": ["0", "500"], "phone": ["", "0711 000 222"], "role": ["Cashier"],
    "sku": ["", "NEW-1"], "barcode": ["", "123"], "first_name": ["Achieng"], "shop_name": ["Duka"],
    "code": ["AB12"], "category": ["1", "2"],
}  # fmt: skip
"""What people write into empty fields."""
OTHER_JSON = [None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 10**400, 0.1, 1e308, float("inf"), float("nan")]
NASTY = [*NUMBERS, *TIMES, *TEXTS]


def word(dice: random.Random) -> str:
    """A text: nasty mostly, sometimes two of them, sometimes anything."""
    chance = dice.random()
    if chance < 0.6:
        return dice.choice(NASTY)
    if chance < 0.85:
        return dice.choice(SENSIBLE)
    if chance < 0.95:
        return dice.choice(NASTY) + dice.choice(NASTY)
    return "".join(map(chr, (dice.randrange(0x110000) for _ in range(dice.randrange(12)))))


def document(dice: random.Random, depth: int = 3) -> Any:
    """A JSON value of any kind."""
    kinds: Sequence[Callable[[], Any]] = [
        lambda: word(dice),
        lambda: dice.choice(OTHER_JSON),
        lambda: [document(dice, depth - 1) for _ in range(dice.randrange(4))],
        lambda: {word(dice): document(dice, depth - 1) for _ in range(dice.randrange(4))},
    ]
    return dice.choice(kinds if depth else kinds[:2])()


def mutated(dice: random.Random, whole: Any) -> Any:
    """The document with one of its parts replaced, dropped or doubled."""
    if isinstance(whole, dict) and whole:
        name = dice.choice(list(whole))
        if dice.random() < 0.1:
            return {key: value for key, value in whole.items() if key != name}
        return {**whole, name: mutated(dice, whole[name])}
    if isinstance(whole, list) and whole:
        at = dice.randrange(len(whole))
        if dice.random() < 0.1:
            return whole + whole[at:]
        return [*whole[:at], mutated(dice, whole[at]), *whole[at + 1 :]]
    return document(dice)
