"""How sales are paid, and how they are undone. The tables begin empty; 0009 says how the old sales were paid."""

import uuid
from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import F, Q

PROTECT = django.db.models.deletion.PROTECT


def refuse_to_lose_money(apps, schema_editor):
    """Going back over 0009 has taken away what it can write again; what is left was posted by people."""
    if settings.ALLOW_DATA_LOSS:
        return
    alias = schema_editor.connection.alias
    tenders, returns, payments = (
        apps.get_model("sales", name).objects.using(alias).count() for name in ("Tender", "Return", "Payment")
    )
    if tenders or returns or payments:
        raise CommandError(
            f"Going back would lose {tenders} tenders, {returns} returns and {payments} payments. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


def primary_key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def by_somebody():
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0009_ledger_entry"),
        ("inventory", "0009_stock_movement"),
        ("sales", "0007_require_client_ref"),
    ]
    operations = [
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", primary_key()),
                ("client_ref", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "customer",
                    models.ForeignKey(on_delete=PROTECT, related_name="payments", to="customers.customer"),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="+ received, − reversed.", max_digits=12),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="reversed_by", to="sales.payment"
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("received_on", models.DateField(db_index=True, help_text="The shop's day.")),
                ("received_by", by_somebody()),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                        name="payment_sign_fits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", primary_key()),
                ("client_ref", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("sale", models.ForeignKey(on_delete=PROTECT, related_name="returns", to="sales.sale")),
                (
                    "voided_sale",
                    models.OneToOneField(null=True, on_delete=PROTECT, related_name="void", to="sales.sale"),
                ),
                ("reason", models.CharField(max_length=200)),
                (
                    "subtotal",
                    models.DecimalField(decimal_places=2, help_text="Sum of the lines.", max_digits=12),
                ),
                ("rounding", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12)),
                (
                    "total",
                    models.DecimalField(decimal_places=2, help_text="What the customer gets back.", max_digits=12),
                ),
                ("returned_at", models.DateTimeField()),
                ("returned_on", models.DateField(db_index=True, help_text="The shop's day.")),
                ("returned_by", by_somebody()),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(subtotal__gte=0, total__gte=0), name="return_total_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=Q(voided_sale__isnull=True) | Q(voided_sale=F("sale")),
                        name="return_voids_its_own_sale",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="return_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                ("id", primary_key()),
                ("sale_return", models.ForeignKey(on_delete=PROTECT, related_name="lines", to="sales.return")),
                (
                    "sale_line",
                    models.ForeignKey(on_delete=PROTECT, related_name="return_lines", to="sales.saleline"),
                ),
                ("quantity", models.PositiveIntegerField(help_text="Base units.")),
                ("sold_quantity", models.PositiveIntegerField(help_text="Copied from the sale line.")),
                (
                    "returned_before",
                    models.PositiveIntegerField(help_text="Base units of the line that had come back before."),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="At the price paid.", max_digits=12),
                ),
                (
                    "cost",
                    models.DecimalField(decimal_places=2, help_text="At the cost at which it left.", max_digits=12),
                ),
                (
                    "is_damaged",
                    models.BooleanField(default=False, help_text="Written off at once instead of put on the shelf."),
                ),
                (
                    "movement",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="return_line", to="inventory.stockmovement"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("sale_line", "returned_before"), name="return_line_chain"),
                    models.CheckConstraint(condition=Q(quantity__gt=0), name="return_line_quantity_positive"),
                    models.CheckConstraint(
                        condition=Q(sold_quantity__gte=F("returned_before") + F("quantity")),
                        name="return_line_not_more_than_sold",
                    ),
                    models.CheckConstraint(
                        condition=Q(amount__gte=0, cost__gte=0), name="return_line_amount_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tender",
            fields=[
                ("id", primary_key()),
                (
                    "sale",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="tenders", to="sales.sale"),
                ),
                (
                    "sale_return",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="tenders", to="sales.return"),
                ),
                (
                    "payment",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="tenders", to="sales.payment"),
                ),
                ("type", models.CharField(max_length=20)),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="+ came in, − went out.", max_digits=12),
                ),
                (
                    "reference",
                    models.CharField(blank=True, default="", help_text="M-Pesa code, card slip …", max_length=60),
                ),
                (
                    "ledger_entry",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="tender", to="customers.ledgerentry"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sale__isnull=False, sale_return__isnull=True, payment__isnull=True)
                        | Q(sale__isnull=True, sale_return__isnull=False, payment__isnull=True)
                        | Q(sale__isnull=True, sale_return__isnull=True, payment__isnull=False),
                        name="tender_has_one_cause",
                    ),
                    models.CheckConstraint(condition=~Q(amount=0), name="tender_amount_not_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentCode",
            fields=[
                ("id", primary_key()),
                ("scheme", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=60, null=True)),
                (
                    "tender",
                    models.OneToOneField(on_delete=PROTECT, related_name="payment_code", to="sales.tender"),
                ),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "code"), name="payment_code_used_once"),
                    models.CheckConstraint(
                        condition=Q(code__isnull=False, released_at__isnull=True)
                        | Q(code__isnull=True, released_at__isnull=False),
                        name="payment_code_released_when_empty",
                    ),
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_money),
    ]
