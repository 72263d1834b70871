"""Where goods come from."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models


def refuse_to_lose_suppliers(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    suppliers = apps.get_model("inventory", "Supplier").objects.using(schema_editor.connection.alias)
    if lost := suppliers.count():
        raise CommandError(
            f"Going back would lose {lost} suppliers. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_pack")]
    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("phone", models.CharField(blank=True, default=None, max_length=16, null=True)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_suppliers),
    ]
