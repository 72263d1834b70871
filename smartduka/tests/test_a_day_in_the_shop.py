"""One day in Amina's duka, from the delivery at six to the count at eight, told from the outside.

Read it as a description of the whole program: who does what, what the books say, and that they tie out.
"""

import json
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from customers import ledger as customer_ledger
from inventory import corrections, receipts
from inventory.models import Product, StockMovement
from sales import books, payments, returns, sessions, summaries
from sales.drawer import Count
from sales.models import PaymentCode, Sale
from sales.tenders import CASH
from smartduka.tests.builders import a_pack, a_product, a_voucher, paid

TUESDAY = date(2026, 6, 23)


def at(hour: int, minute: int = 0) -> datetime:
    """So late in Nairobi on that Tuesday."""
    return datetime(2026, 6, 23, hour - 3, minute, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_day_in_the_shop(amina, otieno, wanjiku, juma, shop, browser_of):
    # -- Before opening: the goods are in the catalogue, and the lorry comes. ------------------------------
    flour = a_product("Maize flour 2 kg", price="180", cost="150", low_stock_threshold=6, by=amina)
    sugar = a_product("Sugar", price="160", cost="130", unit="kilogram", by=amina)
    airtime = a_product("Airtime 100", price="100", cost="96", is_counted=False, by=amina)
    bale = a_pack(flour, "Bale of 12", size=12, price="2100")

    delivery = receipts.receive_goods(
        [
            receipts.ReceiptLine(flour.pk, 24, cost=Decimal(1800), cost_for=12, pack=bale),
            receipts.ReceiptLine(sugar.pk, 50_000, cost=Decimal(130), cost_for=1000),
        ],
        a_voucher(amina, at=at(6)),
    )
    assert delivery.total == Decimal(10_100)
    assert stock_of(flour) == 24

    # -- Selling: Otieno counts a float into his drawer, and has a till that speaks JSON. -------------------
    drawer = sessions.open_session(Decimal(500), a_voucher(otieno, at=at(6, 30)))
    till = browser_of(otieno)
    till.get(reverse("till"))

    def sell(lines, tenders, *, when, expect=201, client_ref=None, **more):
        document = {"client_ref": client_ref or str(uuid.uuid4()), "lines": lines, "tenders": tenders, **more}
        with time_machine.travel(when, tick=False):
            answer = till.post(
                reverse("till-sales"),
                json.dumps(document),
                content_type="application/json",
                headers={"X-CSRFToken": till.cookies["csrftoken"].value},
            )
        assert answer.status_code == expect, answer.content
        return answer.json()

    # A bag of flour for cash: the change is right.
    first = sell([piece(flour)], [cash("200")], when=at(7))
    assert (first["total"], first["change"]) == ("180.00", "20.00")

    # Twenty shillings of sugar, and airtime, by M-Pesa.
    sell([piece(sugar, "0.125"), piece(airtime)], [mpesa("120", "QBC2DE3FG4")], when=at(8))

    # Somebody shows the same message again.
    refusal = sell([piece(flour)], [mpesa("180", "QBC2DE3FG4")], when=at(8, 5), expect=422)
    assert refusal["error"]["code"] == "reference_used"

    # The network drops after a sale is made; the till asks again, and nothing is sold twice.
    lost = str(uuid.uuid4())
    sell([piece(flour, "2")], [cash("360")], when=at(9), client_ref=lost)
    sell([piece(flour, "2")], [cash("360")], when=at(9, 1), client_ref=lost, expect=200)
    assert stock_of(flour) == 21

    # Wanjiku takes a whole bale: a thousand now, the rest on her account until Friday.
    credit = sell(
        [piece(flour, "1", pack=bale.pk)],
        [cash("1000"), on_account("1100")],
        customer=wanjiku.pk,
        due_on="2026-06-26",
        when=at(11),
    )
    assert customer_ledger.balance(wanjiku) == Decimal(1100)

    # Juma has no credit, and pays.
    refusal = sell([piece(flour)], [on_account("180")], customer=juma.pk, when=at(12), expect=422)
    assert refusal["error"]["message"] == "Juma has no credit: cash only."
    wrong = sell([piece(flour)], [cash("180")], customer=juma.pk, when=at(12, 1))

    # Ten more bags than the books hold cannot be sold.
    refusal = sell([piece(flour, "18")], [cash("3240")], when=at(13), expect=422)
    assert refusal["error"]["code"] == "insufficient_stock"

    # -- The afternoon: what went wrong is put right, and nothing is deleted. ------------------------------
    # Juma's flour was the wrong one: the whole sale is void, and Amina pays him out of Otieno's drawer.
    wrong_sale = Sale.objects.numbered(wrong["number"]).get()
    out_of_his_drawer = returns.Refund(CASH, drawer=drawer.pk)
    void = returns.void(
        wrong_sale.pk, refund=out_of_his_drawer, shop=shop, voucher=a_voucher(amina, at=at(14), note="Wrong goods")
    )
    assert (void.is_void, void.total) == (True, Decimal(180))

    # Two bags of Wanjiku's bale are torn. They lower her debt, and do not go back on the shelf.
    bale_line = Sale.objects.numbered(credit["number"]).get().lines.get()
    torn = returns.take_back(
        bale_line.sale_id,
        [returns.ReturnedLine(bale_line.pk, 2, is_damaged=True)],
        refund=out_of_his_drawer,
        shop=shop,
        voucher=a_voucher(amina, at=at(15), note="Torn bags"),
    )
    assert torn.total == Decimal(350)
    assert customer_ledger.balance(wanjiku) == Decimal(750)

    # In the evening she brings five hundred by M-Pesa.
    payments.receive_payment(wanjiku.pk, paid("500", "mpesa", "QBX9YZ8WV7"), a_voucher(otieno, at=at(19)))
    assert customer_ledger.balance(wanjiku) == Decimal(250)

    # -- Closing: the drawer is counted, the shelf is counted, and the day is looked at. ---------------------
    # Float 500, cash sales 1,720, 180 given back, 40 for milk: 2,000 should be there, and a twenty is missing.
    sessions.pay_out(drawer.pk, Decimal(40), a_voucher(otieno, at=at(16), note="Milk for tea"))
    closed = sessions.close_session(
        drawer.pk, Count({1000: 1, 200: 4, 50: 3, 20: 1, 10: 1}), a_voucher(otieno, at=at(20))
    )
    assert (closed.expected, closed.counted, closed.over_short) == (Decimal(2000), Decimal(1980), Decimal(-20))

    counted = count(flour, 8, by=amina, when=at(20))
    assert (counted.quantity, stock_of(flour)) == (-1, 8)
    assert not Product.objects.low_stock().filter(pk=flour.pk).exists()

    day = summaries.of_day(TUESDAY)
    assert day.sale_count == 5
    assert (day.sold, day.returned, day.repaid) == (Decimal(2940), Decimal(530), Decimal(500))
    # Flour: 3 bags kept at a margin of 30, and ten of a bale at 25; sugar 20 − 16.25; airtime 100 − 96. The two
    # torn bags are lost at what they cost, 150 each.
    assert day.gross_profit == Decimal("47.75")
    assert dict(day.by_tender) == {
        "Cash": Decimal(1540),
        "M-Pesa": Decimal(620),
    }
    assert day.on_account == Decimal(750)
    assert PaymentCode.objects.filter(code__isnull=False).count() == 2
    assert list(books.audit()) == []


def piece(product: Product, units: str = "1", *, pack: int | None = None) -> dict:
    return {"product": product.pk, "pack": pack, "quantity": units}


def cash(amount: str) -> dict:
    return {"type": "cash", "amount": amount}


def mpesa(amount: str, code: str) -> dict:
    return {"type": "mpesa", "amount": amount, "reference": code}


def on_account(amount: str) -> dict:
    return {"type": "on_account", "amount": amount}


def stock_of(product: Product) -> int:
    return Product.objects.get(pk=product.pk).stock_quantity


def count(product: Product, counted: int, *, by, when: datetime) -> StockMovement:

    newest = product.movements.latest("pk").pk
    return corrections.count(product.pk, counted, a_voucher(by, at=when), seen=newest)
