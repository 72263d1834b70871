"""The credit book in the browser."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from customers import book, ledger
from customers.models import Customer
from smartduka.tests.builders import NOON, a_customer, a_voucher, diary

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 6, 26)


@pytest.fixture
def shopkeeper(client, amina, shop):
    client.force_login(amina)
    return client


@pytest.fixture
def cashier(client, otieno, shop):
    client.force_login(otieno)
    return client


def charge(customer, amount, by, *, at=NOON, reference="S-000001"):
    with transaction.atomic():
        locked = ledger.lock(customer.pk)
        ledger.charge(locked, Decimal(amount), a_voucher(by, at=at, reference=reference), due_on=FRIDAY)


def pay(customer, amount, by, *, at=NOON, reference="P-000001"):
    with transaction.atomic():
        ledger.receive_payment(ledger.lock(customer.pk), Decimal(amount), a_voucher(by, at=at, reference=reference))


def names(response):
    return [customer.name for customer in response.context["page"]]


def errors_of(response):
    assert response.status_code == 200
    return {field: list(said) for field, said in response.context["form"].errors.items()}


# --- The list ----------------------------------------------------------------------------------------------


def test_customers_are_found_by_name_phone_debt_and_whether_they_are_active(shopkeeper, amina, wanjiku, juma):
    baba = a_customer("Baba Ali", limit="900")
    a_customer("Old friend", is_active=False)
    charge(baba, "100", amina)
    charge(wanjiku, "480", amina)
    pay(juma, "50", amina)
    expected = {
        "": ["Baba Ali", "Juma", "Wanjiku"],
        "?q=wan": ["Wanjiku"],
        "?q=0712 345": ["Wanjiku"],
        "?q=254712345678": ["Wanjiku"],
        "?q=nobody": [],
        "?owing=1": ["Wanjiku", "Baba Ali"],
        "?owing=1&q=ali": ["Baba Ali"],
        "?off=1": ["Old friend"],
    }
    assert {query: names(shopkeeper.get(f"/customers/{query}")) for query in expected} == expected


def test_the_list_shows_what_each_customer_owes(shopkeeper, amina, wanjiku, juma):
    charge(wanjiku, "480.50", amina)
    charge(wanjiku, "20", amina)
    pay(juma, "50", amina)
    owed = {customer.name: customer.owed for customer in shopkeeper.get("/customers/").context["page"]}
    assert owed == {"Wanjiku": Decimal("500.50"), "Juma": Decimal("-50.00")}
    shown = shopkeeper.get("/customers/").content.decode()
    assert "500.50" in shown
    assert "in credit" in shown


@pytest.mark.parametrize("query", ["?q=%00", "?page=x", "?page=-1", "?owing=x%00", "?q=" + "a" * 200])
def test_what_cannot_be_understood_is_not_looked_for(shopkeeper, wanjiku, juma, query):
    assert shopkeeper.get(f"/customers/{query}").status_code == 200


@pytest.mark.parametrize("query", ["", "?owing=1"])
def test_the_list_takes_the_same_queries_for_2_and_for_60_customers(
    shopkeeper, amina, wanjiku, query, django_assert_num_queries
):
    charge(wanjiku, "480", amina)
    with django_assert_num_queries(6):
        assert names(shopkeeper.get(f"/customers/{query}")) == ["Wanjiku"]
    for number in range(60):
        charge(a_customer(f"Customer {number}", limit="100"), "10", amina)
    with django_assert_num_queries(6):
        assert len(names(shopkeeper.get(f"/customers/{query}"))) == 50


# --- One customer ------------------------------------------------------------------------------------------


def test_the_ledger_runs_from_the_newest_entry_with_what_was_owed_after_each(shopkeeper, amina, wanjiku):
    charge(wanjiku, "480", amina, reference="S-000007")
    pay(wanjiku, "200", amina, reference="P-000003", at=datetime(2026, 6, 25, 6, 0, tzinfo=UTC))
    charge(wanjiku, "30.50", amina, reference="S-000009")
    response = shopkeeper.get(f"/customers/{wanjiku.pk}/")
    ran = [(entry.reference, entry.amount, entry.balance_after) for entry in response.context["page"]]
    assert ran == [
        ("S-000009", Decimal("30.50"), Decimal("310.50")),
        ("P-000003", Decimal("-200.00"), Decimal("280.00")),
        ("S-000007", Decimal("480.00"), Decimal("480.00")),
    ]
    assert response.context["balance"] == Decimal("310.50")
    assert response.context["left"] == Decimal("4689.50")
    shown = response.content.decode()
    for fact in ("0712 345 678", "5,000", "310.50", "4,689.50", "25 Jun 2026, 09:00", "26 Jun 2026", "Amina"):
        assert fact in shown or fact.lower() in shown


def test_the_running_balance_goes_on_over_the_pages(shopkeeper, amina, wanjiku, django_assert_num_queries):
    for _ in range(30):
        charge(wanjiku, "10", amina)
    with django_assert_num_queries(8):
        first = list(shopkeeper.get(f"/customers/{wanjiku.pk}/").context["page"])
    second = list(shopkeeper.get(f"/customers/{wanjiku.pk}/?page=2").context["page"])
    balances = [entry.balance_after for entry in first + second]
    assert balances == [Decimal(10 * number) for number in range(30, 0, -1)]


def test_a_cashier_sees_what_is_owed_without_the_ledger(cashier, amina, wanjiku):
    charge(wanjiku, "480", amina)
    response = cashier.get(f"/customers/{wanjiku.pk}/")
    assert response.context["balance"] == Decimal("480.00")
    assert "page" not in response.context
    assert "Receive payment" in response.content.decode()
    assert f"/customers/{wanjiku.pk}/edit/" not in response.content.decode()


@pytest.mark.parametrize("pk", [0, 999, 10**30])
def test_a_customer_who_is_not_there_is_not_found(shopkeeper, wanjiku, pk):
    assert shopkeeper.get(f"/customers/{pk}/").status_code == 404
    assert shopkeeper.get(f"/customers/{pk}/edit/").status_code == 404


# --- Adding and editing ------------------------------------------------------------------------------------


def add(client, **words):
    public_id = client.get("/customers/new/").context["form"]["public_id"].value()
    return client.post("/customers/new/", {"public_id": public_id, **words})


def test_a_cashier_adds_a_customer_who_pays_cash(cashier):
    response = add(cashier, name="Achieng", phone="0722 000 111", credit_limit="9000", is_active="")
    achieng = Customer.objects.get()
    assert response.headers["Location"] == f"/customers/{achieng.pk}/"
    assert (achieng.name, achieng.phone, achieng.notes) == ("Achieng", "+254722000111", "")
    assert (achieng.credit_limit, achieng.is_active) == (Decimal("0.00"), True)


def test_who_may_give_credit_gives_it_at_once(shopkeeper):
    add(shopkeeper, name="Achieng", phone="", credit_limit="1,500", is_active="on", notes="Stall 3")
    achieng = Customer.objects.get()
    assert (achieng.phone, achieng.credit_limit, achieng.notes) == (None, Decimal("1500.00"), "Stall 3")


def test_a_customer_who_was_sent_twice_is_added_once(cashier):
    public_id = cashier.get("/customers/new/").context["form"]["public_id"].value()
    words = {"public_id": public_id, "name": "Achieng", "phone": "0722000111"}
    answers = [cashier.post("/customers/new/", words) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Customer.objects.count() == 1


def test_two_customers_of_one_name_are_two_people(cashier):
    for _ in range(2):
        add(cashier, name="Achieng")
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 81}, "name", "80"),
        ({"name": "a\x00"}, "name", "Null"),
        ({"phone": "12"}, "phone", "0712 345 678"),
        ({"phone": "+447911123456"}, "phone", "0712 345 678"),
        ({"phone": "0712-345-678"}, "phone", "0712 345 678 is the phone of Wanjiku."),
        ({"credit_limit": "-1"}, "credit_limit", "1,000.50"),
        ({"credit_limit": "1e3"}, "credit_limit", "1,000.50"),
        ({"credit_limit": ""}, "credit_limit", "required"),
        ({"public_id": "x"}, "public_id", "UUID"),
    ],
)
def test_a_wrong_customer_names_the_field_and_writes_nothing(shopkeeper, wanjiku, wrong, field, said):
    response = add(shopkeeper, **{"name": "Achieng", "phone": "", "credit_limit": "0"} | wrong)
    errors = errors_of(response)
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert Customer.objects.count() == 1


def edit(client, customer, **words):
    seen = client.get(f"/customers/{customer.pk}/edit/").context["form"]["seen"].value()
    return client.post(f"/customers/{customer.pk}/edit/", {"seen": seen, **words})


def test_editing_keeps_what_was_changed(shopkeeper, wanjiku):
    words = {"name": "Wanjiku Kamau", "phone": "0733 111 222", "credit_limit": "6000.50", "notes": "pays Fridays"}
    response = edit(shopkeeper, wanjiku, **words)
    assert response.headers["Location"] == f"/customers/{wanjiku.pk}/"
    public_id = wanjiku.public_id
    wanjiku.refresh_from_db()
    assert (wanjiku.name, wanjiku.phone, wanjiku.notes) == ("Wanjiku Kamau", "+254733111222", "pays Fridays")
    assert (wanjiku.credit_limit, wanjiku.is_active, wanjiku.public_id) == (Decimal("6000.50"), False, public_id)


def test_keeping_ones_own_phone_is_no_conflict(shopkeeper, wanjiku):
    words = {"name": "Wanjiku", "phone": "0712345678", "credit_limit": "5000", "is_active": "on"}
    assert edit(shopkeeper, wanjiku, **words).status_code == 302


def test_a_phone_taken_by_another_is_refused_naming_that_one(shopkeeper, wanjiku, juma):
    words = {"name": "Juma", "phone": "0712345678", "credit_limit": "0", "is_active": "on"}
    response = edit(shopkeeper, juma, **words)
    assert errors_of(response) == {"phone": ["0712 345 678 is the phone of Wanjiku."]}
    assert 'value="0712345678"' in response.content.decode()
    juma.refresh_from_db()
    assert juma.phone is None


def test_a_phone_taken_at_the_same_moment_is_refused_with_a_sentence(shopkeeper, wanjiku, juma, monkeypatch):
    """Two tills that both looked before either wrote: the database has the last word."""
    monkeypatch.setattr("customers.forms.CustomerForm.validate_unique", lambda form: None)
    words = {"name": "Juma", "phone": "0712345678", "credit_limit": "0", "is_active": "on"}
    taken = {"phone": ["Somebody else took this phone just now."]}
    assert errors_of(edit(shopkeeper, juma, **words)) == taken
    assert errors_of(add(shopkeeper, name="Achieng", phone="0712345678", credit_limit="0")) == taken
    assert set(Customer.objects.values_list("name", "phone")) == {("Wanjiku", "+254712345678"), ("Juma", None)}
    assert diary() == []


def test_each_changed_fact_is_written_down_before_and_after(shopkeeper, amina, wanjiku):
    words = {"name": "Wanjiku", "phone": "0733 111 222", "credit_limit": "6000.50"}
    edit(shopkeeper, wanjiku, **words)
    who = "Wanjiku (0733 111 222)"
    assert diary() == [
        ("master_data_changed", who, "phone", "0712 345 678", "0733 111 222", "Amina"),
        ("limit_changed", who, "credit limit", "5,000", "6,000.50", "Amina"),
        ("master_data_changed", who, "active", "yes", "no", "Amina"),
    ]
    assert edit(shopkeeper, wanjiku, **words).status_code == 302
    assert len(diary()) == 3, "what did not change is not written down again"


def test_a_customer_whom_somebody_else_changed_is_not_overwritten(shopkeeper, wanjiku, otieno):
    """The control: without the mark of what was shown, the limit of the other would be gone."""
    seen = shopkeeper.get(f"/customers/{wanjiku.pk}/edit/").context["form"]["seen"].value()
    wanjiku.credit_limit = Decimal(7000)
    book.save(wanjiku, by=otieno, fields={"credit_limit"})
    words = {"name": "Wanjiku Kamau", "phone": "0712345678", "credit_limit": "5000", "is_active": "on"}

    response = shopkeeper.post(f"/customers/{wanjiku.pk}/edit/", {"seen": seen, **words})

    assert errors_of(response)["credit_limit"] == ["Otieno changed this meanwhile: it is now 7,000."]
    assert "somebody else changed the credit limit" in errors_of(response)["__all__"][0]
    assert 'value="Wanjiku Kamau"' in response.content.decode()
    wanjiku.refresh_from_db()
    assert (wanjiku.name, wanjiku.credit_limit) == ("Wanjiku", Decimal("7000.00"))
    assert len(diary()) == 1

    seen = response.context["form"]["seen"].value()
    assert shopkeeper.post(f"/customers/{wanjiku.pk}/edit/", {"seen": seen, **words}).status_code == 302
    wanjiku.refresh_from_db()
    assert (wanjiku.name, wanjiku.credit_limit) == ("Wanjiku Kamau", Decimal("5000.00"))
