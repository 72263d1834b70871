"""What a price is for, a barcode, a lowest price, and whether stock is counted at all."""

from decimal import Decimal

import django.core.validators
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q

UNITS = [("piece", "piece"), ("kilogram", "kilogram"), ("litre", "litre"), ("metre", "metre")]


def refuse_to_lose_what_was_typed(apps, schema_editor):
    """Without its unit, 250 grams would be read as 250 pieces."""
    if settings.ALLOW_DATA_LOSS:
        return
    products = apps.get_model("inventory", "Product").objects.using(schema_editor.connection.alias)
    as_created = Q(unit="piece", barcode=None, floor_price=None, is_counted=True, is_active=True)
    if others := products.exclude(as_created).count():
        raise CommandError(
            f"Going back would lose units, barcodes, floor prices or marks of {others} products. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_require_category_unique_sku")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="barcode",
            field=models.CharField(
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
        migrations.AddField(
            model_name="product",
            name="unit",
            field=models.CharField(choices=UNITS, default="piece", max_length=8),
        ),
        migrations.AddField(
            model_name="product",
            name="floor_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="The lowest price anybody may sell at. Empty: the selling price.",
                max_digits=10,
                null=True,
                validators=[django.core.validators.MinValueValidator(Decimal(0), "An amount cannot be below zero.")],
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="is_counted",
            field=models.BooleanField(
                default=True,
                help_text="Off for airtime and services, which sell without stock.",
                verbose_name="stock is counted",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="on sale"),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_what_was_typed),
    ]
