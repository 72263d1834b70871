"""Transaction codes that may be used once, whichever way the money came or went."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from sales.models import PaymentCode, Tender
from sales.tenders import TYPES, Tendered, TenderType
from smartduka import periods
from smartduka.refusals import Refusal


def hold(tenders: Iterable[Tender]) -> None:
    """Take the codes of money that came or was sent into use, in one statement; IntegrityError when one is."""
    PaymentCode.objects.bulk_create(
        PaymentCode(scheme=tender.type, code=tender.reference, tender=tender)
        for tender in tenders
        if TYPES[tender.type].code_pattern
    )


def release(codes: QuerySet[PaymentCode], *, at: datetime) -> None:
    """Free the codes for another use; their tenders still show them."""
    codes.filter(code__isnull=False).update(code=None, released_at=at)


def refuse_used(tendered: Sequence[Tendered], *, field: str = "tenders.{at}.reference") -> None:
    """Raise `reference_used` when a code is in use, naming where and when. `field` is where it was written."""
    for at, each in enumerate(tendered):
        message = say_used(each.type, each.reference) if each.type.code_pattern else None
        if message:
            raise Refusal("reference_used", message, {field.format(at=at): message})


def say_used(kind: TenderType, code: str) -> str | None:
    """Where and when a code was used that is in use, as a sentence; None when it is free."""
    held = PaymentCode.objects.filter(scheme=kind.code, code=code)
    used = held.select_related("tender__sale", "tender__sale_return", "tender__payment").first()
    if used is None:
        return None
    first, used_at = _first_use(used.tender)
    return f"{kind.label} code {code} was used already, for {first} on {periods.show_instant(used_at)}."


def _first_use(tender: Tender) -> tuple[str, datetime]:
    if tender.sale:
        return tender.sale.number, tender.sale.sold_at
    if tender.sale_return:
        return tender.sale_return.number, tender.sale_return.returned_at
    return tender.payment.number, tender.payment.received_at
