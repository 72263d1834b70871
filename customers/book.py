"""Who the shop knows: the only writer of what people type about customers."""

from collections.abc import Collection

from django.contrib.auth.models import User

from customers.models import Customer
from smartduka import events, masterdata
from smartduka.masterdata import Dossier, Fact

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


def delete(customer: Customer, *, by: User | None) -> None:
    """Delete somebody who never bought on account; refuses who has a history."""
    masterdata.delete(customer, CUSTOMER, by=by)
