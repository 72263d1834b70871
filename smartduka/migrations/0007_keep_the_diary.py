"""Ask before going back loses the diary or the shop's settings, for the older stages do not ask themselves."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations


def refuse_to_lose_the_diary(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    alias = schema_editor.connection.alias
    events, shops = (apps.get_model("smartduka", name).objects.using(alias).count() for name in ("Event", "Shop"))
    if events or shops:
        raise CommandError(
            f"Going back from here may lose {events} events of the diary and the settings of {shops} shops. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("smartduka", "0006_shop_paper")]
    operations = [migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_the_diary)]
