import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Goods asked for by shillings, prices below the floor, and which paper is the original."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sales", "0012_till_session_of_money"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="sale",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("change_price", "Can change a price or give a discount, down to the floor price"),
                    ("sell_below_floor", "Can sell below the floor price, for a reason"),
                    ("void_sale", "Can void a sale"),
                    ("view_today", "Can see what the shop sold and made"),
                ],
            },
        ),
        migrations.AddField(
            model_name="saleline",
            name="asked_amount",
            field=models.DecimalField(
                decimal_places=2,
                help_text="For how much money it was asked, as in sugar for 20: the line comes to exactly this.",
                max_digits=12,
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="ReceiptPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prints", to="sales.sale"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(help_text="1: the original.")),
                ("printed_at", models.DateTimeField()),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("sale", "ordinal"), name="receipt_print_once"),
                    models.CheckConstraint(condition=Q(ordinal__gte=1), name="receipt_print_counts_from_one"),
                ],
            },
        ),
    ]
