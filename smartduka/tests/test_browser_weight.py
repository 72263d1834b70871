"""What the till's page weighs on a cold phone, as an open shop serves it, and that it sells so."""

import http.client
from urllib.parse import urlsplit

import pytest

from sales.models import Sale
from smartduka.tests.builders import a_product
from smartduka.tests.conftest import TillPage, lines_of
from smartduka.tests.load.counters import PASSWORD, a_counter

pytestmark = pytest.mark.browser

MOST_BYTES = 40_000


@pytest.fixture
def counter(browser_page, tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), a_counter(tmp_path) as counter:
        yield counter


def weight(port: int, path: str, cookies: str) -> int:
    """The bytes of the body as they travel to a browser on a shop's network, which knows only gzip there."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip, deflate", "Cookie": cookies})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, path
    return len(body)


def test_a_cold_till_is_light_and_sells(counter, browser_page):
    a_product("Bread 400 g", stock="10", price="65", by=counter.amina)
    address = f"http://127.0.0.1:{counter.shop.port}"
    browser_page.goto(f"{address}/login/")
    browser_page.fill("[name=username]", "otieno")
    browser_page.fill("[name=password]", PASSWORD)
    asked: list[str] = []
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/till/")
    browser_page.wait_for_load_state("networkidle")

    cold = browser_page.context.browser.new_context(storage_state=browser_page.context.storage_state())
    page = cold.new_page()
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    till = TillPage(page, address).open()
    page.wait_for_load_state("networkidle")
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cold.cookies())
    files = {path for path in asked if path != "/till/catalogue.json"}
    weights = {path: weight(counter.shop.port, path, cookies) for path in files}

    assert {"/till/"} < files
    assert len([path for path in files if path.endswith(".js")]) == 1
    assert sum(weights.values()) <= MOST_BYTES, weights
    till.type("bread")
    till.press("F2", "Enter")
    till.part(".done .change").wait_for()
    assert lines_of(Sale.objects.get()) == [("Bread 400 g", "1", "65.00")]
    cold.close()
