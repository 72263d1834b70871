import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


def person(**kwargs):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, **{"related_name": "+", **kwargs}
    )


class Migration(migrations.Migration):
    """Drawers that somebody answers for, from the float in the morning to the count at night."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0010_sale_constraints"),
    ]
    operations = [
        migrations.CreateModel(
            name="TillSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_ref", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("cashier", person(related_name="till_sessions")),
                (
                    "open_for",
                    models.OneToOneField(
                        help_text="The cashier, as long as the session is open.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_till_session",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opening_float",
                    models.DecimalField(
                        decimal_places=2, help_text="Cash in the drawer at the start.", max_digits=12
                    ),
                ),
                (
                    "is_automatic",
                    models.BooleanField(default=False, help_text="Opened by the first sale, with a float of 0."),
                ),
                ("opened_at", models.DateTimeField()),
                ("opened_on", models.DateField(db_index=True, help_text="The shop's day.")),
                ("close_ref", models.UUIDField(null=True, unique=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(help_text="The shop's day.", null=True)),
                ("closed_by", person(null=True)),
                (
                    "expected",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="What the books say the drawer held.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "counted",
                    models.DecimalField(decimal_places=2, help_text="What it did hold.", max_digits=18, null=True),
                ),
                (
                    "over_short",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Counted − expected: + over, − short.",
                        max_digits=18,
                        null=True,
                    ),
                ),
                (
                    "denominations",
                    models.JSONField(
                        help_text='How many of each note and coin were counted: {"1000": 3, "50": 2}.', null=True
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            open_for=F("cashier"),
                            closed_at__isnull=True,
                            closed_on__isnull=True,
                            closed_by__isnull=True,
                            expected__isnull=True,
                            counted__isnull=True,
                            over_short__isnull=True,
                        )
                        | Q(
                            open_for__isnull=True,
                            closed_at__isnull=False,
                            closed_on__isnull=False,
                            closed_by__isnull=False,
                            expected__isnull=False,
                            counted__isnull=False,
                            over_short__isnull=False,
                        ),
                        name="till_session_open_or_closed",
                    ),
                    models.CheckConstraint(
                        condition=Q(opening_float__gte=0) & (Q(counted__isnull=True) | Q(counted__gte=0)),
                        name="till_session_cash_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CashMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_ref", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "till_session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_movements",
                        to="sales.tillsession",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, help_text="+ paid in, − paid out.", max_digits=12),
                ),
                ("reason", models.CharField(max_length=200)),
                ("moved_at", models.DateTimeField()),
                ("moved_on", models.DateField(db_index=True, help_text="The shop's day.")),
                ("moved_by", person()),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=~Q(amount=0), name="cash_movement_amount_not_zero"),
                    models.CheckConstraint(condition=~Q(reason=""), name="cash_movement_has_a_reason"),
                ],
            },
        ),
    ]
