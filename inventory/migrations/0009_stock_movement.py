"""The stock ledger: why the stock of a product changed. It begins empty; 0010 opens it, 0011 makes it strict."""

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models

REASONS = [
    ("opening", "opening stock"),
    ("receipt", "goods receipt"),
    ("sale", "sale"),
    ("sale_return", "return from a customer"),
    ("write_off", "write-off"),
    ("count", "stock count"),
    ("reversal", "reversal"),
]


def refuse_to_lose_movements(apps, schema_editor):
    """Going back over 0010 has taken away what it can write again; what is left was posted by people."""
    if settings.ALLOW_DATA_LOSS:
        return
    movements = apps.get_model("inventory", "StockMovement").objects.using(schema_editor.connection.alias)
    if lost := movements.count():
        raise CommandError(
            f"Going back would lose {lost} stock movements. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("inventory", "0008_supplier"),
    ]
    operations = [
        migrations.AddField(
            model_name="product",
            name="average_cost",
            field=models.DecimalField(decimal_places=4, editable=False, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="last_sold_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="product",
            name="stock_quantity",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterModelOptions(
            name="product",
            options={
                "ordering": ["name", "pk"],
                "permissions": [
                    ("view_cost", "Can see costs and profit"),
                    ("count_stock", "Can count stock and write it off"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "client_ref",
                    models.UUIDField(
                        help_text="Made with the page of a count or write-off, so that it is written once.",
                        null=True,
                        unique=True,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="inventory.product"
                    ),
                ),
                ("quantity", models.IntegerField(help_text="Base units: + came in, − went out.")),
                ("quantity_after", models.PositiveIntegerField(help_text="Base units on the shelf after this.")),
                (
                    "unit_cost",
                    models.DecimalField(
                        decimal_places=4, help_text="Per unit; 0 when no cost is known.", max_digits=14
                    ),
                ),
                (
                    "value",
                    models.DecimalField(decimal_places=2, help_text="Quantity × unit cost, signed.", max_digits=14),
                ),
                ("reason", models.CharField(choices=REASONS, max_length=12)),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", help_text="The printed number of its cause.", max_length=20
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="inventory.stockmovement",
                    ),
                ),
                ("posted_at", models.DateTimeField()),
                ("posted_on", models.DateField(help_text="The shop's day.")),
                (
                    "posted_by",
                    models.ForeignKey(
                        help_text="Empty: the program.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["product", "-id"], name="movement_newest")],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_movements),
    ]
