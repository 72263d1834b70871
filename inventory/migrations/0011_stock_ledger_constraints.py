from decimal import Decimal

import django.core.validators
from django.db import migrations, models
from django.db.models import F, Q

NOT_NEGATIVE = django.core.validators.MinValueValidator(Decimal(0), "An amount cannot be below zero.")


class Migration(migrations.Migration):
    """What must be true of every product and every movement, held by the database itself."""

    dependencies = [("inventory", "0010_fill_opening_movements")]
    operations = [
        migrations.AlterField(
            model_name="product",
            name="buying_price",
            field=models.DecimalField(decimal_places=2, max_digits=10, validators=[NOT_NEGATIVE]),
        ),
        migrations.AlterField(
            model_name="product",
            name="selling_price",
            field=models.DecimalField(decimal_places=2, max_digits=10, validators=[NOT_NEGATIVE]),
        ),
        migrations.AlterField(
            model_name="product",
            name="average_cost",
            field=models.DecimalField(decimal_places=4, default=Decimal(0), editable=False, max_digits=14),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=Q(buying_price__gte=0, selling_price__gte=0),
                name="product_prices_not_negative",
                violation_error_message="A price cannot be below zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=Q(floor_price__isnull=True) | Q(floor_price__gte=0, floor_price__lte=F("selling_price")),
                name="product_floor_not_above_price",
                violation_error_message="The floor price cannot be above the selling price.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=Q(average_cost__gte=0), name="product_average_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=Q(unit__in=["piece", "kilogram", "litre", "metre"]), name="product_unit_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=Q(reason__in=("opening", "receipt", "sale_return"), quantity__gt=0)
                | Q(reason__in=("sale", "write_off"), quantity__lt=0)
                | Q(reason="count")
                | Q(reason="reversal", reverses__isnull=False) & ~Q(quantity=0),
                name="movement_sign_fits_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=models.CheckConstraint(condition=Q(unit_cost__gte=0), name="movement_cost_not_negative"),
        ),
    ]
