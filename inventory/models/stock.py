"""The stock ledger."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models.catalogue import Product
from smartduka import quantity
from smartduka.ledger import LedgerRow


class StockMovement(LedgerRow):
    """Why the stock of a product changed, once, by how much, and what that was worth.

    The sum of a product's quantities is its stock, and so is the newest `quantity_after`.
    Written by `inventory.ledger` alone.
    """

    class Reason(models.TextChoices):
        OPENING = "opening", "opening stock"
        RECEIPT = "receipt", "goods receipt"
        SALE = "sale", "sale"
        SALE_RETURN = "sale_return", "return from a customer"
        WRITE_OFF = "write_off", "write-off"
        COUNT = "count", "stock count"
        REVERSAL = "reversal", "reversal"

    INCOMING = (Reason.OPENING, Reason.RECEIPT, Reason.SALE_RETURN)
    OUTGOING = (Reason.SALE, Reason.WRITE_OFF)
    EITHER_WAY = (Reason.COUNT, Reason.REVERSAL)

    client_ref = models.UUIDField(
        null=True, unique=True, help_text="Made with the page of a count or write-off, so that it is written once."
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="movements")
    quantity = models.IntegerField(help_text="Base units: + came in, − went out.")
    quantity_after = models.PositiveIntegerField(help_text="Base units on the shelf after this.")
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, help_text="Per unit; 0 when no cost is known.")
    value = models.DecimalField(max_digits=14, decimal_places=2, help_text="Quantity × unit cost, signed.")
    reason = models.CharField(max_length=12, choices=Reason)
    reference = models.CharField(max_length=20, blank=True, default="", help_text="The printed number of its cause.")
    note = models.CharField(max_length=200, blank=True, default="")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    posted_at = models.DateTimeField()
    posted_on = models.DateField(help_text="The shop's day.")
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the program.",
    )

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["product", "-id"], name="movement_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=("opening", "receipt", "sale_return"), quantity__gt=0)
                | Q(reason__in=("sale", "write_off"), quantity__lt=0)
                | Q(reason="count")
                | Q(reason="reversal", reverses__isnull=False) & ~Q(quantity=0),
                name="movement_sign_fits_reason",
            ),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="movement_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.reference or self.pk}"

    @property
    def quantity_shown(self) -> str:
        """The signed quantity in units; the product must have been fetched."""
        sign = "+" if self.quantity > 0 else "−" if self.quantity < 0 else ""
        return sign + quantity.show(abs(self.quantity), self.product.unit)

    @property
    def quantity_after_shown(self) -> str:
        return quantity.show(self.quantity_after, self.product.unit)
