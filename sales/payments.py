"""Money that customers bring for their debts."""

from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from customers import ledger as customer_ledger
from sales import paymentcodes
from sales.models import Payment, PaymentCode, Tender
from sales.tenders import Tendered
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
from smartduka.refusals import Refusal


class ClientRefReused(Refusal):
    """The same client_ref came with another payment."""

    def __init__(self, payment: Payment) -> None:
        message = f"This form was used already, for {payment.number}: open it again for another payment."
        super().__init__("client_ref_reused", message)


def receive_payment(
    customer_id: int, tendered: Tendered, voucher: Voucher, *, client_ref: UUID | None = None
) -> Payment:
    """The customer pays; more than is owed becomes credit. The same `client_ref` again gets the first payment.

    Refuses a payment on account, an amount of zero, and, as `reference_used`, a transaction code in use.
    """
    if tendered.type.is_on_account:
        raise _invalid("type", "A debt cannot be paid on account.")
    if tendered.amount <= 0:
        raise _invalid("amount", "The amount must be more than zero.")
    client_ref = client_ref or uuid4()
    try:
        return retried(partial(_receive, customer_id, tendered, voucher, client_ref))
    except IntegrityError:
        earlier = Payment.objects.filter(client_ref=client_ref).first()
        if earlier is None:
            paymentcodes.refuse_used([tendered])
            raise
        if (earlier.customer_id, earlier.amount) != (customer_id, tendered.amount):
            raise ClientRefReused(earlier) from None
        return earlier


def reverse_payment(payment_id: int, voucher: Voucher) -> Payment:
    """Answer a mistaken payment by its opposite; its transaction code is free again. Once only."""
    return retried(partial(_reverse, payment_id, voucher))


def _receive(customer_id: int, tendered: Tendered, voucher: Voucher, client_ref: UUID) -> Payment:
    with transaction.atomic():
        customer = customer_ledger.lock(customer_id)
        payment = Payment.objects.create(
            client_ref=client_ref,
            customer=customer,
            amount=tendered.amount,
            note=voucher.note,
            received_at=voucher.at,
            received_on=voucher.on,
            received_by=voucher.by,
        )
        entry = customer_ledger.receive_payment(customer, tendered.amount, replace(voucher, reference=payment.number))
        tender = Tender.objects.create(
            payment=payment,
            type=tendered.type.code,
            amount=tendered.amount,
            reference=tendered.reference,
            ledger_entry=entry,
        )
        paymentcodes.hold([tender], [tendered])
    return payment


def _reverse(payment_id: int, voucher: Voucher) -> Payment:
    with transaction.atomic():
        payment = Payment.objects.filter(pk=payment_id, reverses__isnull=True).first()
        if payment is None:
            raise _invalid("payment", "There is no such payment.")
        customer_ledger.lock(payment.customer_id)
        if Payment.objects.filter(reverses=payment).exists():
            raise _invalid("payment", f"{payment.number} is reversed already.")
        reversal = Payment.objects.create(
            customer_id=payment.customer_id,
            amount=-payment.amount,
            note=voucher.note,
            reverses=payment,
            received_at=voucher.at,
            received_on=voucher.on,
            received_by=voucher.by,
        )
        numbered = replace(voucher, reference=reversal.number)
        for tender in payment.tenders.select_related("ledger_entry__customer"):
            Tender.objects.create(
                payment=reversal,
                type=tender.type,
                amount=-tender.amount,
                reference=tender.reference,
                ledger_entry=customer_ledger.reverse(tender.ledger_entry, numbered),
            )
        paymentcodes.release(PaymentCode.objects.filter(tender__payment=payment), at=voucher.at)
    return reversal


def _invalid(field: str, message: str) -> Refusal:
    return Refusal("invalid", message, {field: message})
