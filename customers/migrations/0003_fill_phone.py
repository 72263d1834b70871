"""Write every phone number in one form, +2547... or +2541..., and each number once.

Of several customers with the same number the first by primary key keeps it. What cannot be stored (a landline,
two numbers in one field, somebody else's number) goes into the notes, as it was written, and is told; nothing
that people typed is lost. An empty phone becomes NULL.

It may run again: what has been moved to the notes is no phone any more. Going back takes it out of the notes.
"""

import re
import unicodedata

from django.db import migrations

# Blanks, dots, brackets and all kinds of dashes; and the invisible marks that phones put around a copied number.
BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
MOBILE = re.compile(r"(?:(?:\+|00)?254)?0?([17][0-9]{8})")
WRITTEN = "Phone as it was written: "
OWNED = "That is also the number of customer "
REMARK = re.compile(rf"^{WRITTEN}(.*)\n?(?:{OWNED}.*\n?)?", re.MULTILINE)
BATCH = 500


def fill(apps, schema_editor):
    Customer = apps.get_model("customers", "Customer")
    customers = Customer.objects.using(schema_editor.connection.alias)
    owners = {}
    with_phone = customers.order_by("pk").exclude(phone=None).only("pk", "name", "phone", "notes")
    changed = [customer for customer in with_phone if settle(customer, owners)]
    customers.bulk_update(changed, ["phone", "notes"], batch_size=BATCH)


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
    moved = []
    for customer in customers.order_by("pk").filter(phone=None, notes__contains=WRITTEN).only("pk", "notes"):
        if remark := REMARK.search(customer.notes):
            customer.phone = remark[1].strip()[:30]
            customer.notes = REMARK.sub("", customer.notes, count=1).strip()
            moved.append(customer)
    customers.bulk_update(moved, ["phone", "notes"], batch_size=BATCH)
    customers.filter(phone=None).update(phone="")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customer_notes")]
    operations = [migrations.RunPython(fill, restore)]
