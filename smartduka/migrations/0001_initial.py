import django.core.validators
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The shop itself: one row."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Shop",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(default="My duka", max_length=80)),
                ("phone", models.CharField(blank=True, default="", max_length=20)),
                (
                    "kra_pin",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=11,
                        validators=[
                            django.core.validators.RegexValidator(
                                r"^[A-Z][0-9]{9}[A-Z]\Z", "A KRA PIN looks like A123456789Z."
                            )
                        ],
                        verbose_name="KRA PIN",
                    ),
                ),
                (
                    "receipt_footer",
                    models.CharField(blank=True, default="Asante, karibu tena!", max_length=200),
                ),
                (
                    "rounding_step",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "1 shilling"), (5, "5 shillings")],
                        default=1,
                        help_text=(
                            "Totals are rounded to this, whatever the tender; the difference is a line of its own."
                        ),
                    ),
                ),
                (
                    "day_turns_at",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Hour (0–23) until which a sale still counts to the day before.",
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="the day turns at",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "shop",
                "constraints": [
                    models.CheckConstraint(condition=Q(pk=1), name="shop_is_one"),
                    models.CheckConstraint(condition=Q(rounding_step__in=(1, 5)), name="shop_rounding_step"),
                    models.CheckConstraint(condition=Q(day_turns_at__lte=23), name="shop_day_turns_at"),
                ],
            },
        ),
    ]
