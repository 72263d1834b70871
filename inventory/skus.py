"""SKUs: the code of a kind of goods, `[A-Z0-9._-]`, so that every database agrees on which ones are equal."""

import re
import unicodedata
from collections.abc import Callable
from itertools import count

LONGEST = 40

_GAPS = re.compile(r"[^A-Z0-9]+")


def normalise(text: str) -> str:
    """What a person typed, as a SKU is written: compatibility forms folded, trimmed, in capitals."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def propose(name: str, is_taken: Callable[[str], bool]) -> str:
    """A free SKU that recalls the name: "Sugar, loose" is SUGAR-LOOSE, and SUGAR-LOOSE-2 when that is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    stem = _GAPS.sub("-", plain).strip("-")[:LONGEST].rstrip("-") or "SKU"
    if not is_taken(stem):
        return stem
    return next(sku for number in count(2) if not is_taken(sku := _numbered(stem, number)))


def _numbered(stem: str, number: int) -> str:
    suffix = f"-{number}"
    return stem[: LONGEST - len(suffix)].rstrip("-") + suffix
