from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """The shop's first model: what it sells, for how much, and how many are on the shelf."""

    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=120)),
                ("buying_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("selling_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("stock_quantity", models.PositiveIntegerField(default=0)),
                ("low_stock_threshold", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=timezone.now, editable=False)),
            ],
            options={"ordering": ["name", "pk"]},
        ),
    ]
