"""The means of payment. A new one is one entry here and one test, and no migration."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from smartduka import money, text
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class TenderType:
    """How one means of payment behaves at the till."""

    code: str
    label: str
    is_cash: bool = False
    """Goes into the drawer, and is what change is given in."""
    is_on_account: bool = False
    """No money moves: the customer owes it."""
    code_pattern: re.Pattern[str] | None = None
    """The shape of a transaction code, which is then required and used only once."""
    code_cure: str = ""
    """What to say when the code has another shape."""


CASH = TenderType("cash", "Cash", is_cash=True)
MPESA = TenderType(
    "mpesa",
    "M-Pesa",
    code_pattern=re.compile(r"[A-Z0-9]{10}"),
    code_cure="Write the M-Pesa code: 10 letters and digits, such as QBC2DE3FG4.",
)
CARD = TenderType("card", "Card")
BANK = TenderType("bank", "Bank")
ON_ACCOUNT = TenderType("on_account", "On account", is_on_account=True)

LONGEST_REFERENCE = 60

TYPES = {tender.code: tender for tender in (CASH, MPESA, CARD, BANK, ON_ACCOUNT)}


@dataclass(frozen=True)
class Tendered:
    """What was handed over, or, with a negative amount, given out."""

    type: TenderType
    amount: Decimal
    reference: str = ""


def label(code: str) -> str:
    """The name of a tender type; the bare code of one that is no longer here."""
    return TYPES[code].label if code in TYPES else code


def is_on_account(code: str) -> bool:
    """Whether no money moves with a tender of this type."""
    return code in TYPES and TYPES[code].is_on_account


def cash() -> list[str]:
    """The codes of the types that go into a drawer."""
    return [code for code, kind in TYPES.items() if kind.is_cash]


def on_account() -> list[str]:
    """The codes of the types with which no money moves."""
    return [code for code, kind in TYPES.items() if kind.is_on_account]


def parse_reference(tender_type: TenderType, typed: str) -> str:
    """The reference as it is stored; ValueError, with a sentence, when a code is missing or misshapen."""
    stripped = typed.strip()
    if tender_type.code_pattern is None:
        if len(stripped) > LONGEST_REFERENCE:
            raise ValueError(f"A reference has at most {LONGEST_REFERENCE} characters.")
        return text.check(stripped)
    code = stripped.upper() if stripped.isascii() else ""
    if not tender_type.code_pattern.fullmatch(code):
        raise ValueError(tender_type.code_cure)
    return code


def settle(tendered: Sequence[Tendered], total: Decimal) -> list[Tendered]:
    """What was handed over, and the change as a negative cash tender, so that all add up to the total.

    Refuses the same tender twice, and, as `tenders_do_not_match`, too little, and too much where no cash could
    be given back.
    """
    _refuse_repeats(tendered)
    given = money.total(each.amount for each in tendered)
    if given > money.LARGEST:
        raise _mismatch("This is more money than the books can hold.")
    change = given - total
    if change == 0:
        return list(tendered)
    if change < 0:
        raise _mismatch(f"The total is {money.show(total)}, and {money.show(-change)} of it is missing.")
    cash = money.total(each.amount for each in tendered if each.type.is_cash)
    if change >= cash:
        raise _mismatch(
            f"The total is {money.show(total)}, and {money.show(given)} was given. "
            "Change is given only for cash that was needed."
        )
    return [*tendered, Tendered(CASH, -change)]


def _refuse_repeats(tendered: Sequence[Tendered]) -> None:
    """A sale is one debt, and a transaction code is one sum of money."""
    debts = [each for each in tendered if each.type.is_on_account]
    codes = [(each.type, each.reference) for each in tendered if each.type.code_pattern]
    if len(debts) > 1 or len(codes) > len(set(codes)):
        raise Refusal.invalid("tenders", "The same tender stands there twice.")


def _mismatch(message: str) -> Refusal:
    return Refusal("tenders_do_not_match", message, {"tenders": message})
