"""The till sessions, held against the money that went through them."""

from collections.abc import Iterator
from datetime import timedelta

from sales import tenders
from sales.drawer import Count
from sales.models import CashMovement, Payment, Return, Sale, Tender, TillSession
from smartduka import money
from smartduka.databases.reading import in_cents, in_chunks, sum_of_parts

_AT_ONCE = 20
"""How many sessions one statement adds up: a session has as many parts as a day has sales."""
_WAITING = timedelta(minutes=5)
"""How long whoever came first may have waited until the drawer was theirs."""


def closed() -> Iterator[str]:
    """What each closed session expected follows from its rows, and what was over or short from its count."""
    cash = tenders.cash()
    rows = TillSession.objects.filter(open_for=None).values_list(
        "pk", "expected", "counted", "over_short", "denominations", "opening_float",
        sum_of_parts(Tender, "sale__till_session", "amount", type__in=cash),
        sum_of_parts(Tender, "sale_return__till_session", "amount", type__in=cash),
        sum_of_parts(Tender, "payment__till_session", "amount", type__in=cash),
        sum_of_parts(CashMovement, "till_session", "amount"),
    )  # fmt: skip
    for pk, expected, counted, over_short, pieces, *moved in in_chunks(rows, _AT_ONCE):
        due = money.total(in_cents(each) for each in moved)
        if expected != due:
            yield f"Till session {pk}: it expected {expected}, its float and its rows make it {due}."
        if counted != (sum_of_pieces := Count.from_json(pieces).total):
            yield f"Till session {pk}: it counted {counted}, its notes and coins make it {sum_of_pieces}."
        if over_short != counted - expected:
            yield f"Till session {pk}: it was {over_short} over or short, and counted {counted} of {expected}."


def parts() -> Iterator[str]:
    """Money went through a drawer that was open then, that of a sale through the seller's own; none through none,
    since there are drawers."""
    whose = {
        Sale: ("cashier", "received_at"),
        Return: (None, "returned_at"),
        Payment: (None, "received_at"),
        CashMovement: (None, "moved_at"),
    }
    for model, (person, moment) in whose.items():
        rows = model._default_manager.values_list(
            "pk", person or "till_session__cashier", moment, "till_session", "till_session__cashier",
            "till_session__opened_at", "till_session__closed_at",
        )  # fmt: skip
        there_are_drawers = False
        for pk, by, at, session, cashier, opened, closed in in_chunks(rows):
            name = f"{model.__name__} {pk}"
            if session is None:
                if there_are_drawers:
                    yield f"{name} went through no till session."
                continue
            there_are_drawers = True
            if by != cashier:
                yield f"{name}: its till session, {session}, is not that of whoever sold it."
            if at < opened - _WAITING or (closed and at > closed + _WAITING):
                yield f"{name}: its till session, {session}, was not open then."
