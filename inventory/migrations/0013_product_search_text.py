from django.db import migrations, models


class Migration(migrations.Migration):
    """The words of a product as they are searched; at first nobody has filled them in."""

    dependencies = [("inventory", "0012_goods_receipt")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=255, null=True),
        ),
    ]
