import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """A sale is rung up once: what a till sends twice has the same client_ref, and the database refuses it."""

    dependencies = [("sales", "0006_fill_client_ref")]
    operations = [
        migrations.AlterField(
            model_name="sale",
            name="client_ref",
            field=models.UUIDField(default=uuid.uuid4, unique=True),
        ),
        migrations.AlterField(
            model_name="sale",
            name="sold_on",
            field=models.DateField(db_index=True, help_text="The shop's day."),
        ),
        migrations.AlterField(
            model_name="sale",
            name="received_at",
            field=models.DateTimeField(
                help_text="When the books got it; later than sold_at after a network failure."
            ),
        ),
        migrations.AlterField(
            model_name="sale",
            name="subtotal",
            field=models.DecimalField(decimal_places=2, help_text="Sum of the lines.", max_digits=12),
        ),
        migrations.AlterField(
            model_name="sale",
            name="total",
            field=models.DecimalField(
                decimal_places=2, help_text="Subtotal plus rounding: what is paid.", max_digits=12
            ),
        ),
    ]
