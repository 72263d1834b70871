"""Who owes what."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers import phones
from customers.querysets import CustomerQuerySet
from smartduka.ledger import LedgerRow
from smartduka.search import FoldedField
from smartduka.text import LineField, ProseField


class Customer(models.Model):
    """Somebody the shop knows by name; may buy on account up to the credit limit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = LineField(max_length=80)
    # Unique when present: NULL, never an empty text. A customer without a phone is normal.
    phone = models.CharField(max_length=16, unique=True, null=True, blank=True, default=None)
    credit_limit = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0), "A limit cannot be below zero.")],
        help_text="The most this customer may owe. 0: cash only.",
    )
    notes = ProseField(blank=True, default="", max_length=2000)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search_text = FoldedField(of=("name",), max_length=255)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [("write_off_debt", "Can write off a debt")]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_limit__gte=0),
                name="customer_limit_not_negative",
                violation_error_message="A limit cannot be below zero.",
            ),
            models.CheckConstraint(condition=~Q(phone=""), name="customer_phone_null_when_absent"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (str(self.public_id),)

    def clean_fields(self, exclude: set[str] | None = None) -> None:
        if "phone" not in (exclude or ()):
            try:
                self.phone = phones.parse(self.phone) if self.phone else None
            except ValueError as error:
                raise ValidationError({"phone": str(error)}) from None
        super().clean_fields(exclude)

    @property
    def phone_shown(self) -> str:
        return phones.show(self.phone) if self.phone else ""


class LedgerEntry(LedgerRow):
    """Why a customer's debt changed, once, and by how much. The balance is the sum of the amounts.

    Written by `customers.ledger` alone.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "charge"
        PAYMENT = "payment", "payment"
        CREDIT_NOTE = "credit_note", "credit note"
        WRITE_OFF = "write_off", "write-off"
        REVERSAL = "reversal", "reversal"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="+ owes more, − owes less.")
    due_on = models.DateField(null=True, help_text="When a charge is to be paid.")
    reference = models.CharField(max_length=20, blank=True, default="", help_text="The printed number of its cause.")
    note = models.CharField(max_length=200, blank=True, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    posted_at = models.DateTimeField()
    posted_on = models.DateField(help_text="The shop's day.")
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["customer", "amount"], name="entry_balances")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="charge", amount__gt=0, due_on__isnull=False)
                | Q(kind__in=("payment", "credit_note", "write_off"), amount__lt=0)
                | Q(kind="reversal", reverses__isnull=False) & ~Q(amount=0),
                name="entry_sign_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference or self.pk}"
