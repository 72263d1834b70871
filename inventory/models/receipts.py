"""Goods that came in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.models.catalogue import Pack, Product, Supplier
from inventory.models.stock import StockMovement
from smartduka.ledger import LedgerRow
from smartduka.references import reference
from smartduka.text import LineField


class GoodsReceipt(LedgerRow):
    """One delivery, as it was received; a fact, corrected only by reversing its movements."""

    # Made with the page, so that a form that is sent twice is received once.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="receipts")
    supplier_reference = LineField(
        max_length=40,
        blank=True,
        default="",
        help_text="The number on the supplier's invoice or delivery note.",
    )
    total = models.DecimalField(max_digits=12, decimal_places=2)
    received_at = models.DateTimeField()
    received_on = models.DateField(help_text="The shop's day.")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(total__gte=0), name="receipt_total_not_negative")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return reference("GR", self.pk)


class GoodsReceiptLine(LedgerRow):
    """So much of one product, at what it cost."""

    receipt = models.ForeignKey(GoodsReceipt, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = models.PositiveIntegerField(help_text="Base units.")
    total = models.DecimalField(max_digits=12, decimal_places=2)
    movement = models.OneToOneField(StockMovement, on_delete=models.PROTECT, related_name="receipt_line")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="receipt_line_quantity_positive"),
            models.CheckConstraint(condition=Q(total__gte=0), name="receipt_line_total_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.product_id}"
