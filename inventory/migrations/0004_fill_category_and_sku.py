"""Give every product a category and a SKU of its own.

A SKU is written `[A-Z0-9._-]`, after Unicode's compatibility forms are folded (NFKC), blanks around it are
cut off and small letters are made capital, so that every database agrees on which codes are equal.

Each pass goes by primary key, so the same rows always end with the same codes:

1. who has a proper code keeps it (of several with the same code, the first),
2. who has a code that can be written properly gets that, if it is free,
3. everybody else gets `SKU-000123` from the primary key, with a suffix if somebody typed just that.

It may run again, also after it was stopped half way: a code once given is a proper code, and stays.
Going back leaves the codes as they are, for the column still holds them.
"""

import re
import unicodedata
from itertools import count

from django.db import migrations

PROPER = re.compile(r"[A-Z0-9._-]{1,40}")
UNCATEGORISED = "Uncategorised"
BATCH = 500


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    fill_categories(apps, alias)
    fill_skus(apps, alias)


def fill_categories(apps, alias):
    without = apps.get_model("inventory", "Product").objects.using(alias).filter(category__isnull=True)
    if without.exists():
        category, _ = apps.get_model("inventory", "Category").objects.using(alias).get_or_create(name=UNCATEGORISED)
        print(f"\n    {without.update(category=category)} products without a category are now {UNCATEGORISED}.")


def fill_skus(apps, alias):
    Product = apps.get_model("inventory", "Product")
    products = Product.objects.using(alias)
    old = dict(products.order_by("pk").values_list("pk", "sku"))
    changed = {pk: sku for pk, sku in decide(old).items() if sku != old[pk]}
    rows = [Product(pk=pk, sku=sku) for pk, sku in sorted(changed.items())]
    products.bulk_update(rows, ["sku"], batch_size=BATCH)
    report(old, changed)


def decide(old):
    """The code of each product, from what was written as its code until now, both by primary key."""
    owners = {}
    for normalise in (as_it_is, written_properly):
        settled = set(owners.values())
        for pk, text in old.items():
            code = normalise(text or "")
            if pk not in settled and PROPER.fullmatch(code):
                owners.setdefault(code, pk)
    settled = set(owners.values())
    for pk in old:
        if pk not in settled:
            owners[free_code(pk, owners)] = pk
    return {pk: code for code, pk in owners.items()}


def free_code(pk, owners):
    code = f"SKU-{pk:06d}"
    if code not in owners:
        return code
    return next(other for n in count(2) if (other := f"{code}-{n}") not in owners)


def as_it_is(text):
    return text


def written_properly(text):
    return unicodedata.normalize("NFKC", text).strip().upper()


def report(old, changed):
    """Every typed code that changed, in ASCII, for not every terminal can show every letter."""
    retyped = [pk for pk in changed if (old[pk] or "").strip()]
    if changed:
        print(f"\n    {len(changed) - len(retyped)} products without a SKU were given one.", end="")
    for pk in sorted(retyped):
        print(f"\n    Product {pk}: SKU {old[pk]!a} is now {changed[pk]}", end="")
    if changed:
        print()


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_product_sku")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
