"""Cartons, bales and crates of a product, with a price and a barcode of their own."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_to_lose_packs(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    packs = apps.get_model("inventory", "Pack").objects.using(schema_editor.connection.alias)
    if lost := packs.count():
        raise CommandError(
            f"Going back would lose {lost} packs. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_product_unit_and_barcode")]
    operations = [
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packs", to="inventory.product"
                    ),
                ),
                ("name", models.CharField(help_text="For example: Carton of 12", max_length=60)),
                (
                    "size",
                    models.PositiveIntegerField(
                        help_text="How many base units: pieces, grams, millilitres or millimetres."
                    ),
                ),
                (
                    "selling_price",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=10,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal(0), "An amount cannot be below zero.")
                        ],
                    ),
                ),
                (
                    "barcode",
                    models.CharField(
                        blank=True,
                        default=None,
                        max_length=48,
                        null=True,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                r"^[0-9A-Za-z._-]+\Z", "A barcode has only letters, digits, dots and dashes."
                            )
                        ],
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="on sale")),
            ],
            options={
                "ordering": ["product", "size", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("product", "name"), name="pack_name_once_per_product"),
                    models.CheckConstraint(
                        condition=Q(size__gt=0),
                        name="pack_size_positive",
                        violation_error_message="A pack holds at least one base unit.",
                    ),
                    models.CheckConstraint(condition=Q(selling_price__gte=0), name="pack_price_not_negative"),
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_packs),
    ]
