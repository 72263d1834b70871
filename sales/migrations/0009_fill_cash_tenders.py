"""Old sales knew no means of payment: each gets one cash tender of its total, unless that is zero.

It may run again: a sale that has a tender gets none. Going back takes away the tenders that going forward
writes again, and nothing else.
"""

from itertools import islice

from django.db import migrations
from django.db.models import Exists, F, OuterRef

BATCH = 1000


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    Tender = apps.get_model("sales", "Tender")
    tenders = Tender.objects.using(alias)
    without = ~Exists(tenders.filter(sale=OuterRef("pk")))
    unpaid = apps.get_model("sales", "Sale").objects.using(alias).filter(without, total__gt=0).order_by("pk")
    paid = unpaid.values_list("pk", "total")
    tenders.bulk_create([Tender(sale_id=pk, type="cash", amount=total) for pk, total in paid], batch_size=BATCH)


def take_away(apps, schema_editor):
    tenders = apps.get_model("sales", "Tender").objects.using(schema_editor.connection.alias)
    others = tenders.filter(sale=OuterRef("sale")).exclude(pk=OuterRef("pk"))
    sole = tenders.filter(~Exists(others), type="cash", reference="", ledger_entry=None, amount=F("sale__total"))
    pks = iter(list(sole.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(pks, BATCH)):
        tenders.filter(pk__in=batch).delete()


class Migration(migrations.Migration):
    dependencies = [("sales", "0008_payments_and_returns")]
    operations = [migrations.RunPython(fill, take_away)]
