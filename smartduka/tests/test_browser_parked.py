"""Parked sales, and the basket in hand: nothing of either is lost, and none is sold twice."""

import json

import pytest
from playwright.sync_api import expect

from inventory.models import Product
from sales.models import Sale
from smartduka.tests.conftest import lines_of

pytestmark = pytest.mark.browser


def parked(desk) -> list[str]:
    return desk.part(".parked-list strong").all_inner_texts()


def kept(desk, name: str = "basket") -> dict:
    return json.loads(desk.page.evaluate("(name) => localStorage.getItem(`smartduka.${name}`)", name) or "null")


def take_up(desk, name: str) -> None:
    desk.part(".parked-list li").filter(has_text=name).locator(".take-up").click()


def test_a_sale_is_parked_and_taken_up_again_by_name(desk):
    desk.type("2*bread")
    desk.press("F4")
    desk.type("Mama Njeri")
    assert desk.basket() == []
    expect(desk.part("#find")).to_be_focused()
    expect(desk.part(".said")).to_have_text("Parked: Mama Njeri. Take it up from the basket.")
    expect(desk.part(".parked-list li")).to_contain_text("130 · just now")
    desk.type("soda")
    desk.press("F2", "Enter")
    assert lines_of(desk.sold()[0]) == [("Soda 300 ml", "1", "40.00")]
    desk.press("Enter")
    take_up(desk, "Mama Njeri")
    assert (desk.basket(), parked(desk)) == ([("Bread 400 g", "2", "130")], [])
    desk.press("F2", "Enter")
    desk.part(".done .change").wait_for()
    assert lines_of(Sale.objects.first()) == [("Bread 400 g", "2", "130.00")]


def test_several_are_parked_through_a_reload_with_all_that_was_said(desk):
    desk.type("20bob*sugar")
    desk.part(".write").click()
    desk.type("She fetches her purse")
    ref = kept(desk)["clientRef"]
    desk.press("F4", "Enter")
    desk.type("bread")
    desk.press("F4")
    desk.type("Juma")
    desk.page.reload()
    desk.part(".parked-list li").first.wait_for()
    [clock, juma] = parked(desk)
    assert juma == "Juma"
    assert len(clock) == len("09:41")
    take_up(desk, clock)
    assert desk.basket() == [("Sugar", "0.126", "20")]
    expect(desk.part("#sale-note")).to_have_value("She fetches her purse")
    assert kept(desk)["clientRef"] == ref


def test_the_basket_in_hand_is_parked_when_another_is_taken_up(desk):
    desk.type("bread")
    desk.press("F4")
    desk.type("Juma")
    desk.type("soda")
    desk.part(".parked summary").click()
    take_up(desk, "Juma")
    assert desk.basket() == [("Bread 400 g", "1", "65")]
    [other] = parked(desk)
    take_up(desk, other)
    assert (desk.basket(), parked(desk)) != ([], [])
    assert desk.basket() == [("Soda 300 ml", "1", "40")]
    assert len(parked(desk)) == 1


def test_a_parked_sale_is_named_after_its_customer(desk, wanjiku):
    desk.type("bread")
    desk.press("F2", "o")
    desk.page.keyboard.type("wan")
    desk.part("#customers li").first.wait_for()
    desk.press("Enter", "Escape", "F4", "Enter")
    assert parked(desk) == ["Wanjiku"]
    take_up(desk, "Wanjiku")
    desk.press("F2")
    expect(desk.part(".customer-name")).to_contain_text("Wanjiku")


def test_a_parked_sale_is_thrown_away_at_the_second_asking(desk):
    desk.type("bread")
    desk.press("F4", "Enter")
    throw = desk.part(".parked-list .drop")
    throw.click()
    expect(throw).to_have_text("Throw it away?")
    assert len(parked(desk)) == 1
    throw.click()
    expect(desk.part(".parked")).to_be_hidden()
    assert kept(desk, "parked") is None


def test_another_window_sees_what_is_parked(desk):
    other = desk.page.context.new_page()
    other.goto(f"{desk.address}/till/")
    other.locator("#till .tile").first.wait_for()
    desk.type("bread")
    desk.press("F4")
    desk.type("Juma")
    expect(other.locator("#till .parked-list strong")).to_have_text("Juma")
    expect(other.locator("#till .line")).to_have_count(0)


