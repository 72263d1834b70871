"""Fold the words of every event, so that they are found whatever their capitals and accents.

It may run again: what is filled stays.
"""

import unicodedata

from django.db import migrations

LONGEST = 1000
BATCH = 500


def fill(apps, schema_editor):
    Event = apps.get_model("smartduka", "Event")
    events = Event.objects.using(schema_editor.connection.alias)
    rows = list(events.filter(search_text=None).order_by("pk"))
    for event in rows:
        words = (event.subject, event.fact, event.before, event.after, event.reason)
        event.search_text = fold(" ".join(words))[:LONGEST]
    events.bulk_update(rows, ["search_text"], batch_size=BATCH)


def fold(text):
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M").casefold()


class Migration(migrations.Migration):
    dependencies = [("smartduka", "0003_event_fact_and_search_text")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
