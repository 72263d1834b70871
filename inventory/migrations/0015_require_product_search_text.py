from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0014_fill_product_search_text")]
    operations = [
        migrations.AlterField(
            model_name="product",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=255),
        ),
    ]
