"""What the till does when something goes wrong: nothing is lost, and nothing is rung up twice."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from inventory.models import Product
from sales.models import Sale
from smartduka.tests.builders import a_line, a_sale, paid, receive, what_is_written
from smartduka.tests.conftest import lines_of, tenders_of

pytestmark = pytest.mark.browser

SALES = "**/till/sales/"


@contextmanager
def answer_lost(till, answer=None):
    """What is sent arrives, but the till hears nothing of it, or what `answer` says instead."""

    def lose(route):
        route.fetch()
        route.fulfill(**answer) if answer else route.abort()

    till.page.route(SALES, lose)
    yield
    till.page.unroute(SALES)


def ring_up_bread(till, *keys):
    till.type("bread")
    till.press("F2", *keys, "Enter")


def test_a_reload_in_mid_sale_keeps_the_basket(desk):
    desk.type("2*bread")
    desk.type("0.25*sugar")
    desk.page.reload()
    desk.part(".line").first.wait_for()
    assert desk.basket() == [("Bread 400 g", "2", "130"), ("Sugar", "0.25", "39.75")]
    desk.press("F2", "Enter")
    assert lines_of(desk.sold()[0]) == [("Bread 400 g", "2", "130.00"), ("Sugar", "0.25 kg", "39.75")]
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    assert desk.basket() == []


def test_a_sale_whose_answer_was_lost_is_asked_for_again_and_rung_up_once(desk):
    with answer_lost(desk):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    assert Sale.objects.count() == 1
    expect(desk.part(".finish")).to_have_text("Ask again Enter")
    desk.press("Enter")
    sale, change = desk.sold()
    assert (lines_of(sale), change) == ([("Bread 400 g", "1", "65.00")], "0")


def test_a_reload_does_not_forget_that_an_answer_is_missing(desk):
    with answer_lost(desk):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    desk.page.reload()
    expect(desk.part(".finish")).to_be_focused()
    expect(desk.part(".to-pay")).to_have_text("65")
    desk.press("Enter")
    assert lines_of(desk.sold()[0]) == [("Bread 400 g", "1", "65.00")]


def test_a_reload_does_not_forget_how_the_unanswered_sale_was_paid(desk):
    desk.type("bread")
    with answer_lost(desk):
        desk.press("F2", "m")
        desk.type("QBC2DE3FG4")
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    desk.page.reload()
    expect(desk.part(".tender .code")).to_have_value("QBC2DE3FG4")
    expect(desk.part(".tender .amount")).to_have_value("65")
    desk.press("Enter")
    assert tenders_of(desk.sold()[0]) == [("mpesa", "65.00", "QBC2DE3FG4")]


def test_a_reload_does_not_forget_when_the_unanswered_sale_was_to_be_paid(desk, wanjiku):
    desk.type("bread")
    desk.press("F2", "o")
    desk.page.keyboard.type("wan")
    desk.part("#customers li").first.click()
    desk.part(".due-on .chip").filter(has_text="In a week").click()
    asked_for = desk.part(".due-on input").input_value()
    desk.page.route(SALES, lambda route: route.abort())
    desk.press("F2")
    expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    desk.page.unroute(SALES)
    desk.page.reload()
    expect(desk.part(".due-on input")).to_have_value(asked_for)
    desk.part(".unlock").click()
    desk.press("F2")
    sale, _ = desk.sold()
    assert str(sale.tenders.get().ledger_entry.due_on) == asked_for


def test_a_sale_that_never_arrived_may_be_changed_and_is_then_rung_up(desk):
    desk.page.route(SALES, lambda route: route.abort())
    ring_up_bread(desk)
    expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    desk.page.unroute(SALES)
    assert not Sale.objects.exists()
    expect(desk.part(".line .more")).to_be_disabled()
    desk.part(".unlock").click()
    desk.part(".line .more").click()
    desk.press("F2")
    assert lines_of(desk.sold()[0]) == [("Bread 400 g", "2", "130.00")]


def test_a_changed_sale_whose_first_form_did_arrive_is_refused_and_named(desk):
    with answer_lost(desk):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    first = Sale.objects.get()
    before = what_is_written()
    desk.part(".unlock").click()
    desk.part(".line .more").click()
    desk.press("F2")
    expect(desk.part(".problem")).to_contain_text(f"This was kept already as {first.number}")
    assert desk.part(".problem a").get_attribute("href") == f"/sales/{first.number}/"
    assert what_is_written() == before
    assert desk.basket() == [("Bread 400 g", "2", "130")]


def test_a_refused_code_is_said_beside_it_and_keeps_the_basket(desk, goods, otieno):
    first = a_sale([a_line(goods["soda"])], [paid("40", "mpesa", "QBC2DE3FG4")], by=otieno)
    before = what_is_written()
    desk.type("2*bread")
    desk.press("F2", "m")
    desk.type("QBC2DE3FG4")
    expect(desk.part(".tender .field-note")).to_contain_text(f"was used already, for {first.number}")
    expect(desk.part(".tender .code")).to_be_focused()
    assert what_is_written() == before
    assert desk.basket() == [("Bread 400 g", "2", "130")]
    desk.part(".tender .code").fill("QBC2DE3FG5")
    desk.press("Enter")
    desk.part(".done .change").wait_for()
    assert tenders_of(Sale.objects.first()) == [("mpesa", "130.00", "QBC2DE3FG5")]


def test_too_little_stock_is_said_beside_the_line(desk, goods, amina):
    desk.type("10*bread")
    a_sale([a_line(goods["bread"], "4")], [paid("260")], by=amina)
    before = what_is_written()
    desk.type("soda")
    desk.press("F2", "Enter")
    note = desk.part(".line").first.locator(".line-note")
    expect(note).to_have_text("The books say 6 of Bread 400 g, and 10 are wanted.")
    assert what_is_written() == before
    desk.part(".line .amount").first.click()
    desk.type("6")
    expect(note).to_be_hidden()


def test_a_credit_limit_is_said_beside_the_customer(desk, juma):
    desk.type("bread")
    desk.press("F2", "o")
    desk.page.keyboard.type("juma")
    desk.part("#customers li").first.wait_for()
    before = what_is_written()
    desk.press("Enter")
    expect(desk.part(".customer-note")).to_have_text("This customer has no credit limit, so nothing goes on account.")
    desk.press("Enter")
    expect(desk.part(".customer-note")).to_have_text("Juma has no credit: cash only.")
    assert what_is_written() == before
    assert desk.basket() == [("Bread 400 g", "1", "65")]


def test_a_double_click_on_pay_does_not_complete_the_sale(desk):
    desk.type("bread")
    desk.part(".start").dblclick()
    expect(desk.part(".finish")).to_be_visible()
    desk.page.wait_for_timeout(300)
    assert not Sale.objects.exists()
    desk.page.wait_for_timeout(300)
    desk.part(".finish").dblclick()
    desk.sold()


def test_a_key_that_is_held_down_leaves_the_change_in_sight(desk):
    desk.type("bread")
    desk.press("F2")
    desk.page.keyboard.type("100")
    desk.page.keyboard.down("Enter")
    desk.sold()
    desk.page.keyboard.down("Enter")  # what a keyboard repeats
    desk.page.wait_for_timeout(100)
    expect(desk.part(".done .change")).to_have_text("35")


def test_another_window_shares_the_basket_and_sells_it_once(desk):
    desk.type("bread")
    other = desk.page.context.new_page()
    other.goto(f"{desk.address}/till/")
    expect(other.locator("#till .line")).to_have_count(1)
    desk.press("F2", "Enter")
    desk.sold()
    expect(other.locator("#till .line")).to_have_count(0)


def test_a_price_that_changed_is_taken_up_and_said(desk, goods, amina):
    desk.type("bread")
    Product.objects.filter(pk=goods["bread"].pk).update(selling_price=70)
    desk.press("F2", "m")
    desk.type("QBC2DE3FG4")
    expect(desk.part(".tenders-note, .problem").filter(has_text="The total is 70")).to_be_visible()
    expect(desk.part(".to-pay")).to_have_text("70")
    assert not Sale.objects.exists()
    desk.press("F2")
    assert tenders_of(desk.sold()[0]) == [("mpesa", "70.00", "QBC2DE3FG4")]


def test_goods_that_are_gone_leave_the_basket(desk, goods, amina):
    desk.type("bread")
    desk.type("soda")
    Product.objects.filter(pk=goods["bread"].pk).update(is_active=False)
    receive(goods["soda"], "1", "30", by=amina)
    desk.press("F2", "Enter")
    expect(desk.part(".problem")).to_have_text("No longer sold: Bread 400 g.")
    assert desk.basket() == [("Soda 300 ml", "1", "40")]
