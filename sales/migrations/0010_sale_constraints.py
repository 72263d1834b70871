from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What must be true of every sale and every line, held by the database itself."""

    dependencies = [("sales", "0009_fill_cash_tenders")]
    operations = [
        migrations.AlterModelOptions(
            name="sale",
            options={
                "ordering": ["-pk"],
                "permissions": [
                    ("change_price", "Can change a price or give a discount, down to the floor price"),
                    ("void_sale", "Can void a sale"),
                    ("view_today", "Can see what the shop sold and made"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="saleline",
            name="quantity",
            field=models.PositiveIntegerField(help_text="Base units."),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=Q(subtotal__gte=0, total__gte=0), name="sale_total_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.CheckConstraint(
                condition=Q(quantity__gt=0, priced_per__gt=0), name="sale_line_quantity_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.CheckConstraint(
                condition=Q(unit_price__gte=0, discount__gte=0, line_total__gte=0, line_cost__gte=0),
                name="sale_line_amounts_not_negative",
            ),
        ),
    ]
