"""Receipts in the browser: what they show, who may, and what printing one leaves behind."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from inventory.models import Product
from sales import payments, returns
from sales.models import ReceiptPrint, Sale
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_line, a_product, a_sale, a_user, a_voucher, paid, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(shop, amina):
    return a_product("Bread 400 g", stock="10", price="65", cost="50", by=amina)


@pytest.fixture
def sale(bread, amina, otieno, wanjiku):
    """Three loaves and a quarter of sugar, 50 in cash and the rest on account."""
    sugar = a_product("Sugar", stock="20", price="159", cost="130", unit="kilogram", by=amina)
    lines = [a_line(bread, "3"), a_line(sugar, "0.25")]
    return a_sale(lines, [paid("50"), paid("185", "on_account")], by=otieno, customer=wanjiku)


@pytest.fixture
def back(sale, shop, amina):
    """One of the loaves."""
    part = [ReturnedLine(sale.lines.first().pk, 1)]
    how = {"refund": Refund(CASH), "shop": shop, "voucher": a_voucher(amina, note="Mouldy")}
    return returns.take_back(sale.pk, part, **how)


def words(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_receipt_shows_the_shop_the_goods_and_how_they_were_paid(sale, otieno, browser_of):
    shown = words(browser_of(otieno).get(f"/sales/{sale.number}/"))
    for text in (
        "Duka la Amina", sale.number, "Served by Otieno", "Customer Wanjiku", "3 × 65", "0.25 kg × 159", "39.75",
        '>Rounding</th><td class="num">0.25</td>', '>Total KSh</th><td class="num">235</td>',
        '<bdi>Cash</bdi></th><td class="num">50</td>', '<bdi>On account</bdi></th><td class="num">185</td>',
        "Asante, karibu tena!", 'class="qr"',
    ):  # fmt: skip
        assert text in shown, text


def test_both_receipts_lead_to_each_other(sale, back, otieno, browser_of):
    browser = browser_of(otieno)
    assert f'<a href="/returns/{back.number}/">{back.number}</a>' in words(browser.get(f"/sales/{sale.number}/"))
    shown = words(browser.get(f"/returns/{back.number}/"))
    assert f'<a href="/sales/{sale.number}/">{sale.number}</a>' in shown
    for text in ("RETURN", "Taken back by Amina", "1 of 3", "Off the debt", "Reason: Mouldy"):
        assert text in shown, text


def test_the_balance_is_that_of_its_moment_whatever_came_later(sale, back, wanjiku, amina, otieno, browser_of):
    payments.receive_payment(wanjiku.pk, paid("20"), a_voucher(amina))
    browser = browser_of(otieno)
    for address, owed in ((f"/sales/{sale.number}/", 185), (f"/returns/{back.number}/", 120)):
        standing = f'<bdi>Wanjiku owes, 23 Jun 2026</bdi></th><td class="num">{owed}</td>'
        assert standing in words(browser.get(address))


def test_an_old_receipt_does_not_change_with_the_product(sale, bread, otieno, browser_of):
    Product.objects.filter(pk=bread.pk).update(name="Bread 800 g", selling_price=99)
    shown = words(browser_of(otieno).get(f"/sales/{sale.number}/"))
    assert "Bread 400 g" in shown
    assert "instead of" not in shown


def test_a_sale_of_before_cashiers_were_kept_has_a_receipt(shop, otieno, browser_of):
    old = Sale.objects.create(sold_at=NOON, sold_on=NOON.date(), received_at=NOON, subtotal=0, total=0, cashier=None)
    assert "Served by –" in words(browser_of(otieno).get(f"/sales/{old.number}/"))
    assert old.number in words(browser_of(otieno).get("/sales/"))


@pytest.mark.parametrize("number", ["S-999999", "S-1", "s-000001", "R-000001", "nonsense"])
def test_a_number_of_no_sale_is_not_found(number, sale, otieno, browser_of):
    assert browser_of(otieno).get(f"/sales/{number}/").status_code == 404
    assert browser_of(otieno).get(f"/returns/{number}/").status_code == 404


def test_a_receipt_offers_only_what_one_may(sale, otieno, browser_of):
    address = f"/sales/{sale.number}/"
    undo = (f"{address}return/", f"{address}void/")
    manager = a_user("Makena", "Manager")
    assert [each in words(browser_of(otieno).get(address)) for each in undo] == [False, False]
    assert [each in words(browser_of(manager).get(address)) for each in undo] == [True, True]


@pytest.mark.parametrize("paper", ["58", "80", "a4"])
def test_the_shop_chooses_the_paper(paper, sale, otieno, browser_of):
    Shop.objects.update(paper=paper)
    assert f'<article class="receipt" data-paper="{paper}">' in words(
        browser_of(otieno).get(f"/sales/{sale.number}/")
    )


def test_the_message_goes_to_the_customer_and_tells_whatsapp_nothing_else(sale, otieno, browser_of):
    shown = words(browser_of(otieno).get(f"/sales/{sale.number}/"))
    link = next(part for part in shown.split("<a ") if "wa.me" in part).partition(">")[0]
    assert 'href="https://wa.me/254712345678?text=%60%60%60' in link
    assert 'rel="noopener noreferrer"' in link
    assert "localhost" not in link
    assert "testserver" not in link


# --- Printing ----------------------------------------------------------------------------------------------


def test_printing_is_written_down_and_only_the_first_is_the_original(sale, otieno, client):
    client.force_login(otieno)
    address = f"/sales/{sale.number}/"
    said = "Printed already"
    assert f'<p id="printed" hidden>{said}' in words(client.get(address))
    answers = [client.post(f"{address}prints/") for _ in range(2)]
    assert [(each.status_code, each.json()) for each in answers] == [
        (201, {"ordinal": 1, "is_original": True}),
        (201, {"ordinal": 2, "is_original": False}),
    ]
    assert [each.printed_by for each in ReceiptPrint.objects.filter(sale=sale)] == [otieno, otieno]
    assert f'<p id="printed">{said}' in words(client.get(address))


def test_a_print_of_nothing_or_by_nobody_writes_nothing(sale, baraka, otieno, client, browser_of):
    strict, nobody = browser_of(otieno), Client()
    nobody.force_login(baraka)
    before = what_is_written()
    address = f"/sales/{sale.number}/prints/"
    assert client.post(address).json()["error"]["code"] == "login_required"
    assert nobody.post(address).json()["error"]["code"] == "forbidden"
    assert strict.post(address).status_code == 403  # without the token of a page
    assert strict.get(address).status_code == 405
    assert what_is_written() == before


def test_a_sale_that_is_not_there_is_not_printed(shop, otieno, client):
    client.force_login(otieno)
    assert client.post("/sales/S-999999/prints/").status_code == 404
    assert not ReceiptPrint.objects.exists()


# --- What it costs -----------------------------------------------------------------------------------------


def test_a_receipt_asks_the_same_number_of_queries_for_2_lines_and_for_20(
    sale, back, amina, otieno, browser_of, django_assert_num_queries
):
    products = [a_product(f"Goods {number}", stock="9", price="10", by=amina) for number in range(20)]
    long = a_sale([a_line(each) for each in products], [paid("200")], by=otieno)
    browser = browser_of(otieno)
    # Session, user, permissions, sale, tenders, lines, returns, shop.
    with django_assert_num_queries(8):
        browser.get(f"/sales/{long.number}/")
    # And the lines that came back, with what they were sold as, and the balance.
    with django_assert_num_queries(11):
        browser.get(f"/sales/{sale.number}/")
    with django_assert_num_queries(9):
        browser.get(f"/returns/{back.number}/")


def test_a_receipt_of_ten_lines_weighs_less_than_10_kb_and_60_kb_the_first_time(amina, otieno, wanjiku, browser_of):
    products = [a_product(f"Unga wa mahindi Pembe {number} kg", stock="9", by=amina) for number in range(10)]
    tenders = [paid("500"), paid("100", "on_account")]
    sold = a_sale([a_line(each) for each in products], tenders, by=otieno, customer=wanjiku)
    page = browser_of(otieno).get(f"/sales/{sold.number}/").content
    assert sold.total == Decimal(600)
    assert len(page) < 10_000
    parts = re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode())
    assert set(parts) >= {"smartduka/smartduka.css", "sales/print.js"}
    assert len(page) + sum(Path(finders.find(each)).stat().st_size for each in parts) < 60_000
