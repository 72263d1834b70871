"""Fill what old sale lines did not know.

Name and cost are the product's as they are now, for nothing older is known; the price on the shelf then is the
price charged. A line whose amount no book can hold (a barcode scanned into the quantity) gets 0.00 here, and
0006 takes it out of its sale.

It may run again: a line that has its facts keeps them. Going back leaves them as they are.
"""

from decimal import Decimal

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

MOST = Decimal(10) ** 10
BATCH = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    SaleLine = apps.get_model("sales", "SaleLine")
    lines = SaleLine.objects.using(alias).filter(line_total=None)
    product = apps.get_model("inventory", "Product").objects.using(alias).filter(pk=OuterRef("product"))
    lines.update(
        product_name=Subquery(product.values("name")),
        sold_as="piece",
        list_price=F("unit_price"),
        unit_cost=Subquery(product.values("buying_price")),
    )
    facts = lines.order_by("pk").values_list("pk", "quantity", "unit_price", "unit_cost")
    rows = [
        SaleLine(pk=pk, line_total=amount(quantity * price), line_cost=amount(quantity * cost))
        for pk, quantity, price, cost in facts
    ]
    SaleLine.objects.using(alias).bulk_update(rows, ["line_total", "line_cost"], batch_size=BATCH)


def amount(exact):
    """In cents; what has no room in its column is 0.00."""
    return exact.quantize(Decimal("0.01")) if abs(exact) < MOST else Decimal(0)


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_line_facts"), ("inventory", "0011_stock_ledger_constraints")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
