"""Phone numbers as people wrote them, carried through every stage, back, and forward again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import override_settings

from customers import phones
from customers.models import Customer
from smartduka.tests.history import Go, history, migration, models_now, run

PHONES = {
    1: ("0712 345 678", "+254712345678", ""),
    2: (
        "+254-712-345-678",
        None,
        "Phone as it was written: +254-712-345-678\nThat is also the number of customer 1, Customer 1.",
    ),
    3: ("", None, ""),
    4: ("   ", None, ""),
    5: ("0112345678", "+254112345678", ""),
    6: ("722.000.111", "+254722000111", ""),
    7: ("110 000 666", "+254110000666", ""),
    8: ("254 (733) 000 222", "+254733000222", ""),
    9: ("00254700000555", "+254700000555", ""),
    10: ("+254 0711 000 444", "+254711000444", ""),
    11: ("\uff10\uff17\uff14\uff15 000 333", "+254745000333", ""),  # full-width
    12: ("\u202a+254 799\u2011000\u2011777\u202c", "+254799000777", ""),  # copied from a phone's contacts
    13: ("020 222 2222", None, "Phone as it was written: 020 222 2222"),
    14: ("0712345678 / 0722000111", None, "Phone as it was written: 0712345678 / 0722000111"),
    15: ("ask  Juma", None, "Phone as it was written: ask Juma"),
    16: ("+255712345678", None, "Phone as it was written: +255712345678"),
    17: ("07123456789", None, "Phone as it was written: 07123456789"),
    18: ("712345678", None, "Phone as it was written: 712345678\nThat is also the number of customer 1, Customer 1."),
}
"""By primary key: the phone as it was typed, the phone it becomes, and the notes."""
NEWEST = {pk: (phone, notes) for pk, (_, phone, notes) in PHONES.items()}


@pytest.fixture
def go(transactional_db: None) -> Iterator[Go]:
    with history() as go:
        yield go


def create_customers(apps: Apps) -> None:
    for pk, (typed, _, _) in PHONES.items():
        apps.get_model("customers", "Customer").objects.create(pk=pk, name=f"Customer {pk}", phone=typed)


def rows(apps: Apps, *fields: str) -> dict[int, Any]:
    return {row[0]: row[1:] for row in apps.get_model("customers", "Customer").objects.values_list("pk", *fields)}


def test_phones_are_written_in_one_form_and_nothing_that_was_typed_is_lost(go, capsys):
    create_customers(go("customers", "0001"))
    apps = go()
    assert rows(apps, "phone", "notes") == NEWEST
    assert set(rows(apps, "credit_limit", "is_active").values()) == {(Decimal(0), True)}
    public_ids = rows(apps, "public_id")
    assert len(set(public_ids.values())) == len(PHONES)
    told = capsys.readouterr().out
    assert "Customer 2: phone '+254-712-345-678' is now in the notes" in told
    assert "Customer 3:" not in told

    with pytest.raises(IntegrityError), transaction.atomic():
        apps.get_model("customers", "Customer").objects.create(name="Somebody", phone="+254712345678")
    with pytest.raises(IntegrityError), transaction.atomic():
        apps.get_model("customers", "Customer").objects.create(name="Somebody", phone="")
    assert rows(apps, "phone", "notes") == NEWEST

    back = rows(go("customers", "0001"), "phone")
    assert back == {pk: (phone or " ".join(typed.split()),) for pk, (typed, phone, _) in PHONES.items()}
    apps = go()
    assert rows(apps, "phone", "notes") == NEWEST
    assert rows(apps, "public_id") == public_ids


def test_the_backfills_end_the_same_when_run_again_and_keep_older_notes(go):
    apps = go("customers", "0002")
    create_customers(apps)
    customers = apps.get_model("customers", "Customer").objects
    customers.filter(pk=15).update(notes="Pays on Fridays")
    apps = go("customers", "0003")
    customers, settled = apps.get_model("customers", "Customer").objects, rows(apps, "phone", "notes")
    assert settled[15] == (None, "Pays on Fridays\nPhone as it was written: ask Juma")
    for pk in range(10, 19):
        customers.filter(pk=pk).update(phone=PHONES[pk][0], notes="Pays on Fridays" if pk == 15 else "")
    for _ in range(2):
        run(migration("customers", "0003_fill_phone").fill)
        assert rows(apps, "phone", "notes") == settled
    back = rows(go("customers", "0002"), "phone", "notes")
    assert (back[15], back[3]) == (("ask Juma", "Pays on Fridays"), ("", ""))

    apps = go("customers", "0006")
    customers, named = apps.get_model("customers", "Customer").objects, rows(apps, "public_id")
    customers.filter(pk__gt=9).update(public_id=None)
    run(migration("customers", "0006_fill_public_id").fill)
    assert rows(apps, "public_id") == named


def test_going_back_is_refused_while_it_would_lose_notes_unless_forced(go):
    apps = go("customers", "0003")
    apps.get_model("customers", "Customer").objects.create(name="Juma", notes="Pays on Fridays")
    with pytest.raises(CommandError, match=r"notes or marks of 1 customers.*SMARTDUKA_ALLOW_DATA_LOSS=on"):
        go("customers", "0001")
    assert set(rows(go("customers", "0003"), "notes").values()) == {("Pays on Fridays",)}
    with override_settings(ALLOW_DATA_LOSS=True):
        assert set(rows(go("customers", "0001"), "phone").values()) == {("",)}


@pytest.mark.parametrize("typed", ["0712 345 678", "0112-345-678", "712345678", "254712345678", "+254 712 345678"])
def test_old_numbers_are_stored_as_new_ones_are(typed):
    assert migration("customers", "0003_fill_phone").in_one_form(typed) == phones.parse(typed)


def test_the_names_of_customers_are_folded_to_be_searched_as_the_living_shop_folds_them(go):
    apps = go("customers", "0001")
    for pk, name in enumerate(("WANJIKÚ", "O'Brien 100%", "", "\uff2auma"), start=1):
        apps.get_model("customers", "Customer").objects.create(pk=pk, name=name)
    folded = {1: ("wanjiku",), 2: ("o'brien 100%",), 3: ("",), 4: ("juma",)}
    assert rows(go(), "search_text") == folded
    assert {customer.pk: (customer.search_text,) for customer in Customer.objects.all()} == folded
    go("customers", "0009")
    assert rows(go(), "search_text") == folded
    Customer.objects.filter(pk__gt=2).update(search_text="")
    go("customers", "0011")
    models = models_now().get_model("customers", "Customer").objects
    models.filter(pk__gt=2).update(search_text=None)
    for _ in range(2):
        run(migration("customers", "0011_fill_customer_search_text").fill)
        assert rows(models_now(), "search_text") == folded
