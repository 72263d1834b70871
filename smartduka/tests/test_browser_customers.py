"""The customer of a sale: found, or added, without leaving the till."""

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from sales.models import Sale
from smartduka.tests.builders import what_is_written
from smartduka.tests.conftest import tenders_of

pytestmark = pytest.mark.browser

ADD = "**/till/customers/"


@pytest.fixture
def looking(desk, wanjiku):
    """Otieno's laptop, a bread to be paid, and the box for the customer in focus."""
    desk.type("bread")
    desk.press("F2")
    desk.part("#customer").click()
    return desk


def found(till):
    till.part("#customers li").first.wait_for()
    return till.part("#customers li").all_inner_texts()


def test_somebody_new_is_added_and_chosen_with_the_keyboard_alone(looking):
    looking.page.keyboard.type("Zuhura Ali")
    assert found(looking) == ["+ New customer “Zuhura Ali”"]
    looking.press("Enter")
    expect(looking.part("#new-name")).to_have_value("Zuhura Ali")
    expect(looking.part("#new-phone")).to_be_focused()
    looking.type("0798 765 432")
    expect(looking.part(".customer-name")).to_have_text("Zuhura Ali · 0798 765 432")
    expect(looking.part(".customer-standing")).to_have_text("Owes nothing · cash only")
    zuhura = Customer.objects.get(phone="+254798765432")
    assert (zuhura.name, zuhura.credit_limit) == ("Zuhura Ali", 0)
    looking.press("F2")
    sale, _ = looking.sold()
    assert (sale.customer, tenders_of(sale)) == (zuhura, [("cash", "65.00", "")])


def test_somebody_new_is_added_by_thumb(till):
    till.tap(".tile", "Bread")
    till.tap(".start")
    till.part("#customer").tap()
    till.page.keyboard.type("0798765432")
    found(till)
    till.tap("#customers .adder")
    expect(till.part("#new-phone")).to_have_value("0798765432")
    expect(till.part("#new-name")).to_be_focused()
    till.page.keyboard.type("Zuhura")
    till.tap(".add")
    expect(till.part(".customer-name")).to_have_text("Zuhura · 0798 765 432")


def test_the_new_one_stands_below_those_who_are_there(looking):
    looking.page.keyboard.type("wan")
    assert found(looking) == ["Wanjiku · 0712 345 678", "+ New customer “wan”"]
    looking.press("ArrowDown", "ArrowDown")
    expect(looking.part("#customers li").last).to_have_attribute("aria-selected", "true")
    looking.press("ArrowUp", "Enter")
    expect(looking.part(".customer-name")).to_contain_text("Wanjiku")


@pytest.mark.parametrize(
    ("name", "phone", "field", "said"),
    [
        ("", "0798765432", "#new-name", "Write a name."),
        ("Zuhura", "12", "#new-phone", "Write a mobile number such as 0712 345 678."),
        ("Zuhura", "0712345678", "#new-phone", "This is the phone of Wanjiku."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_as_it_was_typed(looking, name, phone, field, said):
    before = (what_is_written(), Customer.objects.count())
    looking.page.keyboard.type("Zuhura")
    found(looking)
    looking.press("Enter")
    looking.part("#new-name").fill(name)
    looking.part("#new-phone").fill(phone)
    looking.press("Enter")
    note = looking.part(f".field:has({field}) .field-note")
    expect(note).to_have_text(said)
    expect(looking.part(field)).to_be_focused()
    expect(looking.part("#new-name")).to_have_value(name)
    expect(looking.part("#new-phone")).to_have_value(phone)
    assert (what_is_written(), Customer.objects.count()) == before
    assert looking.basket() == [("Bread 400 g", "1", "65")]


def test_a_customer_whose_answer_was_lost_is_asked_for_again_and_added_once(looking):
    looking.page.keyboard.type("Zuhura")
    found(looking)
    looking.press("Enter")

    def lose(route):
        route.fetch()
        route.abort()

    looking.page.route(ADD, lose)
    looking.press("Enter")
    expect(looking.part(".new-note")).to_have_text("No answer from the books. Asking again adds nobody twice.")
    looking.page.unroute(ADD)
    looking.press("Enter")
    expect(looking.part(".customer-name")).to_have_text("Zuhura")
    assert Customer.objects.filter(name="Zuhura").count() == 1


def test_somebody_whose_answer_comes_after_the_sale_does_not_buy_what_comes_next(looking):
    waiting = []

    def hold(route):
        waiting.append(route)

    looking.page.route(ADD, hold)
    looking.page.keyboard.type("Zuhura")
    found(looking)
    looking.press("Enter", "Enter", "F2")
    assert looking.sold()[0].customer is None
    with looking.page.expect_response(ADD):
        waiting.pop().continue_()
    looking.type("soda")
    looking.press("F2")
    expect(looking.part(".chosen")).to_be_hidden()
    assert Customer.objects.filter(name="Zuhura").exists()


def test_escape_leads_back_to_the_search_and_not_out_of_the_payment(looking):
    looking.page.keyboard.type("Zuhura")
    found(looking)
    looking.press("Enter", "Escape")
    expect(looking.part("#customer")).to_be_focused()
    expect(looking.part(".new-customer")).to_be_hidden()
    assert not Sale.objects.exists()


def test_who_may_not_add_customers_is_not_offered_it(looking, otieno):
    role = otieno.groups.get()
    role.permissions.remove(role.permissions.get(codename="add_customer"))
    looking.page.reload()
    looking.part(".tile").first.wait_for()
    looking.press("F2")
    looking.part("#customer").click()
    looking.page.keyboard.type("Zuhura")
    expect(looking.part(".customer-note")).to_have_text("No customer is called “Zuhura”.")
    expect(looking.part("#customers li")).to_have_count(0)


def test_what_a_customer_may_still_owe_follows_what_goes_on_account(desk, wanjiku):
    Customer.objects.filter(pk=wanjiku.pk).update(credit_limit=60)
    desk.type("bread")
    desk.press("F2", "o")
    desk.page.keyboard.type("wan")
    found(desk)
    desk.press("Enter")
    note = desk.part(".customer-note")
    expect(note).to_have_text("65 on account is 5 more than the limit leaves.")
    desk.page.keyboard.type("60")
    expect(note).to_be_hidden()
    desk.press("c")
    desk.press("F2")
    assert tenders_of(desk.sold()[0]) == [("on_account", "60.00", ""), ("cash", "5.00", "")]


def test_a_day_to_pay_by_is_one_press_and_can_be_taken_back(desk, wanjiku):
    desk.type("bread")
    desk.press("F2", "o")
    desk.page.keyboard.type("wan")
    found(desk)
    desk.press("Enter")
    week = desk.part(".due-presets .chip").filter(has_text="In a week")
    week.click()
    expect(week).to_have_attribute("aria-pressed", "true")
    week.click()
    expect(week).to_have_attribute("aria-pressed", "false")
    expect(desk.part("#due-on")).to_have_value("")
    expect(desk.part(".due-on label")).to_contain_text("30 days if empty")
    desk.press("F2")
    sale, _ = desk.sold()
    assert (wanjiku.entries.get().due_on - sale.sold_on).days == 30
