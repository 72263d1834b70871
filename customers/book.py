"""Who the shop knows: the only writer of what people type about customers."""

from collections.abc import Collection
from functools import partial

from django.contrib.auth.models import User

from customers.models import Customer
from smartduka import events, masterdata
from smartduka.masterdata import Dossier, Fact
from smartduka.refusals import Refusal
from smartduka.search import fold

CUSTOMER = Dossier(
    subject=lambda customer: f"{customer.name} ({customer.phone_shown})" if customer.phone else customer.name,
    facts=[
        Fact("name", "name"),
        Fact("phone", "phone", show=lambda customer: customer.phone_shown),
        Fact("credit_limit", "credit limit", events.LIMIT_CHANGED),
        Fact("notes", "notes"),
        Fact("is_active", "active"),
    ],
)


def save(customer: Customer, *, by: User | None, fields: Collection[str], seen: str | None = None) -> Customer:
    """The customer, saved; or the one that was added when the same form, with its `public_id`, was sent before.

    Refuses what somebody else changed since it was `seen`, and a phone that somebody else took.
    """
    if not customer._state.adding:
        return masterdata.keep(customer, CUSTOMER, by=by, fields=fields, seen=seen)
    twin = Customer.objects.filter(public_id=customer.public_id)
    return masterdata.add(customer, CUSTOMER, by=by, earlier=twin.first)


def introduce(name: str, phone: str | None, *, by: User | None) -> tuple[Customer, bool]:
    """The active customer of that name and phone, and whether they are new: asked twice, one is added.

    Refuses the phone of somebody else, naming them.
    """
    holder = Customer.objects.filter(phone=phone).first() if phone else None
    if holder and not (holder.is_active and fold(holder.name) == fold(name)):
        message = f"This is the phone of {holder}"
        raise Refusal.invalid("phone", f"{message}." if holder.is_active else f"{message}, who is not active.")
    customer = Customer(name=name, phone=phone)
    kept = masterdata.add(customer, CUSTOMER, by=by, earlier=partial(_known, name, phone))
    return kept, kept is customer


def _known(name: str, phone: str | None) -> Customer | None:
    """Names are the same however they are capitalised, on every engine."""
    called = fold(name)
    namesakes = Customer.objects.active().filter(phone=phone, search_text=called[:255]).order_by("pk")
    return next((each for each in namesakes if fold(each.name) == called), None)


def delete(customer: Customer, *, by: User | None) -> None:
    """Delete somebody who never bought on account; refuses who has a history."""
    masterdata.delete(customer, CUSTOMER, by=by)
