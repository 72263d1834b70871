import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """From now on every product has a category, and a SKU that no other has."""

    dependencies = [("inventory", "0004_fill_category_and_sku")]
    operations = [
        migrations.AlterField(
            model_name="product",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="products", to="inventory.category"
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="sku",
            field=models.CharField(
                max_length=40,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        r"^[A-Z0-9._-]+\Z", "A SKU has only A–Z, 0–9, dots, dashes and underscores."
                    )
                ],
                verbose_name="SKU",
            ),
        ),
    ]
