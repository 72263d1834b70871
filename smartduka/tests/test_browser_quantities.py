"""How much, as people say it: by the piece, the kilogram, the pack, and for so many shillings."""

import pytest
from playwright.sync_api import expect

from smartduka.tests.builders import a_pack, a_product
from smartduka.tests.conftest import lines_of
from smartduka.tests.test_browser_till import stock

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("typed", ["20bob*sugar", "20/=*sugar", "sh 20 * sugar", "20 bob sugar"])
def test_sugar_for_20_is_exactly_20(desk, goods, typed):
    desk.type(typed)
    assert desk.basket() == [("Sugar", "0.126", "20")]
    expect(desk.part(".line .asked")).to_have_text("for 20")
    desk.press("F2", "Enter")
    sale, _ = desk.sold()
    line = sale.lines.get()
    assert (line.quantity, str(line.asked_amount), str(line.line_total), str(sale.total)) == (
        126,
        "20.00",
        "20.00",
        "20.00",
    )
    assert (str(sale.rounding), stock(goods["sugar"])) == ("0.00", 19_874)


def test_an_amount_is_one_press_for_a_thumb(till):
    till.tap(".tile", "Sugar")
    till.tap(".look")
    till.tap(".portions .chip", "50/=")
    assert till.basket() == [("Sugar", "0.314", "50")]
    till.tap(".portions .chip", "½")
    assert till.basket() == [("Sugar", "0.5", "79.50")]


def test_amounts_and_quantities_of_one_line_add_up_to_the_cent(desk):
    desk.type("20bob*sugar")
    desk.type("30bob*sugar")
    assert desk.basket() == [("Sugar", "0.314", "50")]
    desk.type("sugar")
    assert desk.basket() == [("Sugar", "1.314", "209")]


@pytest.mark.parametrize(
    ("correction", "line"),
    [
        ("3", ("Sugar", "3", "477")),
        ("1/4", ("Sugar", "0.25", "39.75")),
        ("1 1/2", ("Sugar", "1.5", "238.50")),
        ("250 g", ("Sugar", "0.25", "39.75")),
        ("20 bob", ("Sugar", "0.126", "20")),
        ("ksh 100", ("Sugar", "0.629", "100")),
    ],
)
def test_what_is_said_alone_corrects_the_last_line(desk, correction, line):
    desk.type("sugar")
    desk.type(correction)
    assert desk.basket() == [line]
    desk.part(".line .amount").click()
    desk.type("2")
    desk.part(".line .amount").click()
    desk.type(correction)  # and so it does in the line itself
    assert desk.basket() == [line]


def test_bottles_that_become_a_crate_join_the_crates_and_leave_all_else_alone(desk):
    desk.type("2 crate*soda")
    desk.type("5*soda")
    desk.type("bread")
    desk.press("ArrowUp")
    desk.type("1 crate")
    assert desk.basket() == [("Soda 300 ml · Crate of 24", "3", "2,700"), ("Bread 400 g", "1", "65")]


def test_two_crates_are_said_by_the_beginning_of_the_packs_name(desk):
    desk.type("2 cr*soda")
    assert desk.basket() == [("Soda 300 ml · Crate of 24", "2", "1,800")]
    desk.type("5*soda")
    assert desk.basket()[1:] == [("Soda 300 ml", "5", "200")]
    desk.type("1 crate")  # the bottles were meant to be a third one
    assert desk.basket() == [("Soda 300 ml · Crate of 24", "3", "2,700")]


def test_a_carton_and_five_pieces_are_one_sale_of_one_stock(desk, goods, amina):
    milk = a_product("Milk 500 ml", stock="30", price="60", cost="45", by=amina)
    a_pack(milk, "Carton of 12", size=12, price="690")
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    desk.type("1ctn*milk")
    desk.type("5*milk")
    desk.press("F2", "Enter")
    sale, _ = desk.sold()
    assert lines_of(sale) == [("Milk 500 ml", "1 × Carton of 12", "690.00"), ("Milk 500 ml", "5", "300.00")]
    assert stock(milk) == 13


def test_what_is_not_counted_sells_without_stock(desk, goods):
    desk.type("300bob*airtime")
    assert desk.basket() == [("Airtime Café 100", "3", "300")]
    expect(desk.part(".line-note")).to_be_hidden()
    desk.press("F2", "Enter")
    assert lines_of(desk.sold()[0]) == [("Airtime Café 100", "3", "300.00")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("98bob*bread", "Nothing here is called “bread” and sold by “98bob”."),
        ("0.5*bread", "Nothing here is called “bread” and sold by “0.5”."),
        ("2ctn*soda", "Nothing here is called “soda” and sold by “2ctn”."),
        ("x*soda", "Nothing here is called “soda” and sold by “x”."),
        ("3*", "3 of what? Scan or choose it."),
    ],
)
def test_what_cannot_be_sold_so_is_said_and_stays_typed(desk, typed, said):
    desk.type(typed)
    expect(desk.part(".said")).to_have_text(said)
    assert desk.basket() == []
    assert desk.part("#find").input_value() == typed


def test_a_barcode_takes_a_quantity_before_it(desk):
    desk.type("3*6161100110011")
    assert desk.basket() == [("Bread 400 g", "3", "195")]
    desk.type("0.5*6161100110011")
    expect(desk.part(".said")).to_have_text("Bread 400 g is not sold by “0.5”.")
    assert desk.basket() == [("Bread 400 g", "3", "195")]


def test_too_small_an_amount_is_said_beside_the_line(desk, goods, amina):
    a_product("Saffron", stock="1", price="90000", unit="kilogram", by=amina)
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    desk.type("saffron")
    desk.part(".portions .chip").filter(has_text="10/=").first.click()
    expect(desk.part(".line-note")).to_have_text("10 is too little for any Saffron.")
    assert desk.basket() == [("Saffron", "1", "90,000")]
