"""What the counter writes on. Amounts are cents, quantities base units."""

from dataclasses import dataclass
from datetime import date, datetime

from smartduka.tests.model.credit import Debtor, Entry
from smartduka.tests.model.shelf import Goods, Pack


@dataclass(frozen=True)
class AskedLine:
    """So many thousandths of a unit or of a pack, or, where there is an `amount`, what that buys.

    `unit_price` None is the price on the shelf.
    """

    sku: str
    pack: int | None
    thousandths: int
    unit_price: int | None = None
    discount: int = 0
    amount: int | None = None


@dataclass(frozen=True)
class Means:
    """A tender: how many cents by which means of payment."""

    type: str
    amount: int
    reference: str = ""


@dataclass(frozen=True)
class Asked:
    """What the till sends."""

    lines: tuple[AskedLine, ...]
    tenders: tuple[Means, ...]
    customer: str | None = None
    due_on: date | None = None
    sold_at: datetime | None = None
    note: str = ""
    reason: str = ""


@dataclass
class SoldLine:
    goods: Goods
    pack: Pack | None
    quantity: int
    priced_per: int
    list_price: int
    unit_price: int
    discount: int
    total: int
    amount: int | None = None
    floor_passed: int | None = None
    unit_cost: int = 0
    cost: int = 0
    returned: int = 0
    pk: int = 0
    """The program's key of this line."""


@dataclass
class TenderMade:
    """Of a sale, a return or a payment; `entry` is what it wrote into the credit book."""

    cause: str
    on: date
    means: Means
    entry: Entry | None = None


@dataclass(eq=False)
class SaleMade:
    lines: list[SoldLine]
    debtor: Debtor | None
    on: date
    subtotal: int
    total: int
    asked: Asked
    pk: int = 0
    is_void: bool = False
    goods_back: int = 0
    money_back: int = 0
    debt_back: int = 0


@dataclass
class ReturnedPart:
    line: SoldLine
    quantity: int
    before: int
    amount: int
    cost: int
    is_damaged: bool


@dataclass
class ReturnMade:
    sale: SaleMade
    parts: list[ReturnedPart]
    on: date
    subtotal: int
    total: int
    is_void: bool


@dataclass(eq=False)
class PaymentMade:
    debtor: Debtor
    amount: int
    on: date
    means: Means
    is_reversed: bool = False
    is_reversal: bool = False
    pk: int = 0
