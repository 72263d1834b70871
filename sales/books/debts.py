"""What was tendered, held against the customer ledger and the transaction codes."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from customers.models import LedgerEntry
from sales.models import Tender
from sales.tenders import TYPES, is_on_account, on_account
from smartduka.databases.reading import in_chunks
from smartduka.references import reference

_FACTS = ("customer", "kind", "reference", "instant", "day", "person")
"""What an entry says, beside its amount, in the order of `_ENTRY` and of what a cause wants."""
_ENTRY = tuple(
    f"ledger_entry__{name}" for name in ("customer", "kind", "reference", "posted_at", "posted_on", "posted_by")
)


def entries() -> Iterator[str]:
    """Each tender that touches a debt, and no other, has its entry: of that customer, kind, number and amount."""
    touching = Q(type__in=on_account()) | Q(payment__isnull=False) | Q(ledger_entry__isnull=False)
    tenders = Tender.objects.filter(touching)
    for cause, wanted in _CAUSES.items():
        rows = tenders.filter(**{f"{cause}__isnull": False}).values_list(
            "pk", "type", "amount", "ledger_entry__amount", *_ENTRY, *wanted
        )
        for pk, kind, amount, entry, *facts in in_chunks(rows):
            expected = -amount if cause == "payment" else amount if is_on_account(kind) else None
            if entry != expected:
                yield f"Tender {pk}: its entry in the customer ledger is {entry}, and should be {expected}."
            if entry is not None:
                said, caused = facts[: len(_ENTRY)], _caused(cause, *facts[len(_ENTRY) :])
                for what, found, due in zip(_FACTS, said, caused, strict=True):
                    if found != due:
                        yield f"Tender {pk}: the {what} of its entry in the customer ledger is {found}, not {due}."


def orphans() -> Iterator[str]:
    """No debt was made, paid or credited without a tender that says so."""
    tendered = Q(kind__in=("charge", "payment", "credit_note")) | Q(reference__regex=r"^[SRP]-")
    without = LedgerEntry.objects.filter(tendered, tender__isnull=True).order_by("pk")
    for pk, number in without.values_list("pk", "reference"):
        yield f"Ledger entry {pk} names {number}, which has no tender for it."


def codes() -> Iterator[str]:
    """Each transaction code is held by its tender, or was freed: the payment was reversed, or the sale voided and its
    money went back the way it came."""
    schemes = [each.code for each in TYPES.values() if each.code_pattern]
    sent_back = Tender.objects.filter(sale_return__voided_sale=OuterRef("sale"), type=OuterRef("type"))
    coded = Tender.objects.filter(Q(type__in=schemes) | Q(payment_code__isnull=False))
    rows = coded.annotate(went_back=Exists(sent_back)).values_list(
        "pk", "type", "reference", "went_back", "payment__reverses", "payment__reversed_by",
        "payment_code", "payment_code__scheme", "payment_code__code",
    )  # fmt: skip
    for pk, kind, typed, went_back, reverses, undone, held, scheme, code in in_chunks(rows):
        has_code = kind in schemes and reverses is None
        expected = (kind, None if went_back or undone else typed) if has_code else (None, None)
        if bool(held) != has_code or (scheme, code) != expected:
            yield f"Tender {pk}: its code {typed} is not held as it should be."


_CAUSES: dict[str, tuple[str, ...]] = {
    "sale": ("sale", "sale__customer", "sale__sold_at", "sale__sold_on", "sale__cashier"),
    "sale_return": (
        "sale_return", "sale_return__sale__customer", "sale_return__returned_at", "sale_return__returned_on",
        "sale_return__returned_by",
    ),
    "payment": (
        "payment", "payment__customer", "payment__received_at", "payment__received_on", "payment__received_by",
        "payment__reverses",
    ),
}  # fmt: skip


def _caused(cause: str, pk: int, customer: int, at: Any, on: Any, by: int, reverses: int | None = None) -> list[Any]:
    """What the entry of such a tender says, in the order of `_FACTS`."""
    kinds = {"sale": "charge", "sale_return": "credit_note", "payment": "reversal" if reverses else "payment"}
    prefixes = {"sale": "S", "sale_return": "R", "payment": "P"}
    return [customer, kinds[cause], reference(prefixes[cause], pk), at, on, by]
