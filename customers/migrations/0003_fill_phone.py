"""Write every phone number in one form, +2547... or +2541..., and each number once.

Of several customers with the same number the first by primary key keeps it. What cannot be stored (a landline,
two numbers in one field, somebody else's number) goes into the notes, as it was written, and is told; nothing
that people typed is lost. An empty phone becomes NULL.

It may run again: what has been moved to the notes is no phone any more. Going back takes it out of the notes.
"""

import re
import unicodedata
from itertools import islice

from django.db import migrations

# Blanks, dots, brackets and all kinds of dashes; and the invisible marks that phones put around a copied number.
BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
MOBILE = re.compile(r"(?:(?:\+|00)?254)?0?([17][0-9]{8})")
WRITTEN = "Phone as it was written: "
OWNED = "That is also the number of customer "
BATCH = 500


def fill(apps, schema_editor):
    Customer = apps.get_model("customers", "Customer")
    customers = Customer.objects.using(schema_editor.connection.alias)
    owners = {}
    with_phone = customers.order_by("pk").exclude(phone=None).only("pk", "name", "phone", "notes")
    write(customers, [customer for customer in with_phone if settle(customer, owners)])


def settle(customer, owners):
    """Put the customer's phone in order; whether anything changed."""
    old = customer.phone
    number = in_one_form(old)
    owner = owners.setdefault(number, customer) if number else customer
    customer.phone = number if owner is customer else None
    if old.strip() and customer.phone is None:
        remark = f"{WRITTEN}{' '.join(old.split())}"
        if owner is not customer:
            remark += f"\n{OWNED}{owner.pk}, {owner.name}."
        customer.notes = f"{customer.notes}\n{remark}".strip()
        print(f"\n    Customer {customer.pk}: phone {old!a} is now in the notes", end="")
    return customer.phone != old


def in_one_form(text):
    """+254712345678 for every way to write it; None for what is no Kenyan mobile number."""
    match = MOBILE.fullmatch(BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
    return f"+254{match[1]}" if match else None


def restore(apps, schema_editor):
    """What was moved to the notes is the phone again, and nobody's phone is NULL."""
    Customer = apps.get_model("customers", "Customer")
    customers = Customer.objects.using(schema_editor.connection.alias)
    moved = list(customers.order_by("pk").filter(phone=None, notes__contains=WRITTEN).only("pk", "notes"))
    for customer in moved:
        lines = customer.notes.split("\n")
        at = next(i for i, line in enumerate(lines) if line.startswith(WRITTEN))
        customer.phone = lines.pop(at).removeprefix(WRITTEN)[:30]
        if at < len(lines) and lines[at].startswith(OWNED):
            lines.pop(at)
        customer.notes = "\n".join(lines)
    write(customers, moved)
    customers.filter(phone=None).update(phone="")


def write(customers, changed):
    rows = iter(changed)
    while batch := list(islice(rows, BATCH)):
        customers.bulk_update(batch, ["phone", "notes"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customer_notes")]
    operations = [migrations.RunPython(fill, restore)]
