import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was sold, and what was paid for it."""

    initial = True
    dependencies = [("customers", "0001_initial"), ("inventory", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Sale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sales",
                        to="customers.customer",
                    ),
                ),
                ("sold_at", models.DateTimeField()),
                ("total", models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="SaleLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="sales.sale"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sale_lines",
                        to="inventory.product",
                    ),
                ),
                ("quantity", models.IntegerField()),
                ("unit_price", models.DecimalField(decimal_places=2, max_digits=10)),
            ],
            options={"ordering": ["pk"]},
        ),
    ]
