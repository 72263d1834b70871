"""Receipts on paper: as a real browser would print them."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inventory.models import Product
from sales.models import ReceiptPrint
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_product, a_sale, paid
from smartduka.tests.conftest import DESK
from smartduka.tests.test_browser_pages import look

pytestmark = pytest.mark.browser

MILLIMETRES = {"58": 48, "80": 72, "a4": 174}
"""How much of each paper a printer reaches."""

NASTY = {
    "wide": "W" * 100,
    "emoji": "🍞🧈" * 50,
    "chinese": "全麦面包" * 25,
    "right to left": ("خبز طازج من المخبز " * 6)[:100],
    "words": ("Unga wa mahindi Pembe uliosagwa vizuri kabisa na kufungashwa Nairobi, " * 2)[:100],
}

BESIDE_THE_PAPER = """() => {
  const paper = document.querySelector(".receipt").getBoundingClientRect();
  return [...document.querySelectorAll(".receipt, .receipt *")]
    .filter((each) => each.checkVisibility() && !each.closest(".unseen"))
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.left < paper.left - 0.5 || box.right > paper.right + 0.5 || each.scrollWidth > each.clientWidth + 1
        && getComputedStyle(each).display !== "inline" && !each.closest("svg");
    })
    .map((each) => each.outerHTML.slice(0, 80));
}"""

BROKEN_AMOUNTS = """() => {
  const lines = (each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return new Set([...range.getClientRects()].map((box) => box.top)).size;
  };
  const amounts = [...document.querySelectorAll(".receipt td.num")];
  return amounts.filter((each) => lines(each) > 1).map((each) => each.textContent);
}"""

PRINTER = "window.print = () => { document.title = `printed ${(window.times = (window.times ?? 0) + 1)}`; }"
"""A printer that takes every paper and says how many it had."""


@pytest.fixture
def desk(transactional_db, shop, amina, page_of):
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.set_viewport_size(DESK)
    return page


@pytest.fixture
def sale(desk, amina, otieno, wanjiku):
    bread = a_product("Bread 400 g", stock="10", price="65", by=amina)
    return a_sale([a_line(bread, "2")], [paid("100"), paid("30", "on_account")], by=otieno, customer=wanjiku)


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page of a PDF, in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [tuple(round(float(points) / 72 * 25.4) for points in box) for box in boxes]


@pytest.mark.parametrize("paper", MILLIMETRES)
@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_nothing_stands_beside_the_paper(desk, amina, otieno, live_server, paper, name):
    Shop.objects.update(paper=paper, name=name[:80], receipt_footer=name * 2)
    dear = a_product(name, stock="900", price="9999999.99", unit="kilogram", floor_price=Decimal(1), by=amina)
    customer = a_customer(name[:80])
    lines = [a_line(dear, "123.456", unit_price=Decimal("9999999.98"), discount=Decimal("1.01")), a_line(dear, "1")]
    sold = a_sale(
        lines,
        [paid("1300000000"), paid("10", "card", name[:60])],
        by=otieno,
        customer=customer,
        may_change_price=True,
    )
    desk.goto(f"{live_server.url}/sales/{sold.number}/")
    desk.emulate_media(media="print")
    # CSS has 96 dots in an inch of 25.4 mm.
    desk.set_viewport_size({"width": int(MILLIMETRES[paper] * 96 / 25.4), "height": 800})
    assert desk.evaluate(BESIDE_THE_PAPER) == []
    assert desk.evaluate(BROKEN_AMOUNTS) == []
    expect(desk.get_by_text("1,244,559,997", exact=True)).to_be_visible()


def test_what_does_not_wrap_is_noticed(desk, sale, live_server):
    """The control of the test above."""
    Shop.objects.update(receipt_footer="W" * 100)
    desk.goto(f"{live_server.url}/sales/{sale.number}/")
    desk.emulate_media(media="print")
    desk.set_viewport_size({"width": 272, "height": 800})
    assert desk.evaluate(BESIDE_THE_PAPER) == []
    desk.evaluate("document.body.style.overflowWrap = 'normal'")
    assert len(desk.evaluate(BESIDE_THE_PAPER)) == 2
    assert desk.evaluate(BROKEN_AMOUNTS) == []
    desk.evaluate("document.querySelector('.sum-row .num').innerText = '2 000 000 000 000 000 000 000 000'")
    desk.evaluate("document.querySelector('.sum-row .num').style.whiteSpace = 'normal'")
    assert len(desk.evaluate(BROKEN_AMOUNTS)) == 1


@pytest.mark.parametrize(("paper", "letters"), [("58", 32), ("80", 42)])
def test_a_line_of_a_roll_holds_as_many_letters_as_the_printers_own(desk, amina, otieno, live_server, paper, letters):
    Shop.objects.update(paper=paper)
    lines = [a_product("M" * count, stock="1", by=amina) for count in (letters, letters + 1)]
    sold = a_sale([a_line(each) for each in lines], [paid("120")], by=otieno)
    desk.goto(f"{live_server.url}/sales/{sold.number}/")
    desk.emulate_media(media="print")
    one_line = desk.locator("bdi", has_text="Served").bounding_box()["height"]
    names = [desk.get_by_text(each.name, exact=True) for each in lines]
    assert [round(name.bounding_box()["height"] / one_line) for name in names] == [1, 2]


@pytest.mark.parametrize(("paper", "width"), [("58", 58), ("80", 80)])
def test_a_roll_is_cut_where_the_receipt_ends(desk, amina, otieno, live_server, paper, width):
    Shop.objects.update(paper=paper)
    heights = []
    for count in (1, 60):
        products = [a_product(f"Goods {count} {at}", stock="1", by=amina) for at in range(count)]
        sold = a_sale([a_line(each) for each in products], [paid(str(60 * count))], by=otieno)
        desk.goto(f"{live_server.url}/sales/{sold.number}/")
        ((wide, high),) = pages_of(desk.pdf(prefer_css_page_size=True))
        assert wide == width
        heights.append(high)
    assert 80 < heights[0] < 130
    assert 400 < heights[1] < 700


def test_a_sheet_is_a_sheet_and_a_long_receipt_has_several(desk, amina, otieno, live_server):
    Shop.objects.update(paper="a4")
    products = [a_product(f"Goods {at}", stock="1", by=amina) for at in range(60)]
    sold = a_sale([a_line(each) for each in products], [paid("3600")], by=otieno)
    desk.goto(f"{live_server.url}/sales/{sold.number}/")
    assert set(pages_of(desk.pdf(prefer_css_page_size=True))) == {(210, 297)}


def test_only_the_first_print_by_the_button_is_no_copy(desk, sale, amina, live_server):
    desk.add_init_script(PRINTER)
    desk.goto(f"{live_server.url}/sales/{sale.number}/")
    desk.emulate_media(media="print")
    copy, button = desk.locator(".copy"), desk.locator("#print")
    expect(copy).to_be_visible()  # the browser's own menu
    for printed, is_copy in ((1, False), (2, True)):
        desk.emulate_media(media="screen")
        expect(copy).to_be_hidden()
        button.click()
        expect(desk).to_have_title(f"printed {printed}")
        desk.emulate_media(media="print")
        expect(copy).to_be_visible(visible=is_copy)
        desk.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(copy).to_be_visible()
    assert [each.ordinal for each in ReceiptPrint.objects.filter(sale=sale, printed_by=amina)] == [1, 2]


def test_what_the_shop_does_not_hear_of_is_a_copy(desk, sale, live_server):
    desk.add_init_script(PRINTER)
    desk.route("**/prints/", lambda route: route.abort())
    desk.goto(f"{live_server.url}/sales/{sale.number}/")
    desk.locator("#print").click()
    expect(desk).to_have_title("printed 1")
    desk.emulate_media(media="print")
    expect(desk.locator(".copy")).to_be_visible()
    assert not ReceiptPrint.objects.exists()


def test_the_text_is_copied(desk, sale, live_server):
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{live_server.url}/sales/{sale.number}/")
    desk.get_by_role("button", name="Copy text").click()
    expect(desk.get_by_role("button", name="Copied")).to_be_visible()
    copied = desk.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[0].strip() == "Duka la Amina"
    assert "  2 × 65                     130" in copied.splitlines()


def test_without_javascript_a_receipt_is_a_copy_and_has_no_button(browser, sale, desk, live_server):
    with browser.new_context(java_script_enabled=False) as plain:
        plain.add_cookies(desk.context.cookies())
        page = plain.new_page()
        page.goto(f"{live_server.url}/sales/{sale.number}/")
        expect(page.locator("#print")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".copy")).to_be_visible()
        assert pages_of(page.pdf(prefer_css_page_size=True)) == [(80, 200)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("paper", MILLIMETRES)
def test_a_receipt_on_the_screen_fits_a_phone(desk, sale, live_server, scheme, paper):
    Shop.objects.update(paper=paper)
    Product.objects.update(name="x")
    desk.emulate_media(color_scheme=scheme)
    for size in ({"width": 360, "height": 740}, DESK):
        desk.set_viewport_size(size)
        desk.goto(f"{live_server.url}/sales/{sale.number}/")
        assert look(desk) == []
