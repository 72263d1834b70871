from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """What was asked for by an amount of money comes to that amount at most, and is no pack."""

    dependencies = [("sales", "0013_asked_amount_and_receipt_print")]
    operations = [
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.CheckConstraint(
                condition=Q(asked_amount__isnull=True)
                | Q(asked_amount__gt=0, asked_amount__gte=F("line_total"), pack__isnull=True),
                name="sale_line_asked_amount_fits",
            ),
        ),
    ]
