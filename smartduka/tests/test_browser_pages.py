"""Every page in a real browser: nothing for axe to find, nothing beside the screen, nothing inline."""

import random
from decimal import Decimal
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from sales.pricing import amount
from smartduka import money, quantity
from smartduka.tests.builders import a_line, a_sale, paid

pytestmark = pytest.mark.browser

TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, input, select")]
  .filter((each) => each.checkVisibility() && !each.closest("td, p, .skip") && each.type !== "checkbox")
  .filter((each) => each.offsetWidth < 44 || each.offsetHeight < 44)
  .map((each) => each.outerHTML)"""

INLINE = """() => [...document.querySelectorAll("*")]
  .filter((each) => each.matches("style, script:not([src]), [style]")
    || [...each.attributes].some(({ name }) => name.startsWith("on")))
  .map((each) => each.outerHTML)"""


@pytest.fixture
def pages(goods, amina, wanjiku, page_of, live_server):
    """Amina's browser, a sale to look at, and what the pages of it are called."""
    lines = [a_line(goods["bread"], "2"), a_line(goods["sugar"], "0.25")]
    sale = a_sale(lines, [paid("100"), paid("70", "on_account")], by=amina, customer=wanjiku)
    page = page_of(amina)
    page.set_default_timeout(10_000)
    paths = ["/", "/till/", "/sales/", "/sales/?q=nothing", "/products/", "/customers/"]
    paths += [f"/sales/{sale.number}/{end}" for end in ("", "return/", "void/")]
    return page, [live_server.url + path for path in paths]


def look(page):
    """What is wrong with the page as it stands."""
    found = Axe().run(page).response["violations"]
    wrong = [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
    wrong += [f"inline: {each}" for each in page.evaluate(INLINE)]
    if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append("wider than the screen")
    return wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_fit_a_phone_and_have_nothing_inline(pages, scheme):
    page, addresses = pages
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for address in addresses:
        page.goto(address)
        if address.endswith("/till/"):
            page.locator(".tile").first.wait_for()
        wrong[address] = look(page) + [f"too small for a thumb: {each}" for each in page.evaluate(TOO_SMALL)]
    assert {address: said for address, said in wrong.items() if said} == {}


def test_what_the_policy_forbids_does_not_pass_unseen(till, mishaps):
    till.page.evaluate("() => document.body.setAttribute('style', 'color: red')")
    till.page.evaluate("() => setTimeout(() => { throw new Error('A slip of the pen'); })")
    till.page.wait_for_timeout(100)
    assert mishaps == ["Against the policy: style-src-attr inline", "A slip of the pen"]
    mishaps.clear()


def test_the_login_page_is_accessible(live_server, transactional_db, amina, browser_page):
    browser_page.goto(f"{live_server.url}/login/")
    assert look(browser_page) == []


def test_the_till_computes_as_the_books_do(till):
    """The same lines, priced and rounded by the page and by the server."""
    dice = random.Random(7)  # noqa: S311 – examples, not secrets
    cases = [
        (dice.randint(1, 10 ** dice.randint(1, 9)), dice.choice([1, 12, 24, 1000, 50_000]), dice.randint(0, 10**9))
        for _ in range(500)
    ]
    cases += [(1, 1000, 500), (125, 1000, 15_900), (2_000_000_000, 1000, 9_999_999)]
    asked = """async (cases) => {
      const money = await import("/static/sales/till/money.js");
      return cases.map(([base, per, cents]) => {
        const price = money.price(base, per, cents);
        return [money.toWire(price), money.show(price), money.roundToStep(price, 1), money.roundToStep(price, 5)];
      });
    }"""

    def expected(base, per, cents):
        price = amount(base, per, Decimal(cents) / 100)
        steps = [int(money.round_to_step(price, step) * 100) for step in (1, 5)]
        return [f"{price:.2f}", money.show(price), *steps]

    cases = [case for case in cases if amount(*case[:2], Decimal(case[2]) / 100) <= money.LARGEST]
    assert len(cases) > 300
    assert till.page.evaluate(asked, cases) == [expected(*case) for case in cases]


def test_the_till_reads_what_the_books_read(till):
    texts = [
        "3",
        "0.25",
        ".25",
        "1,000.5",
        " 7 ",
        "1,00",
        "-3",
        "1e3",
        "1_000",
        "٣",
        "",
        "0",
        "0.0001",
        "0.1255",
        "3.",
    ]
    asked = """async (texts) => {
      const money = await import("/static/sales/till/money.js");
      const quantity = await import("/static/sales/till/quantity.js");
      return texts.map((text) => [money.parse(text), quantity.parse(text, 1000), quantity.parse(text, 1)]);
    }"""

    def or_none(parse, text):
        try:
            return parse(text)
        except ValueError:
            return None

    def expected(text):
        cents = or_none(lambda typed: int(money.parse(typed) * 100), text)
        units = (partial(quantity.parse, unit=unit) for unit in ("kilogram", "piece"))
        return [cents, *(or_none(parse, text) for parse in units)]

    assert till.page.evaluate(asked, texts) == [expected(text) for text in texts]


@pytest.mark.parametrize(
    "address", ["http://example.com/", "http://10.1.2.3/", "http://[2001:db8::1]/", "http://duka/"]
)
def test_no_page_of_a_test_finds_another_machine(address, browser_page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        browser_page.goto(address)
