"""Every state of paying, on a phone and a laptop, by day and by night: nothing for axe to find, large enough."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

from customers.models import Customer
from smartduka.tests.conftest import DESK, TillPage
from smartduka.tests.test_browser_pages import TOO_SMALL, look

pytestmark = pytest.mark.browser

MESSAGE = "QBC2DE3FG4 Confirmed.You have received Ksh1,000.00 from JANE DOE 0798765432 on 1/1/26 at 9:00 AM."


class Looks:
    """What is wrong with each state that was looked at, by its name."""

    def __init__(self, till: TillPage) -> None:
        self._till = till
        self.wrong: dict[str, list[str]] = {}

    def at(self, state: str) -> None:
        page = self._till.page
        found = look(page) + [f"too small for a thumb: {each}" for each in page.evaluate(TOO_SMALL)]
        page.emulate_media(color_scheme="dark")
        night = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        found += [f"by night: {node['html']}" for each in night for node in each["nodes"]]
        page.emulate_media(color_scheme="light")
        if found:
            self.wrong[state] = found


@pytest.fixture(params=[{"width": 360, "height": 740}, DESK], ids=["phone", "laptop"])
def owner(request, goods, amina, wanjiku, page_of, live_server):
    """Amina's till, who may do everything."""
    page = page_of(amina)
    page.set_viewport_size(request.param)
    return TillPage(page, live_server.url).open()


@contextmanager
def unanswered(till):
    till.page.route("**/till/sales/", lambda route: route.abort())
    yield
    till.page.unroute("**/till/sales/")


def test_payment(owner, wanjiku):
    Customer.objects.filter(pk=wanjiku.pk).update(credit_limit=60)
    owner.type("3*bread")
    owner.part(".start").click()
    looks = Looks(owner)
    looks.at("cash")
    owner.part(".tender .amount").fill("50")
    looks.at("missing")
    for kind in ("M-Pesa", "Card", "On account"):
        owner.part(".kinds .chip").filter(has_text=kind).click()
        if kind == "M-Pesa":
            owner.part(".tender .code:visible").fill(MESSAGE)
            owner.part(".paste:visible").click()
            looks.at("message")
    owner.part("#customer").fill("wan")
    owner.part("#customers li").first.wait_for()
    looks.at("customers")
    owner.part("#customers .adder").click()
    owner.part("#new-phone").fill("12")
    owner.press("Enter")
    owner.part("#new-phone[aria-invalid=true]").wait_for()
    looks.at("new customer")
    owner.part(".cancel").click()
    owner.part("#customer").fill("wanjiku")
    owner.part("#customers li").first.click()
    owner.part(".due-presets .chip").first.click()
    looks.at("over the limit")
    owner.part(".use:visible").click()
    looks.at("too much")
    assert looks.wrong == {}


def test_answers(owner):
    owner.type("bread")
    owner.part(".start").click()
    looks = Looks(owner)
    with unanswered(owner):
        owner.press("F2")
        owner.part(".unlock").wait_for()
    looks.at("no answer")
    owner.press("F2")
    owner.sold()
    looks.at("done")
    owner.press("Enter")
    looks.at("the last sale")
    owner.page.context.clear_cookies(name="sessionid")
    owner.type("bread")
    owner.press("F2", "F2")
    owner.part(".problem a").wait_for()
    looks.at("logged out")
    assert looks.wrong == {}
