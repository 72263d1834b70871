"""Rows that people edit: goods, customers, people, the shop itself.

Every change goes through `add`, `keep` or `delete`. They lock the row, refuse when somebody else changed it since it
was shown, and write each changed fact into the diary, in the same transaction.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError
from django.utils.crypto import salted_hmac

from smartduka import events, money
from smartduka.databases.retries import retried
from smartduka.models import Event
from smartduka.refusals import Refusal
from smartduka.search import FoldedField

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Fact:
    """One thing about a row that people change: its field, what they call it, and how they read it."""

    field: str
    label: str
    kind: str = events.MASTER_DATA_CHANGED
    show: Callable[[Any], str] | None = None
    """How people read it, where that is not plain."""
    read: Callable[[Any], Any] | None = None
    store: Callable[[Any], None] | None = None
    """How it is read and stored, where it is no column of the row."""

    def shown(self, row: Model) -> str:
        if self.show:
            return self.show(row)
        match getattr(row, self.field):
            case None:
                return ""
            case bool(yes):
                return "yes" if yes else "no"
            case Decimal() as amount:
                return money.show(amount)
            case words:
                return str(words)

    def value(self, row: Model) -> Any:
        """What is compared."""
        if self.read:
            return self.read(row)
        column: Any = row._meta.get_field(self.field)
        return column.to_python(getattr(row, column.attname))

    def is_taken(self, row: Model) -> bool:
        """Whether another row has what only one may have."""
        column: Any = None if self.read else row._meta.get_field(self.field)
        if column is None or not column.unique:
            return False
        return type(row)._default_manager.exclude(pk=row.pk).filter(**{self.field: self.value(row)}).exists()


@dataclass(frozen=True)
class Dossier:
    """What people know about one kind of row, and what the diary calls such a row."""

    facts: Sequence[Fact]
    subject: Callable[[Any], str]
    added: str = events.MASTER_DATA_CHANGED
    """The kind of event that a new or deleted row is."""

    def among(self, fields: Collection[str]) -> list[Fact]:
        return [fact for fact in self.facts if fact.field in fields]


class ChangedMeanwhile(Refusal):
    """Somebody else changed the row between the look at it and the answer; `seen` is how it is now."""

    def __init__(self, changed: dict[Fact, str], seen: str) -> None:
        fields = {fact.field: said for fact, said in changed.items()}
        what = ", ".join(fact.label for fact in changed)
        message = f"While you wrote, somebody else changed the {what}. Look again, then send it to keep yours."
        super().__init__("changed_meanwhile", message, fields)
        self.seen = seen


def seen(row: Model, facts: Sequence[Fact]) -> str:
    """How the row is, as a short text that a form carries and nobody can read prices from."""
    return ",".join(_mark(row, fact) for fact in facts)


def add(row: Row, dossier: Dossier, *, by: User | None, earlier: Callable[[], Row | None] = lambda: None) -> Row:
    """Save a new row, unless it was sent before: then `earlier` finds the first one, which is answered."""
    if found := earlier():
        return found
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            events.record(dossier.added, by=by, subject=dossier.subject(row), after="added")
            for fact in dossier.facts:
                if fact.store and fact.value(row):
                    fact.store(row)
                    events.record(
                        fact.kind, by=by, subject=dossier.subject(row), fact=fact.label, after=fact.shown(row)
                    )
    except IntegrityError:
        if found := earlier():
            return found
        raise _taken(row, dossier.facts) from None
    return row


def keep(
    row: Row,
    dossier: Dossier,
    *,
    by: User | None,
    fields: Collection[str],
    seen: str | None = None,
    check: Callable[[Row], None] | None = None,
) -> Row:
    """Save those `fields` of a row that differ from what is stored, and write each into the diary.

    With `seen`, refuses with ChangedMeanwhile rather than to write over what was not shown. Sent again it changes
    nothing and is no refusal. What is stored beside these fields stays as it is. `check` is asked with the row as
    it is stored, locked, and may refuse too.
    """
    facts = dossier.among(fields)
    try:
        return retried(lambda: _keep(row, dossier, by, facts, seen, check))
    except IntegrityError:
        raise _taken(row, facts) from None


def delete(row: Model, dossier: Dossier, *, by: User | None) -> None:
    """Delete a row that nothing hangs on. Refuses what has a history."""
    subject = dossier.subject(row)
    try:
        with transaction.atomic():
            row.delete()
            events.record(dossier.added, by=by, subject=subject, after="deleted")
            if connection.vendor == "postgresql":
                # Its foreign keys are asked at the commit, which may be an outer one that nobody here hears of.
                connection.check_constraints()
    except (ProtectedError, IntegrityError):
        raise Refusal("in_use", f"{row} is in use, and stays.") from None


def twin(row: Row, facts: Sequence[Fact], *, since: int) -> Row | None:
    """The row with the same facts that came after the row `since`: the same form, sent twice."""
    same = {fact.field: getattr(row, fact.field) for fact in facts}
    return type(row)._default_manager.filter(pk__gt=since, **same).order_by("pk").first()


def newest(model: type[Model]) -> int:
    """What `since` is at the moment: the newest row's key, 0 before there is one."""
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _keep(
    row: Row,
    dossier: Dossier,
    by: User | None,
    facts: list[Fact],
    shown: str | None,
    check: Callable[[Row], None] | None,
) -> Row:
    with transaction.atomic():
        stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
        changed = [fact for fact in facts if fact.value(stored) != fact.value(row)]
        if shown is not None:
            _refuse_stale(stored, dossier, facts, changed, shown)
        if check:
            check(stored)
        was = [fact.shown(stored) for fact in changed]
        _store(row, changed)
        for fact, before in zip(changed, was, strict=True):
            events.record(
                fact.kind,
                by=by,
                subject=dossier.subject(row),
                fact=fact.label,
                before=before,
                after=fact.shown(row),
            )
    return row


