"""Open the stock ledger with what is on the shelf.

* A price below zero is no price: it becomes 0.00.
* A stock that no shop can hold (a barcode scanned into the wrong field) is no count: it becomes 0.
* The buying price becomes the average cost.
* Each product with stock gets one `opening` movement, at its average cost, posted by the program.

It may run again: an average cost that is there stays, and a product that has a movement gets none.
Going back takes the openings away that going forward writes again, and nothing else.
"""

from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

NOTE = "On the shelf when the stock ledger began"
MOST = 2_000_000_000
WORTH_MOST = Decimal(10) ** 12
CENT = Decimal("0.01")
BATCH = 1000


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    clear_negative_prices(apps, alias)
    clear_impossible_stock(apps, alias)
    products = apps.get_model("inventory", "Product").objects.using(alias)
    products.filter(average_cost__isnull=True).update(average_cost=F("buying_price"))
    post_openings(apps, alias)


def clear_negative_prices(apps, alias):
    products = apps.get_model("inventory", "Product").objects.using(alias)
    negative = products.filter(Q(buying_price__lt=0) | Q(selling_price__lt=0)).order_by("pk")
    for pk, buying, selling in negative.values_list("pk", "buying_price", "selling_price"):
        print(f"\n    Product {pk}: prices {buying} and {selling} are now 0.00 where below zero", end="")
    products.filter(buying_price__lt=0).update(buying_price=Decimal(0))
    products.filter(selling_price__lt=0).update(selling_price=Decimal(0))


def clear_impossible_stock(apps, alias):
    Product = apps.get_model("inventory", "Product")
    products = Product.objects.using(alias)
    stocked = products.filter(stock_quantity__gt=0).order_by("pk")
    impossible = []
    for pk, quantity, price in stocked.values_list("pk", "stock_quantity", "buying_price"):
        if quantity > MOST or quantity * price >= WORTH_MOST:
            print(f"\n    Product {pk}: a stock of {quantity} cannot be; it is now 0", end="")
            impossible.append(Product(pk=pk, stock_quantity=0))
    products.bulk_update(impossible, ["stock_quantity"], batch_size=BATCH)


def post_openings(apps, alias):
    Product = apps.get_model("inventory", "Product")
    StockMovement = apps.get_model("inventory", "StockMovement")
    movements = StockMovement.objects.using(alias)
    without = ~Exists(movements.filter(product=OuterRef("pk")))
    unopened = Product.objects.using(alias).filter(without, stock_quantity__gt=0).order_by("pk")
    now = timezone.now()
    openings = [
        StockMovement(
            product_id=pk,
            quantity=quantity,
            quantity_after=quantity,
            unit_cost=cost,
            value=(quantity * cost).quantize(CENT, ROUND_HALF_UP),
            reason="opening",
            note=NOTE,
            posted_at=now,
            posted_on=timezone.localdate(now),
        )
        for pk, quantity, cost in unopened.values_list("pk", "stock_quantity", "average_cost")
    ]
    movements.bulk_create(openings, batch_size=BATCH)


def take_openings_away(apps, schema_editor):
    movements = apps.get_model("inventory", "StockMovement").objects.using(schema_editor.connection.alias)
    later = movements.filter(product=OuterRef("product")).exclude(pk=OuterRef("pk"))
    openings = movements.filter(~Exists(later), reason="opening", note=NOTE, posted_by__isnull=True)
    pks = iter(list(openings.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(pks, BATCH)):
        movements.filter(pk__in=batch).delete()


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_stock_movement")]
    operations = [migrations.RunPython(fill, take_openings_away)]
