"""A code for each product; optional and unchecked until the shop's codes have been put in order."""

import re

from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations, models


def refuse_to_lose_codes(apps, schema_editor):
    """Generated codes come back by themselves; codes that people typed do not."""
    if settings.ALLOW_DATA_LOSS:
        return
    Product = apps.get_model("inventory", "Product")
    codes = Product.objects.using(schema_editor.connection.alias).order_by("pk").values_list("pk", "sku")
    typed = [code for pk, code in codes if code and not re.fullmatch(f"SKU-{pk:06d}(-[0-9]+)?", code)]
    if typed:
        raise CommandError(
            f"Going back would lose the SKUs of {len(typed)} products, for example {typed[0]!a}. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_category")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="sku",
            field=models.CharField(blank=True, max_length=40, null=True, verbose_name="SKU"),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_codes),
    ]
