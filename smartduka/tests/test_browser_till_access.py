"""The left hand of the till for everybody: nothing for axe to find, nothing against the policy, room for a thumb."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from inventory.models import Product
from smartduka.tests.builders import a_product
from smartduka.tests.conftest import DESK

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
LONG = "Unga wa mahindi wa kusaga nyumbani, mfuko mkubwa wa kilo mbili kwa familia nzima"


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def too_small(page) -> list[str]:
    """What can be pressed, is in sight, and is smaller than a thumb."""
    return page.evaluate("""() => [...document.querySelectorAll("#till :is(button, input, summary, .tile)")]
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => box.width && box.height && (box.height < 43.9 || box.width < 43.9))
      .map(([element, box]) => `${element.className || element.id} ${box.width}×${box.height}`)""")


def too_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.fixture
def crowded(desk_of, goods, amina):
    """An owner's till in front of which somebody buys everything, and long names."""
    Product.objects.filter(pk=goods["bread"].pk).update(floor_price=60)
    a_product(LONG, stock="1", price="999999.99", cost="5", sku="LONG", by=amina)
    till = desk_of(amina)
    till.page.evaluate("""() => {
      window.refused = [];
      addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
    }""")
    return till


def to_basket(till) -> None:
    """Keys lead back to the search box; a phone shows the basket on a pane of its own."""
    till.page.evaluate("document.getElementById('till').dataset.view = 'basket'")


def states(till):
    """Each state of goods and basket, by name, once the till is in it."""
    yield "goods"
    till.page.keyboard.type("su")
    yield "found"
    till.page.keyboard.press("Escape")
    for words in ("2*bread", "20bob*sugar", "1 crate*soda", "100*soda-300", "unga"):
        till.type(words)
    to_basket(till)
    yield "lines"
    till.part(".count-now:visible").first.click()
    till.page.wait_for_load_state("networkidle")
    yield "a count"
    till.part(".line-price").first.click()
    till.part(".new-price").fill("50")
    till.part(".done-here").click()
    to_basket(till)
    till.part(".line-price").first.click()
    yield "a price"
    till.press("F9")
    till.type("30%")
    to_basket(till)
    till.part(".write").click()
    till.part("#sale-note").fill("Deliver at five")
    till.part(".give").click()
    till.press("F4")
    yield "the terms"
    till.type("Mama Njeri")
    till.type("bread")
    to_basket(till)
    till.part(".parked summary").click()
    yield "parked"
    till.page.evaluate("document.getElementById('keys').showModal()")
    yield "the keys"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_state_of_goods_and_basket_is_for_everybody(crowded, size, scheme):
    crowded.page.set_viewport_size(size)
    crowded.page.emulate_media(color_scheme=scheme)
    seen = []
    for state in states(crowded):
        seen.append(state)
        assert (state, violations(crowded.page)) == (state, [])
        assert (state, too_small(crowded.page)) == (state, [])
        assert (state, too_wide(crowded.page)) == (state, False)
    assert len(seen) == 8
    expect(crowded.page.locator("#keys")).to_be_visible()
    assert crowded.page.evaluate("window.refused") == []
