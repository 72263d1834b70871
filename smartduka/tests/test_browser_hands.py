"""The speed of hand: keys, scans and what they cost."""

import pytest
from playwright.sync_api import expect

from smartduka.tests.builders import a_product
from smartduka.tests.conftest import lines_of

pytestmark = pytest.mark.browser


def test_five_goods_and_cash_are_seven_events(desk, goods, amina):
    """A scan is one event: five of them, F2 and Enter. Typed by their first letters it is a key more for each."""
    for at in range(3):
        a_product(f"Goods {at}", stock="5", price="10", cost="5", barcode=f"616000000000{at}", by=amina)
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    codes = ["6161100110011", "5449000000996", *(f"616000000000{at}" for at in range(3))]
    for code in codes:
        desk.type(code)
    desk.press("F2", "Enter")
    assert len(codes) + 2 <= 12
    assert len(lines_of(desk.sold()[0])) == 5


def test_adding_a_line_asks_the_network_for_nothing(desk):
    asked = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.type("6161100110011")
    desk.type("20bob*sugar")
    desk.type("2 crate*soda")
    desk.type("3")
    desk.part(".tile").first.click()
    desk.press("Delete")
    assert len(desk.basket()) == 3
    assert asked == []


def test_from_an_empty_box_arrows_choose_a_line_and_delete_takes_it_out(desk):
    for words in ("bread", "sugar", "soda-300"):
        desk.type(words)
    desk.press("ArrowUp", "ArrowUp", "ArrowUp")
    expect(desk.part(".line.current .line-name")).to_have_text("Bread 400 g")
    desk.type("4")
    assert desk.basket()[0] == ("Bread 400 g", "4", "260")
    desk.press("ArrowDown", "Delete")
    assert [name for name, *_ in desk.basket()] == ["Bread 400 g", "Soda 300 ml"]
    expect(desk.part(".said")).to_have_text("Sugar was taken out.")


def test_a_question_mark_tells_the_keys_and_a_key_closes_them(desk):
    keys = desk.page.locator("#keys")
    desk.press("?")
    expect(keys).to_be_visible()
    desk.press("F2")  # means nothing behind it
    desk.press("Escape")
    expect(keys).to_be_hidden()
    expect(desk.part("#find")).to_be_focused()
    desk.page.keyboard.type("so?")  # within words it is a character
    expect(keys).to_be_hidden()
    assert desk.part("#find").input_value() == "so?"


def test_emptying_the_basket_asks_once(desk):
    desk.type("bread")
    desk.part(".throw").click()
    expect(desk.part(".throw")).to_have_text("Empty it all?")
    assert len(desk.basket()) == 1
    desk.part(".throw").click()
    assert desk.basket() == []


def test_what_was_taken_last_is_in_sight_in_a_long_basket(desk, amina):
    for at in range(8):
        a_product(f"Goods {at}", stock="5", price="10", by=amina)
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    for at in range(8):
        desk.type(f"goods {at}")
        expect(desk.part(".line.current .line-name")).to_have_text(f"Goods {at}")
        expect(desk.part(".line.current .stepper")).to_be_in_viewport(ratio=1)
    desk.type("goods 0")
    expect(desk.part(".line.current .line-name")).to_be_in_viewport(ratio=1)


def test_who_takes_out_the_last_line_begins_another_sale(desk, wanjiku):
    desk.type("bread")
    desk.part(".write").click()
    desk.type("For Juma’s wedding")
    desk.press("F2")
    desk.part("#customer").click()
    desk.page.keyboard.type("wan")
    desk.part("#customers li").first.click()
    expect(desk.part(".customer-name")).to_contain_text("Wanjiku")
    desk.press("Escape", "Delete")
    assert desk.basket() == []
    desk.type("soda")
    desk.press("F2", "Enter")
    sale, _ = desk.sold()
    assert (sale.note, sale.customer) == ("", None)


def test_what_this_till_sells_often_stands_first_once_that_is_a_shelf(desk, amina):
    a_product("Milk 500 ml", stock="9", price="60", by=amina)
    a_product("Tea leaves 50 g", stock="9", price="35", by=amina)
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    assert desk.part(".chip[aria-pressed=true]").inner_text() == "All"
    expect(desk.part(".chip").filter(has_text="Often")).to_have_count(0)
    expect(desk.part(".said")).to_have_text("“3*bread” and “20 bob sugar” work, too.")
    for typed in ("sugar", "2*sugar", "soda", "milk", "tea leaves", "airtime", "bread", "soda"):
        desk.type(typed)
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    assert desk.part(".chip[aria-pressed=true]").inner_text() == "Often"
    names = desk.part(".tile-name").all_inner_texts()
    assert (len(names), set(names[:2])) == (6, {"Sugar", "Soda 300 ml"})
    expect(desk.part(".said")).to_have_text("")
    desk.part(".chip").filter(has_text="All").click()
    expect(desk.part(".tile").filter(has_text="Crate of 24")).to_have_count(1)
