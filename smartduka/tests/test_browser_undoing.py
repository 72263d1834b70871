"""Goods come back and a sale is cancelled, in a real browser: by thumb, by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from customers import ledger as customer_ledger
from inventory.models import Product
from sales.models import Return
from smartduka.tests.builders import a_line, a_sale, paid
from smartduka.tests.conftest import DESK
from smartduka.tests.test_browser_pages import TOO_SMALL, look

pytestmark = pytest.mark.browser


@pytest.fixture
def sale(goods, otieno, wanjiku):
    """Two loaves and a quarter of sugar: 100 in cash, 70 on account."""
    lines = [a_line(goods["bread"], "2"), a_line(goods["sugar"], "0.25")]
    return a_sale(lines, [paid("100"), paid("70", "on_account")], by=otieno, customer=wanjiku)


@pytest.fixture
def phone(sale, amina, page_of):
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    return page


def test_goods_come_back_by_thumb(phone, sale, goods, wanjiku, live_server):
    phone.goto(f"{live_server.url}/sales/{sale.number}/")
    phone.get_by_role("link", name="Return goods").tap()
    expect(phone.get_by_role("button", name="What does it come to?")).to_be_hidden()
    phone.get_by_role("button", name="All of Bread 400 g").tap()
    expect(phone.locator("#due")).to_have_text(
        "The goods come to 130: 70 comes off Wanjiku’s debt, and 60 is paid out."
    )
    phone.get_by_label("Damaged").first.tap()
    phone.get_by_role("button", name="Spoiled").tap()
    assert not Return.objects.exists()
    assert look(phone) + phone.evaluate(TOO_SMALL) == []

    phone.get_by_role("button", name="Take the goods back").tap()

    expect(phone.get_by_text("70 less is owed and give 60 back (Cash).")).to_be_visible()
    done = Return.objects.get()
    assert (str(done.total), done.reason, done.lines.get().is_damaged) == ("130.00", "Spoiled", True)
    assert customer_ledger.balance(wanjiku) == 0
    assert Product.objects.get(pk=goods["bread"].pk).stock_quantity == 8
    phone.locator(".receipt").get_by_role("link", name=done.number).tap()
    expect(phone.get_by_role("heading", name=done.number)).to_be_visible()
    assert look(phone) + phone.evaluate(TOO_SMALL) == []
    assert phone.said == []


def test_goods_come_back_by_keyboard(phone, sale, live_server):
    phone.set_viewport_size(DESK)
    phone.goto(f"{live_server.url}/sales/{sale.number}/return/")
    phone.get_by_label("Comes back, at most 0.25 kg").focus()
    phone.keyboard.type("0.3")
    expect(phone.locator("#due")).to_have_text("Of Sugar, at most 0.25 kg can come back.")
    phone.keyboard.press("Control+a")
    phone.keyboard.type("0.1")
    expect(phone.locator("#due")).to_have_text("The goods come to 16: 16 comes off Wanjiku’s debt.")
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Reason")).to_be_focused()
    assert not Return.objects.exists()
    assert look(phone) == []
    phone.keyboard.type("Wet")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("The goods are back; 16 less is owed.")).to_be_visible()
    assert phone.said == []


def test_a_sale_is_voided_by_thumb(phone, sale, goods, wanjiku, live_server):
    phone.goto(f"{live_server.url}/sales/{sale.number}/")
    phone.get_by_role("link", name="Void").tap()
    expect(phone.locator("#due")).to_have_text(
        "All of it comes to 170: 70 comes off Wanjiku’s debt, and 100 is paid out."
    )
    phone.get_by_role("button", name="Rung up twice").tap()
    assert look(phone) + phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="Void the sale").tap()
    expect(phone.get_by_text("The sale is void; 70 less is owed and give 100 back (Cash).")).to_be_visible()
    expect(phone.locator(".receipt .stamp").filter(has_text="VOID")).to_be_visible()
    assert Return.objects.get().is_void
    assert customer_ledger.balance(wanjiku) == 0
    assert Product.objects.get(pk=goods["bread"].pk).stock_quantity == 10
    assert look(phone) == []
    assert phone.said == []


def test_without_javascript_a_button_says_what_it_comes_to(browser, phone, sale, live_server):
    with browser.new_context(java_script_enabled=False) as plain:
        plain.add_cookies(phone.context.cookies())
        page = plain.new_page()
        page.goto(f"{live_server.url}/sales/{sale.number}/return/")
        page.get_by_label("Comes back, at most 2").fill("1")
        page.get_by_role("button", name="What does it come to?").click()
        expect(page.locator("#due")).to_have_text("The goods come to 65: 65 comes off Wanjiku’s debt.")
        expect(page.get_by_label("Comes back, at most 2")).to_have_value("1")
        assert not Return.objects.exists()
