"""The owner's pages in a real browser: nothing for axe to find, wide enough for a thumb, and edited by keyboard."""

import pytest
from playwright.sync_api import expect

from customers import book
from inventory import catalogue
from inventory.models import Product, Supplier
from smartduka.tests.builders import a_user
from smartduka.tests.conftest import DESK
from smartduka.tests.test_browser_pages import TOO_SMALL, look

pytestmark = pytest.mark.browser


@pytest.fixture
def office(goods, amina, otieno, wanjiku, page_of, live_server):
    """Amina's browser, in a shop where something was changed already."""
    wanjiku.credit_limit += 500
    book.save(wanjiku, by=amina, fields={"credit_limit"})
    supplier = Supplier.objects.create(name="Jumla Wholesale", phone="0712 000 111")
    soda, crate = goods["soda"], goods["soda"].packs.get()
    paths = [
        "/setup/", "/events/", "/events/?q=nothing", "/people/", "/people/?off=1", "/people/new/",
        f"/people/{otieno.pk}/", f"/people/{otieno.pk}/password/", "/shop/", "/products/new/",
        f"/products/{soda.sku}/", f"/products/{soda.sku}/edit/", f"/products/{soda.sku}/packs/new/",
        f"/products/{soda.sku}/packs/{crate.pk}/", "/categories/", "/categories/new/",
        f"/categories/{soda.category_id}/", "/suppliers/", "/suppliers/new/", f"/suppliers/{supplier.pk}/",
        f"/customers/{wanjiku.pk}/edit/",
    ]  # fmt: skip
    page = page_of(amina)
    page.set_default_timeout(10_000)
    return page, [live_server.url + path for path in paths]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_owners_pages_are_accessible_fit_a_phone_and_have_nothing_inline(office, scheme):
    page, addresses = office
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for address in addresses:
        page.goto(address)
        wrong[address] = look(page) + [f"too small for a thumb: {each}" for each in page.evaluate(TOO_SMALL)]
    assert {address: said for address, said in wrong.items() if said} == {}


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, DESK], ids=["phone", "laptop"])
def test_the_receipt_changes_while_the_owner_types(shop, amina, page_of, live_server, size):
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.set_viewport_size(size)
    page.goto(f"{live_server.url}/shop/")
    receipt = page.locator("#preview .receipt")
    before = receipt.bounding_box()["width"]
    expect(page.get_by_role("button", name="Show the receipt")).to_be_hidden()

    page.get_by_label("Name of the shop").fill("Duka jipya")
    expect(receipt.get_by_role("heading")).to_have_text("Duka jipya")
    page.get_by_label("Totals are rounded to").select_option("5")
    expect(receipt.locator(".sum-row .num")).to_have_text("235")
    page.get_by_label("Paper of receipts").select_option("58")
    expect(receipt).to_have_attribute("data-paper", "58")
    assert receipt.bounding_box()["width"] < before
    assert look(page) + page.evaluate(TOO_SMALL) == []
    shop.refresh_from_db()
    assert (shop.name, shop.rounding_step, shop.paper) == ("Duka la Amina", 1, "80")

    page.get_by_role("button", name="Save").click()
    page.get_by_text("The settings of the shop are kept.").wait_for()
    shop.refresh_from_db()
    assert (shop.name, shop.rounding_step, shop.paper) == ("Duka jipya", 5, "58")


def test_a_price_is_changed_by_keyboard_and_a_change_meanwhile_is_shown(goods, amina, page_of, live_server):
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.set_viewport_size(DESK)
    page.goto(f"{live_server.url}/products/{goods['soda'].sku}/edit/")
    theirs = Product.objects.get(pk=goods["soda"].pk)
    theirs.selling_price += 5
    catalogue.save(theirs, by=a_user("Mwangi", "Manager"), fields={"selling_price"})

    page.locator("[name=selling_price]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("42")
    page.keyboard.press("Enter")

    page.get_by_text("Mwangi changed this meanwhile: it is now 45.").wait_for()
    assert page.locator("[name=selling_price]").input_value() == "42"
    assert look(page) == []
    page.locator("[name=selling_price]").press("Enter")
    page.get_by_text("What you changed about Soda 300 ml is kept.").wait_for()
    assert str(Product.objects.get(pk=theirs.pk).selling_price) == "42.00"
