"""Notes, and a phone number that may be missing."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models


def refuse_to_lose_notes(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    customers = apps.get_model("customers", "Customer").objects.using(schema_editor.connection.alias)
    if lost := customers.exclude(notes="", is_active=True).count():
        raise CommandError(
            f"Going back would lose notes or marks of {lost} customers. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.AlterField(
            model_name="customer",
            name="phone",
            field=models.CharField(blank=True, default=None, max_length=30, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="notes",
            field=models.TextField(blank=True, default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="customer",
            name="is_active",
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_notes),
    ]
