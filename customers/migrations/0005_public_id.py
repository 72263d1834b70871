from django.db import migrations, models


class Migration(migrations.Migration):
    """A name that means the same customer on every computer; empty until 0006 gives one to each."""

    dependencies = [("customers", "0004_unique_phone")]
    operations = [
        migrations.AddField(
            model_name="customer",
            name="public_id",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
