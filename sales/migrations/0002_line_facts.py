"""What stands on a receipt is copied onto its line; empty until 0003 fills the old lines."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q

UNITS = [("piece", "piece"), ("kilogram", "kilogram"), ("litre", "litre"), ("metre", "metre")]


def refuse_to_lose_facts(apps, schema_editor):
    """What 0003 would write again is no loss; a pack, a discount, a weight or a stock movement is."""
    if settings.ALLOW_DATA_LOSS:
        return
    lines = apps.get_model("sales", "SaleLine").objects.using(schema_editor.connection.alias)
    if lost := lines.exclude(Q(pack=None, movement=None, unit="piece", discount=0)).count():
        raise CommandError(
            f"Going back would lose packs, weights, discounts or stock movements of {lost} sale lines. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial"), ("inventory", "0009_stock_movement")]
    operations = [
        migrations.AddField(
            model_name="saleline",
            name="pack",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.pack",
            ),
        ),
        migrations.AddField(
            model_name="saleline",
            name="product_name",
            field=models.CharField(max_length=120, null=True),
        ),
        migrations.AddField(
            model_name="saleline",
            name="unit",
            field=models.CharField(choices=UNITS, default="piece", max_length=8),
        ),
        migrations.AddField(
            model_name="saleline",
            name="sold_as",
            field=models.CharField(
                help_text="What the price is for: a piece, a kg, a carton of 12.", max_length=60, null=True
            ),
        ),
        migrations.AddField(
            model_name="saleline",
            name="priced_per",
            field=models.PositiveIntegerField(default=1, help_text="How many base units the price is for."),
        ),
        migrations.AddField(
            model_name="saleline",
            name="list_price",
            field=models.DecimalField(
                decimal_places=2, help_text="The price on the shelf then.", max_digits=10, null=True
            ),
        ),
        migrations.AddField(
            model_name="saleline",
            name="discount",
            field=models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12),
        ),
        migrations.AddField(
            model_name="saleline",
            name="line_total",
            field=models.DecimalField(decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="saleline",
            name="unit_cost",
            field=models.DecimalField(
                decimal_places=4, help_text="Per unit; 0 when no cost is known.", max_digits=14, null=True
            ),
        ),
        migrations.AddField(
            model_name="saleline",
            name="line_cost",
            field=models.DecimalField(decimal_places=2, max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="saleline",
            name="movement",
            field=models.OneToOneField(
                help_text="Empty: not counted, or sold before the stock ledger began.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sale_line",
                to="inventory.stockmovement",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_facts),
    ]
