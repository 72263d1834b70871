"""Sales of every kind, rung up in a real browser as a cashier does it."""

import pytest
from playwright.sync_api import expect

from customers import ledger as customer_ledger
from inventory.models import Product
from sales.models import Sale
from smartduka.tests.conftest import lines_of, tenders_of

pytestmark = pytest.mark.browser


def stock(product: Product) -> int:
    return Product.objects.get(pk=product.pk).stock_quantity


def test_a_sale_for_cash_needs_no_mouse(desk, goods):
    desk.type("brea")
    desk.type("3")  # a bare number is the quantity of the line that was touched last
    desk.press("F2")
    desk.type("500", then="F2")
    sale, change = desk.sold()
    assert lines_of(sale) == [("Bread 400 g", "3", "195.00")]
    assert tenders_of(sale) == [("cash", "500.00", ""), ("cash", "-305.00", "")]
    assert (change, str(sale.total), stock(goods["bread"])) == ("305", "195.00", 7)
    desk.press("Enter")
    expect(desk.part("#find")).to_be_focused()
    assert desk.basket() == []
    expect(desk.part(".tile").filter(has_text="Bread").locator(".tile-stock")).to_have_text("7 left")


def test_exact_cash_is_two_keys(desk):
    desk.type("6161100110011")
    desk.press("F2", "Enter")
    sale, change = desk.sold()
    assert (tenders_of(sale), change) == ([("cash", "65.00", "")], "0")


def test_scanning_twice_adds_one_wherever_the_focus_is(desk):
    desk.type("6161100110011")
    desk.part(".chip").filter(has_text="Bakery").click()
    desk.type("6161100110011")
    assert desk.basket() == [("Bread 400 g", "2", "130")]
    desk.part(".line .amount").click()
    desk.type("6161100110011")  # a scanner types into a quantity, too
    assert desk.basket() == [("Bread 400 g", "3", "195")]
    desk.press("F2")
    desk.type("6161100110011")  # and into an amount of money
    assert desk.basket() == [("Bread 400 g", "4", "260")]
    expect(desk.part(".to-pay")).to_have_text("260")
    assert not Sale.objects.exists()
    desk.press("Enter")
    assert lines_of(desk.sold()[0]) == [("Bread 400 g", "4", "260.00")]


def test_a_sale_by_thumb_alone(till):
    till.tap(".chip", "Bakery")
    till.tap(".tile", "Bread")
    till.tap(".tile", "Bread")
    till.tap(".look")
    till.tap(".more")
    assert till.basket() == [("Bread 400 g", "3", "195")]
    till.tap(".start")
    till.tap(".notes .chip", "+200")
    expect(till.part(".verdict-amount")).to_have_text("5")
    till.page.wait_for_timeout(500)
    till.tap(".finish")
    sale, change = till.sold()
    assert (tenders_of(sale), change) == ([("cash", "200.00", ""), ("cash", "-5.00", "")], "5")
    till.tap(".next")
    expect(till.part(".tile").first).to_be_visible()


def test_a_crate_and_a_bottle_are_two_lines_of_one_stock(desk, goods):
    desk.type("5449000001238")
    desk.type("soda")
    assert desk.basket() == [("Soda 300 ml · Crate of 24", "1", "900"), ("Soda 300 ml", "1", "40")]
    desk.press("F2", "Enter")
    sale, _ = desk.sold()
    assert lines_of(sale) == [("Soda 300 ml", "1 × Crate of 24", "900.00"), ("Soda 300 ml", "1", "40.00")]
    assert stock(goods["soda"]) == 35


def test_a_quarter_of_a_kilogram_is_typed_before_the_goods(desk, goods):
    desk.type("0.25*sugar")
    assert desk.basket() == [("Sugar", "0.25", "39.75")]
    expect(desk.part(".sum .total")).to_have_text("40")
    desk.press("F2", "Enter")
    sale, _ = desk.sold()
    assert lines_of(sale) == [("Sugar", "0.25 kg", "39.75")]
    assert (str(sale.rounding), str(sale.total), stock(goods["sugar"])) == ("0.25", "40.00", 19_750)


def test_an_eighth_of_a_kilogram_is_one_press(till, goods):
    till.tap(".tile", "Sugar")
    till.tap(".look")
    till.tap(".portions .chip", "⅛")
    assert till.basket() == [("Sugar", "0.125", "19.88")]


