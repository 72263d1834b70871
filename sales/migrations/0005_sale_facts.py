"""Who sold it, on which day, and what the total is made of; empty until 0006 fills the old sales."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models


def refuse_to_lose_cashiers(apps, schema_editor):
    """What 0006 would write again is no loss; who sold it is."""
    if settings.ALLOW_DATA_LOSS:
        return
    sales = apps.get_model("sales", "Sale").objects.using(schema_editor.connection.alias)
    if lost := sales.exclude(cashier=None).count():
        raise CommandError(
            f"Going back would lose the cashiers of {lost} sales. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0004_require_line_facts"),
    ]
    operations = [
        migrations.AddField(
            model_name="sale",
            name="client_ref",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="sale",
            name="fingerprint",
            field=models.CharField(blank=True, default="", help_text="Digest of what the till sent.", max_length=64),
        ),
        migrations.AddField(
            model_name="sale",
            name="cashier",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="sold_on",
            field=models.DateField(db_index=True, help_text="The shop's day.", null=True),
        ),
        migrations.AddField(
            model_name="sale",
            name="received_at",
            field=models.DateTimeField(
                help_text="When the books got it; later than sold_at after a network failure.", null=True
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="subtotal",
            field=models.DecimalField(decimal_places=2, help_text="Sum of the lines.", max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="sale",
            name="rounding",
            field=models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12),
        ),
        migrations.AddField(
            model_name="sale",
            name="note",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_cashiers),
    ]