def test_a_sale_without_an_answer_is_not_parked(desk):
    desk.page.route("**/till/sales/", lambda route: route.abort())
    desk.type("bread")
    desk.press("F2", "Enter")
    expect(desk.part(".problem")).to_be_visible()
    expect(desk.part(".park")).to_be_hidden()
    desk.press("F4")
    expect(desk.part(".park-name")).to_be_hidden()
    assert kept(desk, "parked") is None


def test_goods_that_are_gone_are_taken_out_of_a_parked_sale(desk, goods):
    desk.type("bread")
    desk.type("soda")
    desk.press("F4", "Enter")
    Product.objects.filter(pk=goods["bread"].pk).update(is_active=False)
    desk.page.reload()
    desk.part(".take-up").click()
    assert desk.basket() == [("Soda 300 ml", "1", "40")]
    expect(desk.part(".problem")).to_contain_text("no longer sold")


def test_a_browser_that_keeps_nothing_says_so_and_parks_nothing(desk):
    desk.type("bread")
    desk.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    desk.press("F4", "Enter")
    expect(desk.part(".park-note")).to_have_text("This browser cannot keep it.")
    assert desk.basket() == [("Bread 400 g", "1", "65")]


def test_a_line_is_kept_before_it_is_shown(desk):
    """Whoever pulls the plug after seeing a line finds it again."""
    desk.page.evaluate("""() => {
      window.shown = [];
      const keep = Storage.prototype.setItem;
      Storage.prototype.setItem = function (name, text) {
        keep.call(this, name, text);
        if (name !== "smartduka.basket") return;
        window.shown.push([JSON.parse(text).lines.length, document.querySelectorAll(".line").length]);
      };
    }""")
    for words in ("bread", "soda", "20bob*sugar"):
        desk.type(words)
    assert len(desk.basket()) == 3
    assert desk.page.evaluate("window.shown") == [[1, 0], [2, 1], [3, 2]]


def test_a_price_a_discount_and_an_amount_survive_a_reload(desk_of, goods, amina):
    Product.objects.filter(pk=goods["bread"].pk).update(floor_price=50)
    desk = desk_of(amina)
    desk.type("2*bread")
    desk.press("F8")
    desk.type("60")
    desk.part(".line-price").click()
    desk.part(".panel .chip").filter(has_text="10%").click()
    desk.type("20bob*sugar")
    desk.press("F9")
    desk.type("5")
    shown = (desk.basket(), desk.part(".sum .total").inner_text(), kept(desk)["clientRef"])
    assert shown[:2] == ([("Bread 400 g", "2", "108"), ("Sugar", "0.126", "20")], "123")
    desk.page.reload()
    desk.part(".line").first.wait_for()
    assert (desk.basket(), desk.part(".sum .total").inner_text(), kept(desk)["clientRef"]) == shown


OLD = {"clientRef": "0d4c1c62-3b7b-4f0c-9f8e-3d1f0a7e5b11", "customer": None, "sent": None}


def test_a_basket_of_an_earlier_version_is_taken_up(desk, goods):
    desk.page.evaluate(
        "(kept) => localStorage.setItem('smartduka.basket', kept)",
        json.dumps(
            {**OLD, "lines": [[goods["bread"].pk, None, 2], [goods["soda"].pk, goods["soda"].packs.get().pk, 24]]}
        ),
    )
    desk.page.reload()
    desk.part(".line").first.wait_for()
    assert desk.basket() == [("Bread 400 g", "2", "130"), ("Soda 300 ml · Crate of 24", "1", "900")]
    desk.press("F2", "Enter")
    assert str(desk.sold()[0].client_ref) == OLD["clientRef"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "7", "{}", json.dumps({**OLD, "lines": {}}), json.dumps({**OLD, "lines": [[1]]}),
     json.dumps({**OLD, "lines": [[1, None, "2"]]}), json.dumps({**OLD, "lines": [[1, None, -2]]}),
     json.dumps({"lines": []})],
)  # fmt: skip
@pytest.mark.parametrize("name", ["basket", "parked", "often"])
def test_what_cannot_be_read_is_dropped_and_the_till_opens(desk, text, name):
    desk.page.evaluate("([name, text]) => localStorage.setItem(`smartduka.${name}`, text)", [name, text])
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    assert desk.basket() == []
    desk.type("bread")
    assert desk.basket() == [("Bread 400 g", "1", "65")]
