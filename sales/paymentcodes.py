"""Transaction codes that may be used once, whichever way the money came."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from sales.models import PaymentCode, Tender
from sales.tenders import Tendered
from smartduka import periods
from smartduka.refusals import Refusal


def hold(tenders: Sequence[Tender], tendered: Sequence[Tendered]) -> None:
    """Take the codes into use, one statement for all; IntegrityError when one is in use."""
    PaymentCode.objects.bulk_create(
        PaymentCode(scheme=each.type.code, code=each.reference, tender=tender)
        for tender, each in zip(tenders, tendered, strict=True)
        if each.type.code_pattern
    )


def release(codes: QuerySet[PaymentCode], *, at: datetime) -> None:
    """Free the codes for another use; their tenders still show them."""
    codes.filter(code__isnull=False).update(code=None, released_at=at)


def refuse_used(tendered: Sequence[Tendered]) -> None:
    """Raise `reference_used` when a code is in use, naming where and when."""
    for at, each in enumerate(tendered):
        if each.type.code_pattern is None:
            continue
        held = PaymentCode.objects.filter(scheme=each.type.code, code=each.reference)
        used = held.select_related("tender__sale", "tender__payment").first()
        if used:
            first, used_at = _first_use(used.tender)
            message = (
                f"{each.type.label} code {each.reference} was used already, "
                f"for {first} on {periods.show_instant(used_at)}."
            )
            raise Refusal("reference_used", message, {f"tenders.{at}.reference": message})


def _first_use(tender: Tender) -> tuple[str, datetime]:
    if tender.sale:
        return tender.sale.number, tender.sale.sold_at
    return tender.payment.number, tender.payment.received_at
