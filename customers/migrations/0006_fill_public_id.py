"""Give every customer a public id.

It is made from what was known of the customer at the beginning, so going back and forward again gives the same
one, while two shops never give the same. It may run again: an id that is there stays.
"""

import uuid
from datetime import UTC

from django.db import migrations

NAMESPACE = uuid.UUID("7a3f5d0e-9b1c-4c55-8f0a-2f4f1c6de9b1")
BATCH = 500


def fill(apps, schema_editor):
    Customer = apps.get_model("customers", "Customer")
    customers = Customer.objects.using(schema_editor.connection.alias)
    without = customers.filter(public_id=None).order_by("pk").values_list("pk", "created_at", "name")
    rows = [
        Customer(pk=pk, public_id=uuid.uuid5(NAMESPACE, f"{pk} {created_at.astimezone(UTC).isoformat()} {name}"))
        for pk, created_at, name in without
    ]
    customers.bulk_update(rows, ["public_id"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_public_id")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
