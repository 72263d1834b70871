"""Prices and discounts at the till: who may give what, and what the receipt says of it."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inventory.models import Product
from sales.models import Sale
from smartduka.models import Event
from smartduka.tests.builders import a_user, what_is_written

pytestmark = pytest.mark.browser


@pytest.fixture
def floors(goods):
    """Bread at 65 goes down to 55, sugar at 159 to 120; soda and airtime have no floor but their price."""
    Product.objects.filter(pk=goods["bread"].pk).update(floor_price=55)
    Product.objects.filter(pk=goods["sugar"].pk).update(floor_price=120)


@pytest.fixture
def baraka_manages(db):
    return a_user("Bahati", "Manager")


@pytest.fixture
def manager(floors, desk_of, baraka_manages):
    return desk_of(baraka_manages)


@pytest.fixture
def owner(floors, desk_of, amina):
    return desk_of(amina)


def charged(sale: Sale) -> list[tuple[str, str, str, str]]:
    """List price, price, discount and total of each line."""
    return [
        (str(line.list_price), str(line.unit_price), str(line.discount), str(line.line_total))
        for line in sale.lines.all()
    ]


def test_a_manager_changes_a_price_by_keys_alone(manager):
    manager.type("2*bread")
    manager.press("F8")
    manager.type("60")
    assert manager.basket() == [("Bread 400 g", "2", "120")]
    expect(manager.part(".was")).to_have_text("65")
    expect(manager.part(".each")).to_have_text("× 60")
    expect(manager.part("#find")).to_be_focused()
    manager.press("F2", "Enter")
    assert charged(manager.sold()[0]) == [("65.00", "60.00", "0.00", "120.00")]


@pytest.mark.parametrize(("typed", "discount", "total"), [("10", "10.00", "120.00"), ("5%", "6.50", "123.50")])
def test_a_line_is_discounted_by_an_amount_or_a_percentage(manager, typed, discount, total):
    manager.type("2*bread")
    manager.part(".line-price").click()
    manager.part(".new-discount").click()
    manager.type(typed)
    expect(manager.part(".off")).to_have_text(f"−{typed}")
    manager.press("F2", "Enter")
    assert charged(manager.sold()[0]) == [("65.00", "65.00", discount, total)]


def test_a_percentage_is_one_press_and_taken_back_by_another(manager):
    manager.type("bread")
    manager.part(".line-price").click()
    manager.part(".panel .chip").filter(has_text="10%").click()
    assert manager.basket() == [("Bread 400 g", "1", "58.50")]
    manager.part(".panel .chip").filter(has_text="None").click()
    assert manager.basket() == [("Bread 400 g", "1", "65")]


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        (".new-price", "cheap", "Write a price such as 1,000.50."),
        (".new-price", "-5", "Write a price such as 1,000.50."),
        (".new-discount", "half", "Write a discount such as 50 or 10%."),
        (".new-discount", "101%", "Write a discount such as 50 or 10%."),
    ],
)
def test_what_is_no_price_is_said_and_stays_typed(manager, box, typed, said):
    manager.type("bread")
    manager.part(".line-price").click()
    manager.part(box).fill(typed)
    manager.press("Enter")
    expect(manager.part(".panel .field-note")).to_have_text(said)
    expect(manager.part(box)).to_have_value(typed)
    assert manager.basket() == [("Bread 400 g", "1", "65")]


def test_going_to_pay_takes_the_price_that_was_typed_and_puts_its_panel_away(manager):
    manager.type("bread")
    manager.press("F8")
    manager.page.keyboard.type("60")
    manager.press("F2")
    expect(manager.part(".panel")).to_have_count(0)
    expect(manager.part(".to-pay")).to_have_text("60")
    manager.press("Enter")
    assert charged(manager.sold()[0]) == [("65.00", "60.00", "0.00", "60.00")]


def test_nobody_pays_while_a_price_cannot_be_read(manager):
    manager.type("bread")
    manager.press("F8")
    manager.page.keyboard.type("6o")
    manager.press("F2")
    expect(manager.part(".panel .field-note")).to_have_text("Write a price such as 1,000.50.")
    expect(manager.part(".start")).to_be_visible()
    manager.part(".new-price").fill("60")
    manager.press("F2")
    expect(manager.part(".to-pay")).to_have_text("60")


def test_a_scanner_in_the_price_scans(manager):
    manager.type("bread")
    manager.part(".line-price").click()
    manager.type("6161100110011")
    assert manager.basket() == [("Bread 400 g", "2", "130")]
    expect(manager.part(".new-price")).to_have_value("65")


def test_a_discount_on_the_sale_stays_above_the_floors_while_it_can(manager):
    manager.type("2*bread")  # 130, down to 110
    manager.type("sugar")  # 159, down to 120
    manager.type("soda")  # 40, and no less
    manager.press("F9")
    manager.type("29.50")
    expect(manager.part(".given-amount")).to_have_text("−29.50")
    expect(manager.part(".below")).to_be_hidden()
    expect(manager.part(".sum .total")).to_have_text("300")
    manager.press("F2", "Enter")
    sale, _ = manager.sold()
    assert [(each[2], each[3]) for each in charged(sale)] == [
        ("10.00", "120.00"),
        ("19.50", "139.50"),
        ("0.00", "40.00"),
    ]
    assert (str(sale.subtotal), str(sale.total)) == ("299.50", "300.00")


def test_a_percentage_of_the_sale_follows_the_basket(manager):
    manager.type("bread")
    manager.part(".give").click()
    manager.part(".sale-discount .chip").filter(has_text="10%").click()
    expect(manager.part(".given-amount")).to_have_text("−6.50")
    manager.type("sugar")
    expect(manager.part(".given-amount")).to_have_text("−22.40")
    manager.part(".given .drop").click()
    expect(manager.part(".given")).to_be_hidden()
    expect(manager.part(".sum .total")).to_have_text("224")


def test_below_the_floor_a_manager_is_told_who_may(manager):
    manager.type("bread")
    manager.press("F8")
    manager.type("50")
    expect(manager.part(".line-note")).to_have_text("Below the floor 55: only an owner may, with a reason.")
    before = what_is_written()
    manager.press("F2", "Enter")
    expect(manager.part(".line-note")).to_contain_text("Bread 400 g may not be sold below 55")
    assert what_is_written() == before
    assert manager.basket() == [("Bread 400 g", "1", "50")]


def test_below_the_floor_an_owner_is_asked_why(owner, goods):
    owner.type("2*bread")
    owner.press("F8")
    owner.type("50")
    expect(owner.part(".line-note")).to_have_text("Below the floor 55: say why, below.")
    owner.press("F2")
    expect(owner.part("#sale-reason")).to_be_focused()
    expect(owner.part(".sale-reason .field-note")).to_have_text("Say why it is sold below its floor.")
    owner.type("Crushed loaves")
    owner.press("F2", "Enter")
    sale, _ = owner.sold()
    assert charged(sale) == [("65.00", "50.00", "0.00", "100.00")]
    event = Event.objects.get(kind="overridden")
    assert (event.subject, event.before, event.after, event.reason) == (
        f"{sale.number} Bread 400 g",
        "55",
        "50",
        "Crushed loaves",
    )


def test_a_floor_that_the_till_did_not_know_of_is_answered_with_a_reason(owner, goods):
    owner.type("bread")
    owner.press("F8")
    owner.type("60")
    Product.objects.filter(pk=goods["bread"].pk).update(floor_price=62)
    owner.page.route("**/catalogue.json*", lambda route: route.abort())  # and it does not hear of it now
    before = what_is_written()
    owner.press("F2", "Enter")
    expect(owner.part("#sale-reason")).to_be_visible()
    assert what_is_written() == before
    owner.part("#sale-reason").fill("Last of the day")
    owner.press("F2", "Enter")
    assert charged(owner.sold()[0]) == [("65.00", "60.00", "0.00", "60.00")]


def test_a_cashier_is_told_that_prices_are_a_managers(desk, floors):
    desk.type("bread")
    desk.part(".line-price").click()
    expect(desk.part(".line-note")).to_have_text("Changing a price is for a manager.")
    expect(desk.part(".panel")).to_have_count(0)
    expect(desk.part(".give")).to_be_hidden()
    desk.press("F9")
    expect(desk.part(".sale-discount")).to_be_hidden()


def test_another_price_buys_another_quantity_for_the_same_amount(owner):
    owner.type("20bob*sugar")
    owner.press("F8")
    owner.type("125")
    assert owner.basket() == [("Sugar", "0.16", "20")]
    owner.press("F2", "Enter")
    line = owner.sold()[0].lines.get()
    assert (line.quantity, line.asked_amount, line.line_total) == (160, Decimal("20.00"), Decimal("20.00"))


def test_a_note_on_the_sale_stands_on_it(desk):
    desk.type("bread")
    desk.part(".write").click()
    desk.type("Deliver at five")
    desk.page.reload()
    expect(desk.part("#sale-note")).to_have_value("Deliver at five")
    desk.press("F2", "Enter")
    assert desk.sold()[0].note == "Deliver at five"
    desk.press("Enter")
    desk.type("bread")
    expect(desk.part(".sale-note")).to_be_hidden()