def test_notes_add_up_and_the_change_is_shown_before_the_sale(desk):
    desk.type("5*soda")
    desk.press("F2")
    for note in ("+200", "+50", "+50"):
        desk.part(".notes .chip").filter(has_text=note).first.click()
    expect(desk.part(".verdict-label")).to_have_text("Change")
    expect(desk.part(".verdict-amount")).to_have_text("100")
    desk.press("F2")
    sale, change = desk.sold()
    assert (str(sale.total), change) == ("200.00", "100")


def test_m_pesa_goes_into_the_books_with_its_code(desk):
    desk.type("soda")
    desk.press("F2")
    desk.press("m")
    desk.press("Enter")
    expect(desk.part(".tender .field-note")).to_have_text("Write the code of the message.")
    desk.type("qbc2de3fg4")
    sale, change = desk.sold()
    assert (tenders_of(sale), change) == ([("mpesa", "40.00", "QBC2DE3FG4")], "0")


def test_the_code_is_taken_from_a_pasted_message(desk):
    desk.type("soda")
    desk.press("F2", "m")
    desk.page.keyboard.insert_text("QBC2DE3FG4 Confirmed. You have received Ksh40.00 from JANE DOE")
    expect(desk.part(".tender .code")).to_have_value("QBC2DE3FG4")


def test_a_quantity_is_changed_while_it_is_being_paid(desk):
    desk.type("bread")
    desk.press("F2")
    desk.part(".line .amount").click()
    desk.type("2")
    expect(desk.part(".to-pay")).to_have_text("130")
    expect(desk.part(".tender .amount")).to_be_focused()
    assert not Sale.objects.exists()
    desk.press("Enter")
    assert tenders_of(desk.sold()[0]) == [("cash", "130.00", "")]


def test_wanjiku_buys_on_account_until_a_day(desk, wanjiku, juma):
    desk.type("2*bread")
    desk.press("F2")
    desk.press("o")
    desk.page.keyboard.type("wan")
    desk.part("#customers li").first.wait_for()
    desk.press("Enter")
    expect(desk.part(".customer-standing")).to_have_text("Owes nothing · may owe 5,000 · 5,000 left")
    desk.part("#due-on").fill("2099-01-31")
    desk.press("Enter")
    expect(desk.part(".due-on .field-note")).to_have_text(
        "A debt is due between the day of the sale and a year later."
    )
    assert not Sale.objects.exists()
    desk.part(".due-presets .chip").filter(has_text="In a week").click()
    desk.press("F2")
    sale, _ = desk.sold()
    assert (tenders_of(sale), sale.customer) == ([("on_account", "130.00", "")], wanjiku)
    assert customer_ledger.balance(wanjiku) == 130
    assert (wanjiku.entries.get().due_on - sale.sold_on).days == 7


def test_a_sale_is_paid_by_any_mix_of_tenders(desk, wanjiku):
    desk.type("10*bread")
    desk.press("F2")
    desk.page.keyboard.type("200")
    desk.press("m")
    desk.page.keyboard.type("QBC2DE3FG4")
    desk.part(".tender .amount").last.click()
    desk.page.keyboard.type("150")
    expect(desk.part(".verdict-label")).to_have_text("Still to pay")
    desk.press("o")
    desk.page.keyboard.type("0712")
    desk.part("#customers li").first.wait_for()
    desk.press("Enter", "F2")
    sale, _ = desk.sold()
    assert tenders_of(sale) == [
        ("cash", "200.00", ""),
        ("mpesa", "150.00", "QBC2DE3FG4"),
        ("on_account", "300.00", ""),
    ]
    assert customer_ledger.balance(wanjiku) == 300


def test_goods_are_found_in_any_word_order_without_accents_or_capitals(desk):
    desk.page.keyboard.type("100 CAFE air")
    expect(desk.part(".tile")).to_have_count(1)
    desk.press("Enter")
    assert desk.basket() == [("Airtime Café 100", "1", "100")]
    desk.type("no such thing")
    expect(desk.part(".said")).to_have_text("Nothing here is called “no such thing”.")
    desk.type("soda-300-ml")  # what was not found is typed over
    assert desk.basket()[-1] == ("Soda 300 ml", "1", "40")


def test_a_line_is_changed_and_removed_in_the_basket(desk):
    desk.type("bread")
    desk.type("soda")
    desk.part(".line .amount").first.click()
    desk.type("0.5")
    expect(desk.part(".line-note").first).to_have_text("Write a quantity such as 3.")
    assert desk.basket()[0] == ("Bread 400 g", "1", "65")
    desk.part(".line .amount").first.click()
    desk.type("4")
    desk.part(".line .drop").last.click()
    assert desk.basket() == [("Bread 400 g", "4", "260")]
    expect(desk.part("#find")).to_be_focused()
