"""Not enough stock: who may counts the shelf on the spot, and the sale goes on."""

import json

import pytest
from playwright.sync_api import expect

from inventory.models import StockMovement
from smartduka.tests.builders import a_line, a_sale, a_user, paid, what_is_written
from smartduka.tests.conftest import lines_of
from smartduka.tests.test_browser_till import stock

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(desk_of):
    return desk_of(a_user("Bahati", "Manager"))


def open_count(manager, words: str) -> None:
    manager.type(words)
    expect(manager.part(".line-note")).to_contain_text("The books say")
    manager.part(".count-now").click()
    expect(manager.part(".panel input")).to_be_focused()


def test_the_shelf_is_counted_and_the_sale_goes_on(manager, goods):
    open_count(manager, "12*bread")
    expect(manager.part(".line-note")).to_have_text("The books say 10.")
    manager.type("14")
    expect(manager.part(".line-note")).to_be_hidden()
    expect(manager.part(".panel")).to_have_count(0)
    assert stock(goods["bread"]) == 14
    movement = StockMovement.objects.filter(product=goods["bread"]).latest("pk")
    assert (movement.reason, movement.quantity, movement.posted_by.username) == ("count", 4, "bahati")
    manager.press("F2", "Enter")
    assert lines_of(manager.sold()[0]) == [("Bread 400 g", "12", "780.00")]
    assert stock(goods["bread"]) == 2


def test_kilograms_are_counted_by_the_fraction(manager, goods):
    open_count(manager, "21*sugar")
    manager.type("21 1/2")
    expect(manager.part(".panel")).to_have_count(0)
    assert stock(goods["sugar"]) == 21_500


def test_a_cashier_is_told_what_the_books_say_and_counts_nothing(desk):
    desk.type("12*bread")
    expect(desk.part(".line-note")).to_have_text("The books say 10.")
    expect(desk.part(".count-now")).to_be_hidden()


def test_a_stock_that_moved_meanwhile_is_said_and_counted_again(manager, goods, amina):
    open_count(manager, "12*bread")
    expect(manager.part(".panel .field-note")).to_be_hidden()
    manager.page.wait_for_load_state("networkidle")
    a_sale([a_line(goods["bread"], "4")], [paid("260")], by=amina)
    before = what_is_written()
    manager.type("14")
    expect(manager.part(".panel .field-note")).to_be_visible()
    expect(manager.part(".line-note")).to_have_text("The books say 6.")
    expect(manager.part(".panel input")).to_have_value("14")
    assert what_is_written() == before
    manager.press("Enter")
    expect(manager.part(".panel")).to_have_count(0)
    assert stock(goods["bread"]) == 14


@pytest.mark.parametrize("typed", ["", "-1", "many", "1.5", "1e3"])
def test_what_is_no_count_is_said_and_writes_nothing(manager, goods, typed):
    open_count(manager, "12*bread")
    before = what_is_written()
    manager.type(typed)
    expect(manager.part(".panel .field-note")).to_have_text("Write a quantity such as 12.")
    assert what_is_written() == before
    expect(manager.part(".panel input")).to_have_value(typed)


def test_a_count_whose_answer_was_lost_is_sent_again_and_counted_once(manager, goods):
    def lose(route):
        route.fetch()
        route.abort()

    open_count(manager, "12*bread")
    manager.page.route("**/till/counts/", lose)
    manager.type("14")
    expect(manager.part(".panel .field-note")).to_contain_text("save it again")
    manager.page.unroute("**/till/counts/")
    manager.press("Enter")
    expect(manager.part(".panel")).to_have_count(0)
    assert stock(goods["bread"]) == 14
    assert StockMovement.objects.filter(product=goods["bread"], reason="count").count() == 1


def test_an_answer_that_is_not_the_shops_is_no_count(manager, goods):
    open_count(manager, "12*bread")
    body = json.dumps({"ok": True})
    manager.page.route("**/till/counts/", lambda route: route.fulfill(status=200, body=body))
    manager.type("14")
    expect(manager.part(".panel .field-note")).to_contain_text("save it again")
    expect(manager.part(".line-note")).to_have_text("The books say 10.")
    assert stock(goods["bread"]) == 10
