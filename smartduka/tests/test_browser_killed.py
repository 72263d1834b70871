"""The server dies, the browser dies, the power fails: the till goes on where it was, and sells nothing twice."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sales import books
from sales.models import Sale
from smartduka.tests.browser import SWITCHES, chromium
from smartduka.tests.builders import a_product
from smartduka.tests.conftest import DESK, TillPage, lines_of, session_of
from smartduka.tests.load.counters import PASSWORD, a_counter
from smartduka.tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc"),
]

SALES = "**/till/sales/"


@pytest.fixture
def counter(browser_page, tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), a_counter(tmp_path) as counter:
        yield counter


def test_a_server_that_is_killed_after_the_commit_sells_once(counter, browser_page):
    a_product("Bread 400 g", stock="10", price="65", by=counter.amina)
    address = f"http://127.0.0.1:{counter.shop.port}"
    browser_page.set_viewport_size(DESK)
    browser_page.goto(f"{address}/login/")
    browser_page.fill("[name=username]", "otieno")
    browser_page.fill("[name=password]", PASSWORD)
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/till/")
    till = TillPage(browser_page, address).open()

    def die(route):
        route.fetch()  # the sale is in the books, and its answer has not reached the till
        for worker in counter.shop.workers():
            os.kill(worker, signal.SIGKILL)
        route.abort()

    browser_page.route(SALES, die)
    till.type("2*bread")
    till.press("F2", "Enter")
    expect(till.part(".problem")).to_contain_text("asking again never rings a sale up twice")
    assert Sale.objects.count() == 1
    browser_page.unroute(SALES)

    def is_sold():
        till.press("Enter")
        till.part(".done:visible, .problem:visible").first.wait_for()
        return till.part(".done").is_visible()

    wait_until(is_sold)  # once there is a server again
    sale, change = till.sold()
    assert (lines_of(sale), change) == ([("Bread 400 g", "2", "130.00")], "0")
    assert list(books.audit()) == []


class Chromium:
    """A browser with a folder of its own, that can be killed like any program."""

    def __init__(self, browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder

    @contextmanager
    def running(self, address: str, session: str, script: str = "") -> Iterator[TillPage]:
        """Open at the till, logged in; killed at the end, as by a power cut."""
        told = self._folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        command = [chromium(), "--headless=new", *SWITCHES, "--no-sandbox", f"--user-data-dir={self._folder}"]
        process = subprocess.Popen(
            [*command, "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: told.exists() and "\n" in told.read_text())
            browser = self._browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{told.read_text().split()[0]}")
            context = browser.contexts[0]
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            page.set_viewport_size(DESK)
            page.add_init_script(script)
            page.goto(f"{address}/till/")
            till = TillPage(page, address)
            till.part(".tile").first.wait_for(state="attached")
            yield till
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def power(browser, goods, otieno, live_server, tmp_path):
    """Otieno's till, with each call of it ended by a power cut."""
    chromium = Chromium(browser, tmp_path)
    return lambda script="": chromium.running(live_server.url, session_of(otieno), script)


WITHOUT_DISK = "IDBFactory.prototype.open = () => { throw new Error('no disk'); };"


def kept_ref(till):
    return till.page.evaluate("() => JSON.parse(localStorage.getItem('smartduka.basket')).clientRef")


def test_a_power_cut_leaves_the_basket_as_it_was(power):
    with power() as till:
        till.type("2*bread")
        till.type("0.25*sugar")
        before = kept_ref(till)
        till.page.wait_for_timeout(200)
    with power() as till:
        expect(till.part(".line")).to_have_count(2)
        assert till.basket() == [("Bread 400 g", "2", "130"), ("Sugar", "0.25", "39.75")]
        assert kept_ref(till) == before
        till.press("F2", "Enter")
        sale, _ = till.sold()
        assert str(sale.client_ref) == before
    with power() as till:
        assert till.basket() == []


def test_a_power_cut_before_the_answer_does_not_sell_twice(power):
    with power() as till:
        till.page.route(SALES, lambda route: (route.fetch(), route.abort()))
        till.type("bread")
        till.press("F2", "Enter")
        expect(till.part(".problem")).to_contain_text("No answer from the books.")
    assert Sale.objects.count() == 1
    with power() as till:
        expect(till.part(".finish")).to_have_text("Ask again Enter")
        till.press("Enter")
        assert lines_of(till.sold()[0]) == [("Bread 400 g", "1", "65.00")]


def test_without_the_disk_a_power_cut_forgets_what_was_asked(power):
    """The control: localStorage alone comes too late."""
    with power(WITHOUT_DISK) as till:
        till.page.route(SALES, lambda route: (route.fetch(), route.abort()))
        till.type("bread")
        till.press("F2", "Enter")
        expect(till.part(".problem")).to_contain_text("No answer from the books.")
    assert Sale.objects.count() == 1
    with power(WITHOUT_DISK) as till:
        assert till.basket() == []
