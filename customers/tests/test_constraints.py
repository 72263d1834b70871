"""The database has the last word: around every door of Python, it refuses what cannot be true of a debt."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from customers import ledger
from customers.models import Customer
from smartduka.tests.builders import NOON, a_customer, a_voucher, what_is_written
from smartduka.tests.forgery import TWICE, forge, refused, rules_of

pytestmark = pytest.mark.django_db

NEW = {"phone": None, "public_id": "00000000-0000-4000-8000-000000000000"}
SIGN = "entry_sign_fits_kind"

CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("customer_limit_not_negative", "customer", {**NEW, "credit_limit": -1}),
    ("customer_phone_null_when_absent", "customer", {**NEW, "phone": ""}),
    *[(SIGN, "charge", {"amount": amount}) for amount in (0, -1)],
    (SIGN, "charge", {"due_on": None}),
    *[
        (SIGN, "charge", {"kind": kind, "amount": amount})
        for kind in ("payment", "credit_note", "write_off")
        for amount in (0, 1)
    ],
    (SIGN, "charge", {"kind": "reversal", "amount": -1}),
    (SIGN, "reversal", {"amount": 0, "reverses_id": None}),
    (SIGN, "charge", {"kind": "gift", "amount": -1}),
]

ONCE: list[tuple[str, str, dict[str, Any]]] = [
    ("a phone", "customer", {"public_id": NEW["public_id"]}),
    ("a public id", "customer", {"phone": None}),
    ("a reversal", "reversal", {}),
]


@pytest.fixture
def rows(wanjiku, amina) -> SimpleNamespace:
    with transaction.atomic():
        customer = ledger.lock(wanjiku.pk)
        charge = ledger.charge(customer, 100, a_voucher(amina), due_on=NOON.date())
        return SimpleNamespace(customer=customer, charge=charge, reversal=ledger.reverse(charge, a_voucher(amina)))


@pytest.mark.parametrize(("rule", "row", "changes"), CHECKS)
def test_what_cannot_be_true_of_a_row_is_refused(rows, rule, row, changes):
    before = what_is_written()
    with refused(rule):
        forge(getattr(rows, row), **changes)
    assert what_is_written() == before


@pytest.mark.parametrize(("rule", "row", "changes"), ONCE, ids=[rule for rule, *_ in ONCE])
def test_what_there_is_once_is_refused_twice(rows, rule, row, changes):
    before = what_is_written()
    with refused(TWICE):
        forge(getattr(rows, row), **changes)
    assert what_is_written() == before


def test_every_rule_of_the_customers_is_seen_to_hold():
    assert {rule for rule, *_ in CHECKS} == rules_of("customers")


def test_customers_without_a_phone_are_many(db):
    for name in ("Juma", "Zawadi"):
        a_customer(name)
    assert Customer.objects.filter(phone=None).count() == 2


def test_who_has_a_history_cannot_be_deleted(rows):
    with pytest.raises(ProtectedError):
        rows.customer.delete()
