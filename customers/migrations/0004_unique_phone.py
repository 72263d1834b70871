from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A phone number belongs to one customer; a missing one is NULL, never an empty text."""

    dependencies = [("customers", "0003_fill_phone")]
    operations = [
        migrations.AlterField(
            model_name="customer",
            name="phone",
            field=models.CharField(blank=True, default=None, max_length=16, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(condition=~Q(phone=""), name="customer_phone_null_when_absent"),
        ),
    ]