def _store(row: Model, facts: list[Fact]) -> None:
    """Write these facts and no others; what is folded for searching follows them."""
    columns = [fact.field for fact in facts if not fact.store]
    if columns:
        folded = [each.name for each in row._meta.concrete_fields if isinstance(each, FoldedField)]
        row.save(update_fields=columns + folded)
    for fact in facts:
        if fact.store:
            fact.store(row)


def _refuse_stale(stored: Model, dossier: Dossier, facts: list[Fact], changed: list[Fact], shown: str) -> None:
    """Refuse to write over what was not shown, saying what it is now and, if the diary knows, by whom."""
    as_shown = set(shown.split(","))
    stale = [fact for fact in changed if _mark(stored, fact) not in as_shown]
    if stale:
        subject = dossier.subject(stored)
        raise ChangedMeanwhile({fact: _say(fact, stored, subject) for fact in stale}, seen(stored, facts))


def _say(fact: Fact, stored: Model, subject: str) -> str:
    shown = fact.shown(stored)
    entry = Event.objects.about(subject, fact.label).filter(after=shown[:200]).select_related("by").first()
    who = entry.who if entry and entry.by else "Somebody"
    return f"{who} changed this meanwhile: it is now {shown or 'empty'}."


def _taken(row: Model, facts: Sequence[Fact]) -> Refusal:
    """Two looked before either wrote, and the database had the last word."""
    taken = {fact.field: f"Somebody else took this {fact.label} just now." for fact in facts if fact.is_taken(row)}
    message = next(iter(taken.values()), "This does not go together with what somebody else saved just now.")
    return Refusal("taken", message, taken)


def _mark(row: Model, fact: Fact) -> str:
    """Salted, for prices are few and a plain digest of one is soon guessed."""
    return f"{fact.field}={salted_hmac('smartduka.masterdata', str(fact.value(row))).hexdigest()[:12]}"
