from django.db import migrations, models


class Migration(migrations.Migration):
    """What receipts are printed on."""

    dependencies = [("smartduka", "0005_require_event_search_text")]
    operations = [
        migrations.AddField(
            model_name="shop",
            name="paper",
            field=models.CharField(
                choices=[("58", "58 mm"), ("80", "80 mm"), ("a4", "A4")],
                default="80",
                help_text="What receipts are printed on.",
                max_length=4,
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(paper__in=("58", "80", "a4")), name="shop_paper_known"
            ),
        ),
    ]
