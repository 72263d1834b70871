"""What is odd about a till session. It keeps nobody from closing it; the report says it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from sales.models import Sale, TillSession
from smartduka import events, money, periods
from smartduka.models import Event
from smartduka.names import called
from smartduka.references import primary_key, reference

OVER_OR_SHORT = Decimal(100)
"""How much more or less than expected is nothing to talk about."""
LATE = timedelta(minutes=5)
"""How long after it was made a sale comes in late."""
LONGEST = timedelta(days=1)
"""How long one session is open, at most, where the till is counted every day."""


@dataclass(frozen=True)
class CashMoved:
    """Cash that came into the drawer (+) or left it (−)."""

    at: datetime
    amount: Decimal


def of(session: TillSession, moved: Sequence[CashMoved]) -> list[str]:
    """A sentence for each; `moved` is all its cash, the session's people must have been fetched."""
    return [
        *_of_its_opening(session),
        *_of_its_length(session),
        *_more_out_than_in(session, moved),
        *_late(session),
        *_below_the_floor(session),
        *_of_its_count(session),
    ]


def _of_its_opening(session: TillSession) -> Iterator[str]:
    if session.is_automatic:
        yield "It opened by itself, with a float of 0."


def _of_its_length(session: TillSession) -> Iterator[str]:
    lasted = (session.closed_at or timezone.now()) - session.opened_at
    if lasted > LONGEST:
        hours = f"{lasted // timedelta(hours=1)} hours"
        yield f"It was open for {hours}." if session.closed_at else f"It has been open for {hours}."


def _more_out_than_in(session: TillSession, moved: Sequence[CashMoved]) -> Iterator[str]:
    """Once, when it was worst. What moved at the same moment came in first."""
    held, least, when = session.opening_float, money.ZERO, None
    for each in sorted(moved, key=lambda each: (each.at, -each.amount)):
        held += each.amount
        if held < least:
            least, when = held, each.at
    if when:
        yield f"{money.show(-least)} more was paid out than was there, on {periods.show_instant(when)}."


def _late(session: TillSession) -> Iterator[str]:
    late = Sale.objects.filter(till_session=session, received_at__gt=F("sold_at") + LATE).count()
    if late:
        yield f"Sales that came in late, after the network was away: {late}."


def _below_the_floor(session: TillSession) -> Iterator[str]:
    """Which sales the diary says of. A sale may have waited a little while its session began or ended."""
    written = Event.objects.filter(
        kind=events.OVERRIDDEN,
        by=session.cashier_id,
        happened_at__gte=session.opened_at - LATE,
        subject__startswith="S-",
    )
    if session.closed_at:
        written = written.filter(happened_at__lte=session.closed_at + LATE)
    named = set(_sales_named(written.values_list("subject", flat=True)))
    here = Sale.objects.filter(pk__in=named, till_session=session).order_by("pk").values_list("pk", flat=True)
    if numbers := [reference("S", pk) for pk in here]:
        yield f"Sold below the floor: {', '.join(numbers)}."


def _sales_named(subjects: Iterable[str]) -> Iterator[int]:
    for subject in subjects:
        try:
            yield primary_key("S", subject.partition(" ")[0])
        except ValueError:
            continue


def _of_its_count(session: TillSession) -> Iterator[str]:
    if session.over_short is None or session.closed_by is None:
        return
    if abs(session.over_short) > OVER_OR_SHORT:
        yield f"It was {session.verdict}."
    if session.closed_by_id != session.cashier_id:
        yield f"{called(session.closed_by)} closed it, not {called(session.cashier)}."
