import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_fill_public_id")]
    operations = [
        migrations.AlterField(
            model_name="customer",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
