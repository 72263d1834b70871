"""Ask before going back loses what 0011 to 0013 brought, for they do not ask themselves."""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import migrations


def refuse_to_lose_sessions(apps, schema_editor):
    if settings.ALLOW_DATA_LOSS:
        return
    alias = schema_editor.connection.alias
    sessions, prints = (
        apps.get_model("sales", name).objects.using(alias).count() for name in ("TillSession", "ReceiptPrint")
    )
    asked = apps.get_model("sales", "SaleLine").objects.using(alias).exclude(asked_amount=None).count()
    if sessions or prints or asked:
        raise CommandError(
            f"Going back from here may lose {sessions} till sessions, {prints} prints of receipts and the amounts "
            f"that were asked for on {asked} sale lines. "
            "Run migrate to come forward again, or set SMARTDUKA_ALLOW_DATA_LOSS=on to go back all the same."
        )


class Migration(migrations.Migration):
    dependencies = [("sales", "0014_asked_amount_fits")]
    operations = [migrations.RunPython(migrations.RunPython.noop, refuse_to_lose_sessions)]
