"""How much a customer may owe; nothing, until somebody says so."""

from decimal import Decimal

import django.core.validators
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_to_lose_limits(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    customers = apps.get_model("customers", "Customer").objects.using(schema_editor.connection.alias)
    if lost := customers.exclude(credit_limit=0).count():
        raise CommandError(
            f"Going back would lose the credit limits of {lost} customers. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_require_unique_public_id")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="credit_limit",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal(0),
                help_text="The most this customer may owe. 0: cash only.",
                max_digits=12,
                validators=[django.core.validators.MinValueValidator(Decimal(0), "A limit cannot be below zero.")],
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=Q(credit_limit__gte=0),
                name="customer_limit_not_negative",
                violation_error_message="A limit cannot be below zero.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_limits),
    ]
