"""Money that came in and went out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from customers.models import Customer, LedgerEntry
from sales import tenders
from sales.models.returns import Return
from sales.models.sale import Sale
from sales.models.sessions import TillSession
from smartduka.ledger import LedgerRow
from smartduka.references import reference


class Payment(LedgerRow):
    """Money a customer brought for a debt, or its reversal. Written by `sales.payments` alone."""

    # Made by the form before it is sent, so that a payment sent twice is received once.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="+ received, − reversed.")
    note = models.CharField(max_length=200, blank=True, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    till_session = models.ForeignKey(
        TillSession,
        on_delete=models.PROTECT,
        null=True,
        related_name="payments",
        help_text="Whose drawer it went into. Empty: before there were sessions.",
    )
    received_at = models.DateTimeField()
    received_on = models.DateField(help_text="The shop's day.", db_index=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="payment_sign_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return reference("P", self.pk)


class Tender(LedgerRow):
    """One means of payment within a sale, a return or a payment. Change is a negative cash tender.

    The tenders of a sale add up to its total, those of a return to minus its total.
    """

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, null=True, related_name="tenders")
    sale_return = models.ForeignKey(Return, on_delete=models.PROTECT, null=True, related_name="tenders")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="tenders")
    # No choices: the types live in `sales.tenders`, and a new one needs no migration.
    type = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="+ came in, − went out.")
    reference = models.CharField(max_length=60, blank=True, default="", help_text="M-Pesa code, card slip …")
    ledger_entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="tender")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sale__isnull=False, sale_return__isnull=True, payment__isnull=True)
                | Q(sale__isnull=True, sale_return__isnull=False, payment__isnull=True)
                | Q(sale__isnull=True, sale_return__isnull=True, payment__isnull=False),
                name="tender_has_one_cause",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="tender_amount_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount}"

    @property
    def label(self) -> str:
        """What people call this means of payment; change has a name of its own."""
        return "Change" if self.sale_id and self.amount < 0 else tenders.label(self.type)

    @property
    def is_on_account(self) -> bool:
        return tenders.is_on_account(self.type)


class PaymentCode(models.Model):
    """A transaction code, used once, whichever way it came: of a sale, of a payment, or of money sent back.

    A forged or twice-shown M-Pesa message is the commonest fraud at a counter, so the database refuses a code
    that is in use. Reversing the payment frees it, and so does voiding the sale, if the money goes back the way it
    came; otherwise it could be had in cash and spent again by its code. A free code is NULL here since
    `released_at`; the tender's reference still shows what it was.
    """

    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=60, null=True)  # noqa: DJ001 – NULL is "released"
    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="payment_code")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="payment_code_used_once"),
            models.CheckConstraint(
                condition=Q(code__isnull=False, released_at__isnull=True)
                | Q(code__isnull=True, released_at__isnull=False),
                name="payment_code_released_when_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code or '(released)'}"

    @property
    def is_released(self) -> bool:
        return self.code is None
