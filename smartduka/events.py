"""The diary: the only writer of `Event`.

A domain module that changes what an owner may ask about later records it in the same transaction as the change, so
that neither can be there without the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from smartduka.counting import counted
from smartduka.models import Event

LOGGED_IN = "logged_in"
LOCKED_OUT = "locked_out"
PRICE_CHANGED = "price_changed"
LIMIT_CHANGED = "limit_changed"
ROLE_CHANGED = "role_changed"
PERSON_CHANGED = "person_changed"
MASTER_DATA_CHANGED = "master_data_changed"
SHOP_CHANGED = "shop_changed"
OVERRIDDEN = "overridden"
TILL_SESSION_CLOSED = "till_session_closed"
BOOKS_CHECKED = "books_checked"
BACKUP_DOWNLOADED = "backup_downloaded"
BACKUP_UPLOADED = "backup_uploaded"
RESTORE_ASKED = "restore_asked"
RESTORED = "restored"

KINDS = {
    LOGGED_IN: "Logged in",
    LOCKED_OUT: "Locked out",
    PRICE_CHANGED: "Price changed",
    LIMIT_CHANGED: "Credit limit changed",
    ROLE_CHANGED: "Role changed",
    PERSON_CHANGED: "Person changed",
    MASTER_DATA_CHANGED: "Goods or customers changed",
    SHOP_CHANGED: "Shop settings changed",
    OVERRIDDEN: "Rule overridden",
    TILL_SESSION_CLOSED: "Till session closed for somebody",
    BOOKS_CHECKED: "Books checked",
    BACKUP_DOWNLOADED: "Backup downloaded",
    BACKUP_UPLOADED: "Backup uploaded",
    RESTORE_ASKED: "Restore asked for",
    RESTORED: "Restored from a backup",
}
"""Every kind there is, and what people call it."""

ROUTINE = {LOGGED_IN, LOCKED_OUT, BOOKS_CHECKED, BACKUP_DOWNLOADED, BACKUP_UPLOADED, RESTORE_ASKED, RESTORED}
"""What happens without changing the shop; a backup need not be made for it."""


CLEAN = "they tie out"
"""What an event of BOOKS_CHECKED says when nothing was found."""


@dataclass(frozen=True)
class Override:
    """One rule that was put aside: what it was about, what it would have been, and what it became."""

    subject: str
    fact: str
    before: str
    after: str


def record(
    kind: str,
    *,
    by: User | None,
    subject: str = "",
    fact: str = "",
    before: str = "",
    after: str = "",
    reason: str = "",
) -> Event:
    """Write down that it happened, now. Texts that are too long are cut, for a diary must not stop the work."""
    event = _event(kind, subject, fact, before, after, reason, at=timezone.now(), by=by)
    event.save(force_insert=True)
    return event


def overridden(overrides: Iterable[Override], *, by: User | None, reason: str, at: datetime) -> None:
    """Somebody who may do so put rules aside, for a reason; in one statement, none when there is none."""
    Event.objects.bulk_create(
        _event(OVERRIDDEN, each.subject, each.fact, each.before, each.after, reason, at=at, by=by)
        for each in overrides
    )


def books_checked(differences: int) -> Event:
    """The books were audited, and so much did not tie out."""
    return record(BOOKS_CHECKED, by=None, after=counted(differences, "difference") if differences else CLEAN)


def last_check(now: datetime) -> Event | None:
    """The newest audit of the books. One that is dated ahead is of a wrong clock, and not known to be new."""
    return Event.objects.filter(kind=BOOKS_CHECKED, happened_at__lte=now).first()


def _event(
    kind: str, subject: str, fact: str, before: str, after: str, reason: str, *, at: datetime, by: User | None
) -> Event:
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of event.")
    return Event(
        kind=kind,
        subject=subject[:160],
        fact=fact[:60],
        before=before[:200],
        after=after[:200],
        reason=reason[:200],
        happened_at=at,
        by=by,
    )


def listen() -> None:
    """Hear of logins and lock-outs; Django and axes tell of them by signals alone."""
    user_logged_in.connect(_logged_in, dispatch_uid="smartduka.events")
    user_locked_out.connect(_locked_out, dispatch_uid="smartduka.events")


def _logged_in(*, user: User, **kwargs: Any) -> None:
    record(LOGGED_IN, by=user, subject=user.get_username())


def _locked_out(*, username: str, ip_address: str, **kwargs: Any) -> None:
    """Once per lock-out: axes tells of every attempt until it is over."""
    lock_out = {"subject": (username or "")[:160], "reason": f"Five wrong passwords from {ip_address}"}
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    if not Event.objects.filter(kind=LOCKED_OUT, happened_at__gt=since, **lock_out).exists():
        record(LOCKED_OUT, by=None, **lock_out)
