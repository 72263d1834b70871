"""The customer ledger: why a debt changed. Nobody owes anything when it begins, for no older book says so."""

import django.db.models.deletion
from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("charge", "charge"),
    ("payment", "payment"),
    ("credit_note", "credit note"),
    ("write_off", "write-off"),
    ("reversal", "reversal"),
]


def refuse_to_lose_entries(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    entries = apps.get_model("customers", "LedgerEntry").objects.using(schema_editor.connection.alias)
    if lost := entries.count():
        raise CommandError(
            f"Going back would lose {lost} entries of the customer ledger. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0008_credit_limit"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="customer",
            options={
                "ordering": ["name", "pk"],
                "permissions": [("write_off_debt", "Can write off a debt")],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="customers.customer"
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="+ owes more, − owes less.", max_digits=12),
                ),
                ("due_on", models.DateField(help_text="When a charge is to be paid.", null=True)),
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
                        to="customers.ledgerentry",
                    ),
                ),
                ("posted_at", models.DateTimeField()),
                ("posted_on", models.DateField(help_text="The shop's day.")),
                (
                    "posted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "verbose_name_plural": "ledger entries",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind="charge", amount__gt=0, due_on__isnull=False)
                        | Q(kind__in=("payment", "credit_note", "write_off"), amount__lt=0)
                        | Q(kind="reversal", reverses__isnull=False) & ~Q(amount=0),
                        name="entry_sign_fits_kind",
                    ),
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_entries),
    ]
