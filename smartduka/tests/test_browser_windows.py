"""Several windows of one till: each shows the basket as the others left it."""

import pytest
from playwright.sync_api import expect

from sales.models import Sale
from smartduka.tests.conftest import TillPage, lines_of
from smartduka.tests.test_browser_trouble import SALES

pytestmark = pytest.mark.browser

# The browser kept the page as it was while another one was looked at, and shows it again.
COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


@pytest.fixture
def other(desk):
    """A second window of Otieno's laptop."""
    return TillPage(desk.page.context.new_page(), desk.address).open()


def test_an_unanswered_sale_stands_in_each_as_it_was_sent(desk, other):
    desk.type("bread")
    desk.press("F2")
    expect(other.part(".line")).to_have_count(1)
    other.press("F2")
    expect(other.part(".tender .code")).to_be_hidden()
    desk.page.route(SALES, lambda route: route.abort())
    desk.press("m")
    desk.type("QBC2DE3FG4")
    expect(other.part(".finish")).to_have_text("Ask again Enter")
    expect(other.part(".tender .code")).to_have_value("QBC2DE3FG4")
    other.press("Enter")
    other.sold()
    expect(desk.part(".line")).to_have_count(0)


def test_a_page_that_comes_back_shows_the_basket_of_now(desk, other):
    # What a page at rest is not told.
    desk.page.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation())")
    desk.open().type("bread")
    expect(other.part(".line")).to_have_count(1)
    other.press("F2", "Enter")
    other.sold()
    other.type("soda")
    assert desk.basket() == [("Bread 400 g", "1", "65")]
    desk.page.evaluate(COME_BACK)
    expect(desk.part(".line-name")).to_have_text("Soda 300 ml")
    desk.press("F2", "Enter")
    desk.part(".done .change").wait_for()
    assert [lines_of(sale)[0][0] for sale in Sale.objects.order_by("pk")] == ["Bread 400 g", "Soda 300 ml"]


def test_a_page_that_comes_back_still_shows_the_change(desk):
    desk.type("bread")
    desk.press("F2", "Enter")
    desk.sold()
    desk.page.evaluate(COME_BACK)
    expect(desk.part(".done .change")).to_be_visible()
