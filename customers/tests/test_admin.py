"""The credit book in the back office."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from customers import ledger
from customers.models import Customer
from smartduka.tests.builders import a_customer, a_voucher, what_is_written

pytestmark = pytest.mark.django_db

LIST = "/admin/customers/customer/"


@pytest.fixture
def office(client, amina, shop):
    client.force_login(amina)
    return client


def charge(customer, amount, by):
    with transaction.atomic():
        locked = ledger.lock(customer.pk)
        ledger.charge(locked, Decimal(amount), a_voucher(by), due_on=date(2026, 6, 26))


def test_a_customer_is_added_with_a_phone_as_people_write_it(office):
    sent = {"name": "Achieng", "phone": "0722 000-111", "credit_limit": "1,500", "notes": "", "is_active": "on"}
    assert office.post(f"{LIST}add/", sent).status_code == 302
    achieng = Customer.objects.get()
    assert (achieng.phone, achieng.credit_limit) == ("+254722000111", Decimal("1500.00"))


def test_a_phone_that_is_taken_is_refused_naming_whose_it_is(office, wanjiku):
    sent = {"name": "Achieng", "phone": "0712345678", "credit_limit": "0", "is_active": "on"}
    response = office.post(f"{LIST}add/", sent)
    assert response.context["errors"] == [["0712 345 678 is the phone of Wanjiku."]]
    assert Customer.objects.count() == 1


def test_the_list_shows_balances_in_as_many_queries_for_1_as_for_40(
    office, amina, wanjiku, django_assert_num_queries
):
    charge(wanjiku, "480.50", amina)
    with django_assert_num_queries(8):
        assert "480.50" in office.get(LIST).content.decode()
    for number in range(40):
        charge(a_customer(f"Customer {number}", limit="100"), "10", amina)
    with django_assert_num_queries(8):
        assert office.get(LIST).content.decode().count(">10.00<") == 40


def test_a_balance_is_shown_and_cannot_be_typed(office, amina, wanjiku):
    charge(wanjiku, "480", amina)
    before = what_is_written()
    page = reverse("admin:customers_customer_change", args=[wanjiku.pk])
    assert "480.00" in office.get(page).content.decode()
    sent = {"name": "Wanjiku", "phone": "0712345678", "credit_limit": "5000", "is_active": "on", "balance": "0"}
    assert office.post(page, sent).status_code == 302
    assert what_is_written() == before


@pytest.mark.parametrize(("text", "found"), [("wan", 1), ("712345", 1), ("juma", 0)])
def test_customers_are_searched(office, wanjiku, text, found):
    assert len(office.get(f"{LIST}?q={text}").context["cl"].result_list) == found


def test_a_customer_with_a_history_is_protected(office, amina, wanjiku, juma):
    charge(wanjiku, "480", amina)
    page = f"{LIST}{wanjiku.pk}/delete/"
    for response in (office.get(page), office.post(page, {"post": "yes"})):
        assert response.status_code == 200
        assert "would require deleting the following protected related objects" in response.content.decode()
    assert office.post(f"{LIST}{juma.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Customer.objects.all()) == [wanjiku]
