"""Who answers for which drawer: the only writer of `TillSession` and `CashMovement`.

A session is one cashier's, from the float to the count. Whatever moves money locks an open session before anything
else, so that no money joins a session that is being closed: what comes too late goes into the next one.
"""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from sales import drawer
from sales.drawer import Count
from sales.models import CashMovement, TillSession
from smartduka import events, money
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
from smartduka.names import called
from smartduka.once import written_once
from smartduka.refusals import ClientRefReused, Refusal


def lock_open(voucher: Voucher, session_id: int | None = None) -> TillSession:
    """The open session of whoever the voucher names, locked; a new one, with a float of 0, where there is none.

    `session_id` names somebody else's drawer instead, and one that is closed is refused.
    """
    if session_id is None:
        opened_by_itself = {**_opened(voucher), "opening_float": money.ZERO, "is_automatic": True}
        return _lock_or_open(voucher, opened_by_itself)[0]
    session = TillSession.objects.select_for_update().open().filter(pk=session_id).first()
    if session is None:
        raise Refusal.invalid("drawer", "This drawer was closed meanwhile: choose another one.")
    return session


def open_session(opening_float: Decimal, voucher: Voucher, *, client_ref: UUID | None = None) -> TillSession:
    """Begin with so much cash in the drawer. The same `client_ref` again gets the first session.

    Refuses somebody who has a session open already.
    """
    fields = {**_opened(voucher), "opening_float": opening_float, "client_ref": client_ref or uuid4()}

    def is_same(earlier: TillSession) -> bool:
        return (earlier.cashier_id, earlier.opening_float) == (voucher.by.pk, opening_float)

    return written_once(TillSession, client_ref, partial(_open, voucher, fields), is_same=is_same)[0]


def pay_in(session_id: int, amount: Decimal, voucher: Voucher, *, client_ref: UUID | None = None) -> CashMovement:
    """Put cash into an open drawer, for no sale. `voucher.note` is the reason, which is required."""
    return _move(session_id, amount, amount, voucher, client_ref)


def pay_out(session_id: int, amount: Decimal, voucher: Voucher, *, client_ref: UUID | None = None) -> CashMovement:
    """Take cash out of an open drawer. More than the books say is there is let through, and told in the report."""
    return _move(session_id, amount, -amount, voucher, client_ref)


def close_session(session_id: int, count: Count, voucher: Voucher, *, close_ref: UUID | None = None) -> TillSession:
    """Count the drawer; from now on the session never changes. The same `close_ref` again gets the same session.

    `voucher.note` is a remark. Whatever was counted, it closes: what is odd is told in the report.
    """
    work = partial(_close, session_id, count, replace(voucher, note=voucher.note.strip()), close_ref or uuid4())
    try:
        return retried(work)
    except IntegrityError:
        other = TillSession.objects.filter(close_ref=close_ref).first() if close_ref else None
        if other is None:
            raise
        raise ClientRefReused(other) from None


def _lock_or_open(voucher: Voucher, fields: dict[str, Any]) -> tuple[TillSession, bool]:
    """Two who open the session of one person at once get one: the database lets nobody have two drawers open."""
    return TillSession.objects.select_for_update().get_or_create(open_for=voucher.by, defaults=fields)


def _opened(voucher: Voucher) -> dict[str, Any]:
    return {"cashier": voucher.by, "opened_at": voucher.at, "opened_on": voucher.on}


def _open(voucher: Voucher, fields: dict[str, Any]) -> TillSession:
    with transaction.atomic():
        session, is_new = _lock_or_open(voucher, fields)
    if is_new:
        return session
    if session.is_automatic:
        cure = f"{session.number} opened by itself with your first sale: pay your float in instead."
    else:
        cure = f"{session.number} is open already, with a float of {money.show(session.opening_float)}."
    raise Refusal.invalid("opening_float", cure)


def _move(
    session_id: int, amount: Decimal, signed: Decimal, voucher: Voucher, client_ref: UUID | None
) -> CashMovement:
    reason = voucher.note.strip()
    if amount <= 0:
        raise Refusal.invalid("amount", "The amount must be more than zero.")
    if not reason:
        raise Refusal.invalid("reason", "Write what the cash is for.")
    fields = {"client_ref": client_ref or uuid4(), "till_session_id": session_id, "amount": signed, "reason": reason}

    def write() -> CashMovement:
        with transaction.atomic():
            lock_open(voucher, session_id)
            return CashMovement.objects.create(
                **fields, moved_at=voucher.at, moved_on=voucher.on, moved_by=voucher.by
            )

    def is_same(earlier: CashMovement) -> bool:
        return all(getattr(earlier, name) == asked for name, asked in fields.items())

    return written_once(CashMovement, client_ref, write, is_same=is_same)[0]


def _close(session_id: int, count: Count, voucher: Voucher, close_ref: UUID) -> TillSession:
    with transaction.atomic():
        session = TillSession.objects.select_for_update().filter(pk=session_id).first()
        if session is None:
            raise Refusal.invalid("session", "There is no such till session.")
        if not session.is_open:
            return _closed_before(session, count, voucher, close_ref)
        session.open_for = None
        session.close_ref, session.note = close_ref, voucher.note
        session.closed_at, session.closed_on, session.closed_by = voucher.at, voucher.on, voucher.by
        session.denominations, session.counted = count.as_json(), count.total
        session.expected = drawer.expected_cash(session)
        session.over_short = session.counted - session.expected
        session.save()
        if voucher.by != session.cashier:
            told = {"subject": f"{session.number} of {called(session.cashier)}", "reason": voucher.note}
            events.record(events.TILL_SESSION_CLOSED, by=voucher.by, **told)
    return session


def _closed_before(session: TillSession, count: Count, voucher: Voucher, close_ref: UUID) -> TillSession:
    """The same form again gets its session; anybody else is told that they came too late."""
    if session.close_ref != close_ref:
        raise Refusal.invalid("session", f"{session.number} was closed meanwhile.")
    if (session.denominations, session.note) != (count.as_json(), voucher.note):
        raise ClientRefReused(session)
    return session
