"""What the shop deals in."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inventory.querysets import CategoryQuerySet, PackQuerySet, ProductQuerySet, SupplierQuerySet
from smartduka import money, quantity
from smartduka.quantity import Unit
from smartduka.search import FoldedField
from smartduka.text import LineField

NOT_NEGATIVE = MinValueValidator(Decimal(0), "An amount cannot be below zero.")
BARCODE = RegexValidator(r"^[0-9A-Za-z._-]+\Z", "A barcode has only letters, digits, dots and dashes.")


class Category(models.Model):
    """A shelf label. It is protected: deleting a label must not delete goods."""

    name = LineField(max_length=60, unique=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)


class Supplier(models.Model):
    """Where goods come from."""

    name = LineField(max_length=80, unique=True)
    phone = LineField(max_length=16, null=True, blank=True, default=None)
    is_active = models.BooleanField(default=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)


class Product(models.Model):
    """One kind of goods.

    Prices are per unit and include VAT. `stock_quantity`, `average_cost` and `last_sold_at` are written by
    `inventory.ledger` alone, so no fixture holds them.
    """

    name = LineField(max_length=120)
    sku = models.CharField(
        "SKU",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9._-]+\Z", "A SKU has only A–Z, 0–9, dots, dashes and underscores.")],
    )
    # Unique when present: NULL, never an empty text, because not every engine has partial unique indexes.
    barcode = models.CharField(max_length=48, unique=True, null=True, blank=True, default=None, validators=[BARCODE])
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    unit = models.CharField(max_length=8, choices=Unit, default=Unit.PIECE)
    buying_price = models.DecimalField(max_digits=10, decimal_places=2, validators=[NOT_NEGATIVE])
    selling_price = models.DecimalField(max_digits=10, decimal_places=2, validators=[NOT_NEGATIVE])
    floor_price = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[NOT_NEGATIVE],
        help_text="The lowest price anybody may sell at. Empty: the selling price.",
    )
    stock_quantity = models.PositiveIntegerField(default=0, editable=False, serialize=False)
    low_stock_threshold = models.PositiveIntegerField(default=0)
    average_cost = models.DecimalField(
        max_digits=14, decimal_places=4, default=Decimal(0), editable=False, serialize=False
    )
    is_counted = models.BooleanField(
        "stock is counted", default=True, help_text="Off for airtime and services, which sell without stock."
    )
    is_active = models.BooleanField("on sale", default=True)
    last_sold_at = models.DateTimeField(null=True, editable=False, serialize=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    search_text = FoldedField(of=("name", "sku"), max_length=255)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [
            ("view_cost", "Can see costs and profit"),
            ("count_stock", "Can count stock and write it off"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(buying_price__gte=0, selling_price__gte=0),
                name="product_prices_not_negative",
                violation_error_message="A price cannot be below zero.",
            ),
            models.CheckConstraint(
                condition=Q(floor_price__isnull=True) | Q(floor_price__gte=0, floor_price__lte=F("selling_price")),
                name="product_floor_not_above_price",
                violation_error_message="The floor price cannot be above the selling price.",
            ),
            models.CheckConstraint(condition=Q(average_cost__gte=0), name="product_average_cost_not_negative"),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="product_unit_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.sku,)

    natural_key.dependencies = ["inventory.category"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        self.barcode = self.barcode or None
        if self.barcode and Pack.objects.filter(barcode=self.barcode).exists():
            raise ValidationError({"barcode": "This barcode is on a pack."})

    @property
    def stock_shown(self) -> str:
        return quantity.show(self.stock_quantity, self.unit)

    @property
    def lowest_price(self) -> Decimal:
        """The lowest price per unit that may be charged without a reason."""
        return self.selling_price if self.floor_price is None else self.floor_price

    @property
    def unit_cost(self) -> Decimal:
        """What one unit that leaves the shelf now has cost; 0 when no cost is known."""
        return self.average_cost if self.is_counted and self.average_cost else money.to_cost(self.buying_price)

    def profit_per_item(self) -> Decimal:
        """Selling price less buying price, per unit."""
        return self.selling_price - self.buying_price

    def is_low_stock(self) -> bool:
        """Whether a counted product is at or below its threshold."""
        return self.is_counted and self.stock_quantity <= self.low_stock_threshold


class Pack(models.Model):
    """So many base units sold as one: a carton, a bale, a crate. The stock behind it is the product's."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="packs")
    name = LineField(max_length=60, help_text="For example: Carton of 12")
    size = models.PositiveIntegerField(help_text="How many base units: pieces, grams, millilitres or millimetres.")
    selling_price = models.DecimalField(max_digits=10, decimal_places=2, validators=[NOT_NEGATIVE])
    barcode = models.CharField(max_length=48, unique=True, null=True, blank=True, default=None, validators=[BARCODE])
    is_active = models.BooleanField("on sale", default=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["product", "size", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="pack_name_once_per_product"),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="pack_size_positive",
                violation_error_message="A pack holds at least one base unit.",
            ),
            models.CheckConstraint(condition=Q(selling_price__gte=0), name="pack_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.product.sku, self.name)

    natural_key.dependencies = ["inventory.product"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        self.barcode = self.barcode or None
        if self.barcode and Product.objects.filter(barcode=self.barcode).exists():
            raise ValidationError({"barcode": "This barcode is on a product."})
