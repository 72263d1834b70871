"""Who works here, and as what: the only writer of people, their roles and their passwords.

Only a superuser touches a superuser, and nobody locks himself out. Changes of people wait for one another, so that of
two owners who dismiss each other at the same moment one stays.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar

from axes.utils import reset as forget_failures
from django.contrib.auth.models import Group, User
from django.db import transaction

from smartduka import events, masterdata
from smartduka.databases.retries import retried
from smartduka.masterdata import Dossier, Fact
from smartduka.refusals import Refusal
from smartduka.roles import ROLES

T = TypeVar("T")


def groups_of(person: User) -> list[Group]:
    """The groups that this person is to have; those that are stored while nobody chose others."""
    chosen = person.__dict__.get("chosen_groups")
    return sorted(person.groups.all() if chosen is None else chosen, key=lambda group: group.name)


def role_of(person: User) -> str:
    """The mightiest role of this person, or ""."""
    held = {group.name for group in groups_of(person)}
    return next((role for role in ROLES if role in held), "")


PERSON = Dossier(
    subject=lambda person: person.get_username(),
    facts=[
        Fact("username", "user name", events.PERSON_CHANGED),
        Fact("first_name", "first name", events.PERSON_CHANGED),
        Fact("last_name", "last name", events.PERSON_CHANGED),
        Fact("email", "email", events.PERSON_CHANGED),
        Fact(
            "groups",
            "role",
            events.ROLE_CHANGED,
            show=lambda person: ", ".join(group.name for group in groups_of(person)) or "none",
            read=lambda person: [group.pk for group in groups_of(person)],
            store=lambda person: person.groups.set(groups_of(person)),
        ),
        Fact("is_active", "may log in", events.PERSON_CHANGED),
        Fact("is_staff", "may use the back office", events.PERSON_CHANGED),
        Fact("is_superuser", "superuser", events.PERSON_CHANGED),
    ],
    added=events.PERSON_CHANGED,
)


def choose(person: User, groups: Sequence[Group]) -> None:
    """From now on this person, when saved, is to have these groups."""
    person.__dict__["chosen_groups"] = groups


def choose_role(person: User, role: str) -> None:
    """As `choose`: this one role (or none), beside the groups that are no roles. Owners use the back office."""
    others = [group for group in person.groups.all() if group.name not in ROLES] if person.pk else []
    choose(person, [*Group.objects.filter(name=role), *others])
    if not person.is_superuser:
        person.is_staff = role == "Owner" or (role == "Manager" and person.is_staff)


def save(
    person: User, *, by: User, fields: Collection[str], seen: str | None = None, since: int | None = None
) -> User:
    """The person, saved, in the groups that were chosen; or the one whom the same form added before.

    Somebody new has a password already. Refuses who may not do this any more, whom only a superuser touches, what
    would lock out who asks, and what somebody else changed since the person was `seen`.
    """
    if person._state.adding:
        typed = [fact for fact in PERSON.among(fields) if not fact.store]

        def earlier() -> User | None:
            return None if since is None else masterdata.twin(person, typed, since=since)

        return _alone(lambda: masterdata.add(person, PERSON, by=by, earlier=earlier), by, "auth.add_user")

    def keep() -> User:
        _refuse_lock_out(person, by)
        _refuse_superuser(person, by=by)
        check = partial(_refuse_superuser, by=by)
        return masterdata.keep(person, PERSON, by=by, fields=fields, seen=seen, check=check)

    return _alone(keep, by, "auth.change_user")


def set_password(person: User, password: str, *, by: User) -> None:
    """A new password, which ends this person's sessions; who was locked out for wrong ones may try again."""
    # Slow on purpose, so not while the database is locked.
    person.set_password(password)

    def work() -> None:
        stored = User.objects.select_for_update().get(pk=person.pk)
        _refuse_superuser(stored, by=by)
        person.save(update_fields=["password"])
        forget_failures(username=person.get_username())
        subject = PERSON.subject(person)
        events.record(events.PERSON_CHANGED, by=by, subject=subject, fact="password", after="a new one")

    _alone(work, by, None if person == by else "auth.change_user")


def delete(person: User, *, by: User) -> None:
    """Delete somebody who never did anything here; refuses who has a history."""
    _refuse_superuser(person, by=by)
    masterdata.delete(person, PERSON, by=by)


def _alone(work: Callable[[], T], by: User, permission: str | None) -> T:
    """What `work` returns, while nobody else changes people, if `by` still has the permission."""

    def transact() -> T:
        with transaction.atomic():
            Group.objects.select_for_update().get(name="Owner")
            asking = User.objects.get(pk=by.pk)
            if not asking.is_active or (permission and not asking.has_perm(permission)):
                raise Refusal("forbidden", "You may not do this any more: somebody changed what you may do.")
            return work()

    return retried(transact)


def _refuse_superuser(person: User, *, by: User) -> None:
    if person.is_superuser and not by.is_superuser:
        raise Refusal("forbidden", "Only a superuser changes a superuser.")


def _refuse_lock_out(person: User, by: User) -> None:
    if person.pk == by.pk and not by.is_superuser and not (person.is_active and role_of(person) == "Owner"):
        raise Refusal("lock_out", "You would lock yourself out. Another owner can do this.")
