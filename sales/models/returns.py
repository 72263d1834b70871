"""Goods that came back, and sales that were cancelled."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from inventory.models import StockMovement
from sales.models.sale import Sale, SaleLine
from sales.models.sessions import TillSession
from sales.querysets import ReturnQuerySet
from smartduka import quantity
from smartduka.ledger import LedgerRow
from smartduka.references import reference


class Return(LedgerRow):
    """Goods of one sale that came back; a void when it cancels the whole sale. Written by `sales.returns` alone."""

    # Made with the page, so that a form that is sent twice takes the goods back once.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="returns")
    # Set on a void only, and unique, so that the database holds "a sale is voided once".
    voided_sale = models.OneToOneField(Sale, on_delete=models.PROTECT, null=True, related_name="void")
    reason = models.CharField(max_length=200)
    subtotal = models.DecimalField(max_digits=12, decimal_places=2, help_text="Sum of the lines.")
    rounding = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    total = models.DecimalField(max_digits=12, decimal_places=2, help_text="What the customer gets back.")
    till_session = models.ForeignKey(
        TillSession,
        on_delete=models.PROTECT,
        null=True,
        related_name="returns",
        help_text="Whose drawer paid. Empty: before there were sessions.",
    )
    returned_at = models.DateTimeField()
    returned_on = models.DateField(help_text="The shop's day.", db_index=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(subtotal__gte=0, total__gte=0), name="return_total_not_negative"),
            models.CheckConstraint(
                condition=Q(voided_sale__isnull=True) | Q(voided_sale=F("sale")),
                name="return_voids_its_own_sale",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="return_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return reference("R", self.pk)

    @property
    def is_void(self) -> bool:
        return self.voided_sale_id is not None


class ReturnLine(LedgerRow):
    """So much of one sale line came back.

    `returned_before` chains the returns of a line: it is unique per line, and what came back before plus what
    comes back now never exceeds what was sold. So two tills cannot take the same goods back twice.
    """

    sale_return = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    sale_line = models.ForeignKey(SaleLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField(help_text="Base units.")
    sold_quantity = models.PositiveIntegerField(help_text="Copied from the sale line.")
    returned_before = models.PositiveIntegerField(help_text="Base units of the line that had come back before.")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="At the price paid.")
    cost = models.DecimalField(max_digits=12, decimal_places=2, help_text="At the cost at which it left.")
    is_damaged = models.BooleanField(default=False, help_text="Written off at once instead of put on the shelf.")
    movement = models.OneToOneField(StockMovement, on_delete=models.PROTECT, null=True, related_name="return_line")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sale_line", "returned_before"], name="return_line_chain"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(sold_quantity__gte=F("returned_before") + F("quantity")),
                name="return_line_not_more_than_sold",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0, cost__gte=0), name="return_line_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_shown} {self.sale_line.product_name}"

    @property
    def quantity_shown(self) -> str:
        """In units; the sale line must have been fetched."""
        return quantity.show(self.quantity, self.sale_line.unit)
