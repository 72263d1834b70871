"""Deliveries, as they were received."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q


def refuse_to_lose_receipts(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    receipts = apps.get_model("inventory", "GoodsReceipt").objects.using(schema_editor.connection.alias)
    if lost := receipts.count():
        raise CommandError(
            f"Going back would lose {lost} goods receipts. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("inventory", "0011_stock_ledger_constraints"),
    ]
    operations = [
        migrations.CreateModel(
            name="GoodsReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_ref", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "supplier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="inventory.supplier",
                    ),
                ),
                (
                    "supplier_reference",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The number on the supplier's invoice or delivery note.",
                        max_length=40,
                    ),
                ),
                ("total", models.DecimalField(decimal_places=2, max_digits=12)),
                ("received_at", models.DateTimeField()),
                ("received_on", models.DateField(help_text="The shop's day.")),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [models.CheckConstraint(condition=Q(total__gte=0), name="receipt_total_not_negative")],
            },
        ),
        migrations.CreateModel(
            name="GoodsReceiptLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="inventory.goodsreceipt",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.product"
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.pack",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(help_text="Base units.")),
                ("total", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "movement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_line",
                        to="inventory.stockmovement",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=Q(quantity__gt=0), name="receipt_line_quantity_positive"),
                    models.CheckConstraint(condition=Q(total__gte=0), name="receipt_line_total_not_negative"),
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_receipts),
    ]
