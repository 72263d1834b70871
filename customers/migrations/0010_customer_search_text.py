from django.db import migrations, models


class Migration(migrations.Migration):
    """The words of a customer as they are searched; at first nobody has filled them in."""

    dependencies = [("customers", "0009_ledger_entry")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="search_text",
            field=models.CharField(blank=True, editable=False, max_length=255, null=True),
        ),
    ]
