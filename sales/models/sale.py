"""A sale, its lines, and the paper on which it was printed."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from customers.models import Customer
from inventory.models import Pack, Product, StockMovement
from sales.models.sessions import TillSession
from sales.querysets import SaleQuerySet
from smartduka import money, quantity
from smartduka.ledger import LedgerRow
from smartduka.quantity import Unit
from smartduka.references import reference


class Sale(LedgerRow):
    """What one customer bought at one time. Written by `sales.checkout` alone; undone by a return or a void."""

    # Made by the till before it asks, so that a sale whose answer was lost is never rung up twice.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True, default="", help_text="Digest of what the till sent.")
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="sales")
    till_session = models.ForeignKey(
        TillSession,
        on_delete=models.PROTECT,
        null=True,
        related_name="sales",
        help_text="The session that received it. Empty: sold before there were any.",
    )
    sold_at = models.DateTimeField()
    sold_on = models.DateField(help_text="The shop's day.", db_index=True)
    received_at = models.DateTimeField(help_text="When the books got it; later than sold_at after a network failure.")
    subtotal = models.DecimalField(max_digits=12, decimal_places=2, help_text="Sum of the lines.")
    rounding = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    total = models.DecimalField(max_digits=12, decimal_places=2, help_text="Subtotal plus rounding: what is paid.")
    note = models.CharField(max_length=200, blank=True, default="")

    objects = SaleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("change_price", "Can change a price or give a discount, down to the floor price"),
            ("sell_below_floor", "Can sell below the floor price, for a reason"),
            ("void_sale", "Can void a sale"),
            ("view_today", "Can see what the shop sold and made"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(subtotal__gte=0, total__gte=0), name="sale_total_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return reference("S", self.pk)


class SaleLine(LedgerRow):
    """So much of one product at one price. Everything shown on a receipt is copied here and never changes."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="sale_lines")
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, null=True, related_name="+")
    product_name = models.CharField(max_length=120)
    unit = models.CharField(max_length=8, choices=Unit, default=Unit.PIECE)
    sold_as = models.CharField(max_length=60, help_text="What the price is for: a piece, a kg, a carton of 12.")
    priced_per = models.PositiveIntegerField(default=1, help_text="How many base units the price is for.")
    quantity = models.PositiveIntegerField(help_text="Base units.")
    list_price = models.DecimalField(max_digits=10, decimal_places=2, help_text="The price on the shelf then.")
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, help_text="The price charged.")
    asked_amount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        help_text="For how much money it was asked, as in sugar for 20: the line comes to exactly this.",
    )
    discount = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    line_total = models.DecimalField(max_digits=12, decimal_places=2)
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, help_text="Per unit; 0 when no cost is known.")
    line_cost = models.DecimalField(max_digits=12, decimal_places=2)
    movement = models.OneToOneField(
        StockMovement,
        on_delete=models.PROTECT,
        null=True,
        related_name="sale_line",
        help_text="Empty: not counted, or sold before the stock ledger began.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, priced_per__gt=0), name="sale_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, discount__gte=0, line_total__gte=0, line_cost__gte=0),
                name="sale_line_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(asked_amount__isnull=True)
                | Q(asked_amount__gt=0, asked_amount__gte=F("line_total"), pack__isnull=True),
                name="sale_line_asked_amount_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_shown} {self.product_name}"

    @property
    def quantity_shown(self) -> str:
        """What was sold: "0.25 kg", "2 × Carton of 12", "3"."""
        if self.pack_id:
            return f"{self.quantity // self.priced_per} × {self.sold_as}"
        return quantity.show(self.quantity, self.unit)

    @property
    def asked_shown(self) -> str:
        """As it was asked for: "0.125 kg for 20" by shillings, else what was sold."""
        if self.asked_amount is None:
            return self.quantity_shown
        return f"{self.quantity_shown} for {money.show(self.asked_amount)}"


class ReceiptPrint(LedgerRow):
    """The receipt of a sale was printed; only the first time is it the original, then it is a copy."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="prints")
    ordinal = models.PositiveIntegerField(help_text="1: the original.")
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sale", "ordinal"], name="receipt_print_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="receipt_print_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sale_id} print {self.ordinal}"
