from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    """What the stock ledger writes stands in no fixture. The tables stay as they are."""

    dependencies = [("inventory", "0015_require_product_search_text")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="product",
                    name="stock_quantity",
                    field=models.PositiveIntegerField(default=0, editable=False, serialize=False),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="average_cost",
                    field=models.DecimalField(
                        decimal_places=4, default=Decimal(0), editable=False, max_digits=14, serialize=False
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="last_sold_at",
                    field=models.DateTimeField(editable=False, null=True, serialize=False),
                ),
            ]
        )
    ]
