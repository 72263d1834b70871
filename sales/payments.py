"""Money that customers bring for their debts."""

from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from customers import ledger as customer_ledger
from sales import paymentcodes, sessions
from sales.models import Payment, PaymentCode, Tender
from sales.tenders import Tendered
from smartduka.databases.retries import retried
from smartduka.ledger import Voucher
from smartduka.once import written_once
from smartduka.refusals import Refusal


def receive_payment(
    customer_id: int,
    tendered: Tendered,
    voucher: Voucher,
    *,
    drawer: int | None = None,
    client_ref: UUID | None = None,
) -> Payment:
    """The customer pays; more than is owed becomes credit. The same `client_ref` again gets the first payment.

    `drawer` is the till session that the money goes into: the own one of whoever takes it, when none is chosen.

    Refuses a payment on account, an amount of zero, and, as `reference_used`, a transaction code in use.
    """
    if tendered.type.is_on_account:
        raise Refusal.invalid("type", "A debt cannot be paid on account.")
    if tendered.amount <= 0:
        raise Refusal.invalid("amount", "The amount must be more than zero.")
    client_ref = client_ref or uuid4()
    write = partial(_receive, customer_id, tendered, voucher, drawer, client_ref)
    same = partial(_is_same, customer_id=customer_id, tendered=tendered, note=voucher.note, drawer=drawer)
    try:
        return written_once(Payment, client_ref, write, is_same=same)[0]
    except IntegrityError:
        paymentcodes.refuse_used([tendered], field="reference")
        raise


def reverse_payment(payment_id: int, voucher: Voucher, *, drawer: int | None = None) -> Payment:
    """Answer a mistaken payment by its opposite; its transaction code is free again. Once only.

    The money goes out of the `drawer`: the own one of whoever reverses it, when none is chosen.
    """
    return retried(partial(_reverse, payment_id, voucher, drawer))


def _receive(customer_id: int, tendered: Tendered, voucher: Voucher, drawer: int | None, client_ref: UUID) -> Payment:
    with transaction.atomic():
        till_session = sessions.lock_open(voucher, drawer)
        customer = customer_ledger.lock(customer_id)
        payment = Payment.objects.create(
            client_ref=client_ref,
            customer=customer,
            amount=tendered.amount,
            note=voucher.note,
            till_session=till_session,
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
        paymentcodes.hold([tender])
    return payment


def _is_same(earlier: Payment, *, customer_id: int, tendered: Tendered, note: str, drawer: int | None) -> bool:
    """Whether the payment is of the same money, from the same customer."""
    tender = earlier.tenders.get()
    written = (earlier.customer_id, earlier.note, earlier.amount, tender.type, tender.reference)
    asked = (customer_id, note, tendered.amount, tendered.type.code, tendered.reference)
    return written == asked and drawer in (None, earlier.till_session_id)


def _reverse(payment_id: int, voucher: Voucher, drawer: int | None) -> Payment:
    with transaction.atomic():
        till_session = sessions.lock_open(voucher, drawer)
        payment = Payment.objects.filter(pk=payment_id, reverses__isnull=True).first()
        if payment is None:
            raise Refusal.invalid("payment", "There is no such payment.")
        customer_ledger.lock(payment.customer_id)
        if Payment.objects.filter(reverses=payment).exists():
            raise Refusal.invalid("payment", f"{payment.number} is reversed already.")
        reversal = Payment.objects.create(
            customer_id=payment.customer_id,
            amount=-payment.amount,
            note=voucher.note,
            reverses=payment,
            till_session=till_session,
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
