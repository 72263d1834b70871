"""A real browser at the till of a small shop, and a shelf of backups for it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import Product
from sales.models import Sale
from smartduka.backups import errands
from smartduka.models import Shop
from smartduka.tests.builders import a_pack, a_product

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from pytest_django.live_server_helper import LiveServer

DESK = {"width": 1366, "height": 768}


class TillPage:
    """The till as somebody with eyes and hands has it."""

    def __init__(self, page: "Page", address: str) -> None:
        self.page = page
        page.set_default_timeout(10_000)
        self.address = address

    def open(self) -> "TillPage":
        self.page.goto(f"{self.address}/till/")
        self.part(".tile").first.wait_for()
        return self

    def part(self, selector: str) -> "Locator":
        return self.page.locator(f"#till {selector}")

    def type(self, text: str, *, then: str = "Enter") -> None:
        """Type like a keyboard or a scanner: into whatever has the focus."""
        self.page.keyboard.type(text)
        self.page.keyboard.press(then)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tap(self, selector: str, text: str = "") -> None:
        target = self.part(selector).filter(has_text=text) if text else self.part(selector)
        target.first.tap()

    def basket(self) -> list[tuple[str, str, str]]:
        """Name, quantity and total of each line."""
        return [
            (
                line.locator(".line-name").inner_text(),
                line.locator(".amount").input_value(),
                line.locator(".line-total").inner_text(),
            )
            for line in self.part(".line").all()
        ]

    def sold(self) -> tuple[Sale, str]:
        """The only sale in the books, once the till says that it is there, and the change that it shows."""
        self.part(".done .change").wait_for()
        sale = Sale.objects.get()
        assert self.part(".done .number").inner_text() == sale.number
        return sale, self.part(".done .change").inner_text()


def session_of(user: User) -> str:
    """The key of a session in which this user is logged in."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def tenders_of(sale: Sale) -> list[tuple[str, str, str]]:
    return [(each.type, str(each.amount), each.reference) for each in sale.tenders.all()]


def lines_of(sale: Sale) -> list[tuple[str, str, str]]:
    return [(line.product_name, line.quantity_shown, str(line.line_total)) for line in sale.lines.all()]


@pytest.fixture
def goods(transactional_db: None, shop: Shop, amina: User) -> dict[str, Product]:
    """Bread, sugar by the kilogram, soda also by the crate, airtime that is not counted."""
    bread = a_product("Bread 400 g", stock="10", price="65", barcode="6161100110011", category="Bakery", by=amina)
    sugar = a_product("Sugar", stock="20", price="159", cost="130", unit="kilogram", by=amina)
    soda = a_product("Soda 300 ml", stock="60", price="40", cost="30", barcode="5449000000996", by=amina)
    airtime = a_product("Airtime Café 100", price="100", cost="96", is_counted=False, by=amina)
    a_pack(soda, "Crate of 24", size=24, price="900", barcode="5449000001238")
    return {"bread": bread, "sugar": sugar, "soda": soda, "airtime": airtime}


@pytest.fixture
def page_of(live_server: "LiveServer", browser_page: "Page") -> Callable[[User], "Page"]:
    """The browser, in which this user is logged in."""

    def log_in(user: User) -> "Page":
        cookie = {"name": "sessionid", "value": session_of(user), "url": live_server.url}
        browser_page.context.add_cookies([cookie])
        return browser_page

    return log_in


@pytest.fixture
def till(
    goods: dict[str, Product], otieno: User, page_of: Callable[[User], "Page"], live_server: "LiveServer"
) -> TillPage:
    """Otieno's till, on a phone."""
    return TillPage(page_of(otieno), live_server.url).open()


@pytest.fixture
def desk(till: TillPage) -> TillPage:
    """The same on a laptop with a keyboard and a scanner."""
    till.page.set_viewport_size(DESK)
    return till


@pytest.fixture
def desk_of(
    goods: dict[str, Product], page_of: Callable[[User], "Page"], live_server: "LiveServer"
) -> Callable[[User], TillPage]:
    """A laptop at which somebody else than Otieno sells."""

    def open_till(user: User) -> TillPage:
        page = page_of(user)
        page.set_viewport_size(DESK)
        return TillPage(page, live_server.url).open()

    return open_till


@pytest.fixture
def backup_dir(settings: Any, tmp_path: Path) -> Path:
    """The shelf of the shop, and a data folder of its own beside it."""
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()
    return settings.BACKUP_DIR


@pytest.fixture
def office(backup_dir: Path, shop: Shop, amina: User) -> Client:
    """Amina's browser; what she makes of backups lies on a shelf of this test's own."""
    client = Client()
    client.force_login(amina)
    return client


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What pages asked for, without a process that does it."""
    begun: list[tuple[str, ...]] = []
    monkeypatch.setattr(errands, "begin", lambda *words, by, **subject: begun.append((*words, by)))
    return begun
