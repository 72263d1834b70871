"""Fill what old sales did not know, and take out of them what is no sale.

* A line of nothing (a quantity of zero or less) or of less than nothing (a price below zero), and one whose
  amount no book can hold, is no sale of goods. It is told, written in the sale's note, and taken out.
* A total below zero was money given back, which a sale cannot be. It is told, noted, and becomes 0.00.
* The subtotal is the sum of the lines; whatever the total differs from it is the rounding. So what was paid
  stays as it was.
* The client_ref is made from the sale's number and instant: the same one after going back and forward.

It may run again: a sale that has a client_ref is done. Going back leaves the facts as they are; a line that was
taken out does not come back.
"""

import uuid
from collections import defaultdict
from datetime import UTC
from decimal import Decimal

from django.db import migrations
from django.utils import timezone

NAMESPACE = uuid.UUID("c9f9b1d6-52b7-4d8e-9d53-0c7a5a1f3e20")
FACTS = ["client_ref", "sold_on", "received_at", "subtotal", "rounding", "total", "note"]
MOST = Decimal(10) ** 10
BATCH = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    sales = apps.get_model("sales", "Sale").objects.using(alias)
    lines = apps.get_model("sales", "SaleLine").objects.using(alias)
    unfilled = sales.filter(client_ref=None).order_by("pk")
    while batch := list(unfilled.only("pk", "sold_at", "total", "note")[:BATCH]):
        lines_of, no_sale = defaultdict(list), []
        for line in lines.filter(sale__in=batch).order_by("pk"):
            lines_of[line.sale_id].append(line)
        for sale in batch:
            no_sale += settle(sale, lines_of[sale.pk])
        lines.filter(pk__in=no_sale).delete()
        sales.bulk_update(batch, FACTS)


def settle(sale, lines):
    """Fill the sale's facts; the keys of its lines that are no sale."""
    no_sale = [line for line in lines if is_no_sale(line)]
    remarks = [f"{line.quantity} x {line.product_name} at {line.unit_price} is no sale" for line in no_sale]
    if sale.total < 0:
        remarks.append(f"the total was {sale.total}")
        sale.total = Decimal(0)
    for remark in remarks:
        print(f"\n    Sale {sale.pk}: {remark!a}", end="")
    sale.note = (sale.note or "; ".join(remarks))[:200]
    sale.subtotal = sum((line.line_total for line in lines if line not in no_sale), Decimal(0))
    sale.rounding = sale.total - sale.subtotal
    sale.sold_on = timezone.localdate(sale.sold_at)
    sale.received_at = sale.sold_at
    sale.client_ref = uuid.uuid5(NAMESPACE, f"{sale.pk} {sale.sold_at.astimezone(UTC).isoformat()}")
    return [line.pk for line in no_sale]


def is_no_sale(line):
    return line.quantity <= 0 or line.unit_price < 0 or line.quantity * line.unit_price >= MOST


class Migration(migrations.Migration):
    dependencies = [("sales", "0005_sale_facts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
