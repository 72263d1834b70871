"""A drawer from the float to the Z report, in a real browser: on a phone and at a desk, by thumb and by keyboard."""

from decimal import Decimal

import pytest

from sales import sessions
from sales.drawer import Count
from sales.models import CashMovement, TillSession
from smartduka.tests.builders import a_line, a_sale, a_voucher, paid
from smartduka.tests.conftest import DESK
from smartduka.tests.test_browser_pages import TOO_SMALL, look

pytestmark = pytest.mark.browser

VIOLATIONS = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));"""


@pytest.fixture(params=["phone", "desk"])
def page(request, goods, otieno, page_of):
    """Otieno's browser, which tells of what the policy forbids."""
    page = page_of(otieno)
    page.set_default_timeout(10_000)
    page.add_init_script(VIOLATIONS)
    if request.param == "desk":
        page.set_viewport_size(DESK)
    return page


def sound(page) -> None:
    assert look(page) == []
    assert page.evaluate("window.violations") == []


def test_a_drawer_is_opened_sold_from_paid_out_of_counted_and_closed(page, goods, otieno, live_server):
    page.goto(f"{live_server.url}/till/session/")
    sound(page)
    page.get_by_label("Float").fill("500")
    page.keyboard.press("Enter")
    page.get_by_text("is open, with a float of 500.").wait_for()
    sound(page)

    a_sale([a_line(goods["bread"], "2")], [paid("200")], by=otieno)

    page.get_by_role("link", name="Pay out").click()
    page.get_by_label("Amount").fill("30")
    page.get_by_label("What for").fill("Milk for tea")
    sound(page)
    page.get_by_role("button", name="Take it out").click()
    page.get_by_text("30 paid out: Milk for tea.").wait_for()
    assert "Expected" not in page.locator(".receipt").inner_text()

    page.get_by_role("link", name="Count and close").click()
    page.locator("#counted").wait_for()
    page.wait_for_load_state()  # Enter means the next line as soon as the script is there
    first = page.locator("[name=pieces_1000]")
    first.focus()
    for typed in ("", "1", "", "", "1", "", "2"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "pieces_10"
    assert page.locator("#counted output").inner_text() == "590"
    page.get_by_label("Other").fill("9.50")
    assert page.locator("#counted output").inner_text() == "599.50"
    page.get_by_label("Other").fill("many")
    assert page.locator("#counted output").inner_text() == "–"
    page.get_by_label("Other").fill("")
    sound(page)
    assert TillSession.objects.get().is_open

    page.get_by_role("button", name="Close the session").click()
    page.get_by_text("is closed: 10 short.").wait_for()
    sound(page)
    report = page.locator(".receipt").inner_text()
    assert [word for word in ("Z REPORT", "Expected", "600", "Short", "10", "1 × 500") if word not in report] == []
    closed = TillSession.objects.get()
    assert (closed.expected, closed.counted) == (Decimal(600), Decimal(590))
    assert CashMovement.objects.get().amount == -30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_drawer_are_accessible_and_fit_a_phone(goods, amina, otieno, page_of, live_server, scheme):
    closed = a_sale([a_line(goods["bread"])], [paid("65")], by=otieno).till_session
    sessions.pay_out(closed.pk, Decimal(90), a_voucher(otieno, note="A very long reason " * 8))
    sessions.close_session(closed.pk, Count({1000: 1}, Decimal("0.50")), a_voucher(amina, note="He went home"))
    opened = a_sale([a_line(goods["bread"])], [paid("65")], by=otieno).till_session
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for address in (
        "session/", "sessions/", "sessions/?day=2000-01-01", f"sessions/{closed}/", f"sessions/{opened}/",
        f"sessions/{opened}/pay-in/", f"sessions/{opened}/close/", f"sessions/{closed}/pay-in/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/till/{address}")
        wrong[address] = look(page) + [f"too small for a thumb: {each}" for each in page.evaluate(TOO_SMALL)]
    assert {address: said for address, said in wrong.items() if said} == {}


def test_without_javascript_the_shop_adds_the_count_up(browser, goods, otieno, client, live_server):
    opened = sessions.open_session(Decimal(50), a_voucher(otieno))
    client.force_login(otieno)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/till/sessions/{opened}/close/")
    assert not page.locator("#counted").is_visible()
    page.locator("[name=pieces_50]").fill("1")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert TillSession.objects.get().is_open
    page.get_by_role("button", name="Close the session").click()
    page.get_by_text("is closed: ties out.").wait_for()
    context.close()
    assert TillSession.objects.get().over_short == 0


def test_a_report_fits_each_paper(goods, shop, amina, otieno, page_of, live_server):
    session = a_sale([a_line(goods["bread"])], [paid("65")], by=otieno).till_session
    sessions.pay_in(session.pk, Decimal("1234567.50"), a_voucher(otieno, note="W" * 100))
    page = page_of(amina)
    page.set_default_timeout(10_000)
    page.emulate_media(media="print")
    for paper in ("58", "80", "a4"):
        type(shop).objects.update(paper=paper)
        page.goto(f"{live_server.url}/till/sessions/{session}/")
        assert page.locator(f'.receipt[data-paper="{paper}"]').evaluate(
            "(paper) => [...paper.querySelectorAll('*')].every((each) => each.scrollWidth <= paper.clientWidth + 1)"
        ), paper
        assert page.locator(".page-head").is_hidden()


def test_the_way_to_every_page_fits_any_screen(goods, amina, page_of, live_server):
    page = page_of(amina)
    page.goto(f"{live_server.url}/till/session/")
    for width in (320, 767, 768, 895, 896, 1024):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator(".top .menu").is_visible() == (width < 896)
