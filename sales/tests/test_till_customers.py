"""Customers who are added at the till: once, with a name and a phone, and no credit."""

import pytest

from customers import book
from customers.models import Customer
from sales.tests.conftest import CUSTOMERS
from smartduka.refusals import Refusal
from smartduka.tests.builders import a_customer, diary, what_is_written

pytestmark = pytest.mark.django_db

ZAWADI = {"name": "Zawadi", "phone": "0722 000 333"}


class TestSomebodyNew:
    def test_is_201_with_what_the_till_shows_of_a_customer(self, till):
        answer = till.post(ZAWADI, CUSTOMERS)
        zawadi = Customer.objects.get()
        assert (answer.status_code, answer.json()) == (
            201,
            {
                "customer": {
                    "id": zawadi.pk,
                    "name": "Zawadi",
                    "phone": "0722 000 333",
                    "balance": "0.00",
                    "credit_limit": "0.00",
                }
            },
        )
        assert (zawadi.phone, zawadi.is_active) == ("+254722000333", True)
        assert diary() == [
            ("master_data_changed", "Zawadi (0722 000 333)", "", "", "added", "Otieno"),
        ]

    @pytest.mark.parametrize("phone", [{}, {"phone": None}, {"phone": ""}, {"phone": " "}], ids=str)
    def test_may_have_no_phone(self, till, phone):
        assert till.post({"name": " Mama Njeri ", **phone}, CUSTOMERS).status_code == 201
        assert [(each.name, each.phone) for each in Customer.objects.all()] == [("Mama Njeri", None)]

    def test_may_have_the_name_of_somebody_with_another_phone(self, till, wanjiku):
        assert till.post({"name": "Wanjiku", "phone": "0722000333"}, CUSTOMERS).status_code == 201
        assert till.post({"name": "Wanjiku"}, CUSTOMERS).status_code == 201
        assert Customer.objects.count() == 3

    def test_gets_no_credit_that_somebody_writes_into_the_document(self, till):
        till.post({**ZAWADI, "credit_limit": "5000", "is_active": False}, CUSTOMERS)
        zawadi = Customer.objects.get()
        assert (zawadi.credit_limit, zawadi.is_active) == (0, True)


class TestTheSameAgain:
    @pytest.mark.parametrize(
        "again",
        [ZAWADI, {"name": "ZAWADI", "phone": "+254722000333"}, {"name": " Zawadi", "phone": "722000333"}],
        ids=["letter by letter", "capitals", "blanks"],
    )
    def test_is_200_with_the_same_customer_and_writes_nothing(self, till, again):
        first = till.post(ZAWADI, CUSTOMERS)
        before = what_is_written()
        answer = till.post(again, CUSTOMERS)
        assert (answer.status_code, answer.json()) == (200, first.json())
        assert what_is_written() == before

    def test_without_a_phone_too(self, till):
        first = till.post({"name": "Mama Njeri"}, CUSTOMERS)
        answer = till.post({"name": "mama njeri"}, CUSTOMERS)
        assert (answer.status_code, answer.json()) == (200, first.json())

    def test_shows_what_is_owed_by_who_was_there_before(self, till, wanjiku, a_document):
        owed = [{"type": "on_account", "amount": "65"}]
        assert till.post(a_document(customer=wanjiku.pk, tenders=owed)).status_code == 201
        shown = till.post({"name": "Wanjiku", "phone": "0712345678"}, CUSTOMERS).json()["customer"]
        assert (shown["id"], shown["balance"], shown["credit_limit"]) == (wanjiku.pk, "65.00", "5000.00")

    def test_of_two_tills_at_once_adds_one(self, otieno, monkeypatch):
        """The other till was faster by the blink between the look and the insert."""
        look, looks = book._known, []

        def slow(name, phone):
            looks.append(look(name, phone))
            if len(looks) == 1:
                a_customer(name, phone=phone)
            return looks[0] if len(looks) == 1 else look(name, phone)

        monkeypatch.setattr(book, "_known", slow)
        kept, is_new = book.introduce("Zawadi", "+254722000333", by=otieno)
        assert (kept, is_new) == (Customer.objects.get(), False)


class TestIsRefused:
    def test_the_phone_of_somebody_else_who_is_named(self, till, wanjiku):
        error = till.refused({**ZAWADI, "phone": "0712345678"}, CUSTOMERS, status=422, code="invalid")
        assert error["fields"] == {"phone": "This is the phone of Wanjiku."}

    def test_the_phone_of_somebody_who_is_not_active(self, till):
        a_customer("Zawadi", phone="+254722000333", is_active=False)
        error = till.refused(ZAWADI, CUSTOMERS, status=422, code="invalid")
        assert error["fields"] == {"phone": "This is the phone of Zawadi, who is not active."}

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            *(("name", given) for given in (None, "", "  ", 7, True, [], {}, "x" * 81, "a\0b", "a\nb", "\u202eb")),
            ("name", "\u200b"),
            ("name", "\ud800"),
            *(("phone", given) for given in (7, [], {}, "12345", "0812 345 678", "0722000333\0", "x" * 900)),
            ("phone", "0722 000 333, 0722 000 444"),
        ],
    )
    def test_what_is_no_name_or_phone_by_the_field(self, till, field, given):
        error = till.refused({**ZAWADI, field: given}, CUSTOMERS, status=422, code="invalid")
        assert list(error["fields"]) == [field]

    def test_a_phone_that_is_taken_while_it_is_written(self, otieno, wanjiku, monkeypatch):
        """The look finds nobody, and the database has the last word."""
        monkeypatch.setattr(type(Customer.objects.all()), "first", lambda rows: None)
        before = what_is_written()
        with pytest.raises(Refusal) as caught:
            book.introduce("Zawadi", wanjiku.phone, by=otieno)
        assert (caught.value.code, caught.value.fields) == (
            "taken",
            {"phone": "Somebody else took this phone just now."},
        )
        assert what_is_written() == before
