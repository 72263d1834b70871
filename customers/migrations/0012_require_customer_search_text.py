from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_fill_customer_search_text")]
    operations = [
        migrations.AlterField(
            model_name="customer",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=255),
        ),
    ]
