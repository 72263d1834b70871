"""The customer ledger's verbs: what each writes, what is owed afterwards, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from customers import ledger
from customers.ledger import CreditLimitExceeded
from customers.models import Customer, LedgerEntry
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON, a_customer, a_voucher, what_is_written

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 6, 26)


@pytest.fixture(autouse=True)
def a_ledger_that_adds_up(db):
    """After every test."""
    yield
    assert list(ledger.audit()) == []


@pytest.fixture
def post(wanjiku, amina):
    """Run a verb on Wanjiku, locked, as a caller must."""

    def post(verb, amount, customer=wanjiku, **kwargs):
        with transaction.atomic():
            voucher = a_voucher(amina, reference="S-000001", note="Why")
            return verb(ledger.lock(customer.pk), Decimal(amount), voucher, **kwargs)

    return post


@pytest.fixture
def charge(post):
    return lambda amount, customer=None: post(
        ledger.charge, amount, due_on=FRIDAY, **({"customer": customer} if customer else {})
    )


@pytest.fixture
def reverse(amina):
    def reverse(entry):
        with transaction.atomic():
            ledger.lock(entry.customer_id)
            return ledger.reverse(entry, a_voucher(amina))

    return reverse


def refused(work, message, kind=Refusal) -> None:
    before = what_is_written()
    with pytest.raises(kind) as caught:
        work()
    assert caught.value.message == message
    assert what_is_written() == before


def test_what_is_owed_is_the_sum_of_what_happened(post, charge, wanjiku):
    charge("480.00")
    charge("20.05")
    post(ledger.receive_payment, "100.00")
    post(ledger.credit_note, "0.05")
    post(ledger.write_off, "150.00")
    assert ledger.balance(wanjiku) == Decimal("250.00")
    assert [(entry.kind, entry.amount) for entry in wanjiku.entries.order_by("pk")] == [
        ("charge", Decimal("480.00")),
        ("charge", Decimal("20.05")),
        ("payment", Decimal("-100.00")),
        ("credit_note", Decimal("-0.05")),
        ("write_off", Decimal("-150.00")),
    ]


def test_an_entry_says_when_by_whom_and_what_for(charge, wanjiku, amina):
    entry = charge("480.00")
    assert (entry.customer, entry.due_on, entry.reference, entry.note) == (wanjiku, FRIDAY, "S-000001", "Why")
    assert (entry.posted_at, entry.posted_on, entry.posted_by) == (NOON, NOON.date(), amina)


def test_who_never_bought_on_account_owes_nothing(wanjiku):
    assert ledger.balance(wanjiku) == Decimal("0.00")


def test_many_small_debts_add_up_to_the_cent(charge, wanjiku):
    for _ in range(100):
        charge("0.10")
    assert ledger.balance(wanjiku) == Decimal("10.00")


def test_the_balances_of_many_take_one_query(charge, wanjiku, juma):
    charge("480.00")
    zawadi = a_customer("Zawadi", limit="100")
    charge("99.99", zawadi)
    with CaptureQueriesContext(connection) as captured:
        balances = ledger.balances([wanjiku, juma, zawadi])
    assert balances == {wanjiku.pk: Decimal("480.00"), zawadi.pk: Decimal("99.99")}
    assert len(captured) == 1


def test_the_customer_is_locked(wanjiku):
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        assert ledger.lock(wanjiku.pk) == wanjiku
    if connection.features.has_select_for_update:
        assert any("FOR UPDATE" in query["sql"] for query in captured.captured_queries)


class TestTheLimit:
    def test_may_be_reached(self, charge, wanjiku):
        charge("4999.99")
        charge("0.01")
        assert ledger.balance(wanjiku) == Decimal("5000.00")

    def test_may_not_be_passed_by_a_cent(self, charge):
        charge("4999.99")
        message = "Wanjiku owes 4,999.99 of at most 5,000; 0.02 more is too much."
        refused(lambda: charge("0.02"), message, CreditLimitExceeded)

    def test_counts_what_was_paid_ahead(self, post, charge, wanjiku):
        post(ledger.receive_payment, "1000.00")
        charge("6000.00")
        assert ledger.balance(wanjiku) == Decimal("5000.00")

    def test_of_nothing_is_cash_only(self, charge, juma):
        refused(lambda: charge("0.01", juma), "Juma has no credit: cash only.", CreditLimitExceeded)

    def test_is_read_under_the_lock_and_not_as_it_was_known_before(self, charge, wanjiku):
        Customer.objects.update(credit_limit=100)
        assert wanjiku.credit_limit == 5000
        refused(lambda: charge("101"), "Wanjiku owes 0 of at most 100; 101 more is too much.", CreditLimitExceeded)

    def test_does_not_matter_to_who_pays(self, post, juma):
        post(ledger.receive_payment, "100.00", juma)
        assert ledger.balance(juma) == Decimal("-100.00")


class TestARefusal:
    def test_to_sell_on_account_to_who_is_not_active(self, charge):
        Customer.objects.update(is_active=False)
        refused(lambda: charge("1"), "Wanjiku is not an active customer.")

    def test_to_write_off_more_than_is_owed(self, post, charge):
        charge("10")
        refused(lambda: post(ledger.write_off, "10.01"), "Wanjiku owes 10; more cannot be written off.")

    def test_to_lock_who_is_not_there(self, db):
        refused(lambda: ledger.lock(2**62), "There is no such customer.")


class TestAReversal:
    @pytest.mark.parametrize("verb", [ledger.receive_payment, ledger.credit_note, ledger.write_off])
    def test_is_the_opposite_of_its_entry(self, post, charge, reverse, wanjiku, verb):
        charge("100")
        entry = post(verb, "40")
        reversal = reverse(entry)
        assert (reversal.kind, reversal.amount, reversal.reverses) == ("reversal", Decimal("40.00"), entry)
        assert ledger.balance(wanjiku) == Decimal("100.00")

    def test_of_a_charge_needs_no_due_date(self, charge, reverse, wanjiku):
        assert reverse(charge("100")).due_on is None
        assert ledger.balance(wanjiku) == Decimal("0.00")

    def test_is_made_once(self, charge, reverse):
        entry = charge("100")
        reversal = reverse(entry)
        refused(lambda: reverse(entry), "The charge S-000001 is reversed already.")
        refused(lambda: reverse(reversal), f"The reversal {reversal.pk} is reversed already.")
        assert LedgerEntry.objects.count() == 2
