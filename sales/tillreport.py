"""The X and the Z report: what went through one drawer, read from the rows that belong to its session.

An X report is read while the session is open, and grows; a Z report is read after the count, when nothing can join
the session any more, and is always the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sales import drawer, oddities, tenders
from sales.drawer import Count
from sales.models import CashMovement, Return, Sale, SaleLine, Tender, TillSession
from sales.oddities import CashMoved
from smartduka import money
from smartduka.databases.reading import in_chunks

_MOMENTS = {"sale": "received_at", "sale_return": "returned_at", "payment": "received_at"}


@dataclass(frozen=True)
class ByTender:
    """What came in, or went out, by one means of payment, in so many sales, returns or payments."""

    label: str
    is_cash: bool
    count: int
    amount: Decimal


@dataclass(frozen=True)
class TillReport:
    """What happened in a till session."""

    session: TillSession
    sale_count: int
    sold: Decimal
    rounding: Decimal
    discounts: Decimal
    sales: list[ByTender]
    return_count: int
    """Without the voids."""
    returned: Decimal
    void_count: int
    voided: Decimal
    refunds: list[ByTender]
    """Of returns and voids together; what lowered a debt is among them."""
    payments: list[ByTender]
    """Of debts, less what was reversed."""
    movements: list[CashMovement]
    expected: Decimal
    count: Count | None
    """Of the notes and coins, once it is closed."""
    oddities: list[str]

    @property
    def cash(self) -> list[tuple[str, Decimal]]:
        """What came into the drawer and left it over the counter."""
        return [
            (words, money.total(each.amount for each in moved if each.is_cash))
            for words, moved in (
                ("Cash of sales", self.sales), ("Cash given back", self.refunds), ("Cash for debts", self.payments)
            )
        ]  # fmt: skip

    @property
    def name(self) -> str:
        return "X report" if self.session.is_open else "Z report"


def of(session: TillSession) -> TillReport:
    """The report; the session's people must have been fetched."""
    parts = {cause: list(_tendered(session, cause)) for cause in drawer.CAUSES}
    totals = list(in_chunks(Sale.objects.filter(till_session=session).values_list("pk", "total", "rounding")))
    returns = Return.objects.filter(till_session=session).order_by("pk").values_list("total", "voided_sale")
    voids = [total for total, voided in returns if voided]
    others = [total for total, voided in returns if not voided]
    by_hand = list(CashMovement.objects.filter(till_session=session).select_related("moved_by").order_by("pk"))
    moved = [*_cash_of(parts.values()), *(CashMoved(each.moved_at, each.amount) for each in by_hand)]
    return TillReport(
        session=session,
        sale_count=len(totals),
        sold=money.total(total for _, total, _ in totals),
        rounding=money.total(rounding for *_, rounding in totals),
        discounts=SaleLine.objects.filter(sale__till_session=session).sum_of("discount"),
        sales=_by_tender(parts["sale"]),
        return_count=len(others),
        returned=money.total(others),
        void_count=len(voids),
        voided=money.total(voids),
        refunds=_by_tender(parts["sale_return"]),
        payments=_by_tender(parts["payment"]),
        movements=by_hand,
        expected=session.opening_float + money.total(each.amount for each in moved),
        count=None if session.is_open else Count.from_json(session.denominations or {}),
        oddities=oddities.of(session, moved),
    )


@dataclass(frozen=True)
class _Part:
    """A tender, of a sale, a return or a payment."""

    cause: int
    at: datetime
    type: str
    amount: Decimal

    @property
    def is_cash(self) -> bool:
        return self.type in tenders.cash()


def _tendered(session: TillSession, cause: str) -> Iterable[_Part]:
    rows = Tender.objects.filter(**{f"{cause}__till_session": session})
    for _, *facts in in_chunks(rows.values_list("pk", cause, f"{cause}__{_MOMENTS[cause]}", "type", "amount")):
        yield _Part(*facts)


def _by_tender(parts: list[_Part]) -> list[ByTender]:
    """In the order of the registry; types that are no longer there come last."""
    found = {part.type for part in parts}
    order = [*(code for code in tenders.TYPES if code in found), *sorted(found - tenders.TYPES.keys())]
    return [
        ByTender(
            label=tenders.label(code),
            is_cash=code in tenders.cash(),
            count=len({part.cause for part in parts if part.type == code}),
            amount=money.total(part.amount for part in parts if part.type == code),
        )
        for code in order
    ]


def _cash_of(parts: Iterable[list[_Part]]) -> Iterable[CashMoved]:
    """Cash that came, less its change, as one movement of the drawer for each sale, return or payment."""
    for each in parts:
        moved: dict[tuple[int, datetime], Decimal] = {}
        for part in each:
            if part.is_cash:
                moved[part.cause, part.at] = moved.get((part.cause, part.at), money.ZERO) + part.amount
        for (_, at), amount in moved.items():
            yield CashMoved(at, amount)
