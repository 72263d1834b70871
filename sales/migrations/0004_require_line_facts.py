from django.db import migrations, models


class Migration(migrations.Migration):
    """From now on a line knows its name, price and cost for itself."""

    dependencies = [("sales", "0003_fill_line_facts")]
    operations = [
        migrations.AlterField(
            model_name="saleline",
            name="product_name",
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="sold_as",
            field=models.CharField(help_text="What the price is for: a piece, a kg, a carton of 12.", max_length=60),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="list_price",
            field=models.DecimalField(decimal_places=2, help_text="The price on the shelf then.", max_digits=10),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="unit_price",
            field=models.DecimalField(decimal_places=2, help_text="The price charged.", max_digits=10),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="line_total",
            field=models.DecimalField(decimal_places=2, max_digits=12),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="unit_cost",
            field=models.DecimalField(
                decimal_places=4, help_text="Per unit; 0 when no cost is known.", max_digits=14
            ),
        ),
        migrations.AlterField(
            model_name="saleline",
            name="line_cost",
            field=models.DecimalField(decimal_places=2, max_digits=12),
        ),
    ]
