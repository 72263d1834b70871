"""The sale itself: what it writes, what it refuses, and that a refusal writes nothing."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from customers import ledger as customer_ledger
from customers.models import Customer
from inventory.models import Product
from sales import books
from sales.models import PaymentCode, Sale
from smartduka.models import Shop
from smartduka.refusals import ClientRefReused, Refusal
from smartduka.tests.builders import NOON, a_line, a_pack, a_product, a_sale, paid, what_is_written

pytestmark = pytest.mark.django_db


def test_a_cash_sale_moves_goods_money_and_keeps_the_receipt(bread, sugar, otieno):
    sale = a_sale([a_line(bread, "2"), a_line(sugar, "0.125")], [paid("200")], by=otieno)

    assert (sale.subtotal, sale.rounding, sale.total) == (Decimal("150.00"), Decimal("0.00"), Decimal("150.00"))
    assert [(t.type, t.amount) for t in sale.tenders.all()] == [("cash", Decimal(200)), ("cash", Decimal(-50))]
    first, second = sale.lines.all()
    assert (first.quantity, first.line_total, first.line_cost) == (2, Decimal("130.00"), Decimal("100.00"))
    assert (second.quantity, second.line_total, second.line_cost) == (125, Decimal("20.00"), Decimal("16.25"))
    assert (second.quantity_shown, second.sold_as, second.priced_per) == ("0.125 kg", "kilogram", 1000)
    bread.refresh_from_db()
    assert (bread.stock_quantity, bread.last_sold_at) == (8, NOON)
    assert first.movement.reference == sale.number
    assert list(books.audit()) == []


def test_a_pack_and_pieces_come_off_one_stock(bread, otieno):
    carton = a_pack(bread, "Tray of 6", size=6, price="360")
    sale = a_sale([a_line(bread, "1", pack=carton), a_line(bread, "4")], [paid("620")], by=otieno)
    bread.refresh_from_db()
    assert (sale.total, bread.stock_quantity) == (Decimal("620.00"), 0)
    assert [line.quantity_shown for line in sale.lines.all()] == ["1 × Tray of 6", "4"]


def test_an_old_receipt_never_changes(bread, otieno):
    sale = a_sale([a_line(bread)], [paid("65")], by=otieno)
    Product.objects.filter(pk=bread.pk).update(name="Mkate", selling_price=Decimal(90))
    line = sale.lines.get()
    assert (line.product_name, line.unit_price, line.list_price) == ("Bread 400 g", Decimal(65), Decimal(65))


def test_a_product_that_is_not_counted_sells_without_stock(otieno, amina):
    airtime = a_product("Airtime 50", price="50", cost="48", is_counted=False, by=amina)
    sale = a_sale([a_line(airtime, "3")], [paid("150")], by=otieno)
    line = sale.lines.get()
    assert (line.movement, line.line_cost) == (None, Decimal("144.00"))
    assert list(books.audit()) == []


@pytest.mark.parametrize(
    ("step", "total", "rounding"), [(1, "81", "-0.25"), (5, "80", "-1.25")], ids=["by ones", "by fives"]
)
def test_the_total_is_rounded_to_the_shops_step_on_a_line_of_its_own(sugar, otieno, shop, step, total, rounding):
    Shop.objects.update(rounding_step=step)
    oil = a_line(sugar, "0.5", unit_price=Decimal("162.50"))
    sale = a_sale([oil], [paid(total)], by=otieno, may_change_price=True)
    assert (sale.subtotal, sale.rounding, sale.total) == (Decimal("81.25"), Decimal(rounding), Decimal(total))


def test_a_sale_on_account_becomes_a_debt_with_a_due_date(bread, wanjiku, otieno):
    friday = date(2026, 6, 26)
    sale = a_sale(
        [a_line(bread, "2")],
        [paid("30"), paid("100", "on_account")],
        customer=wanjiku,
        due_on=friday,
        by=otieno,
    )
    entry = wanjiku.entries.get()
    assert (entry.amount, entry.due_on, entry.reference) == (Decimal(100), friday, sale.number)
    assert customer_ledger.balance(wanjiku) == Decimal("100.00")
    assert sale.tenders.get(type="on_account").ledger_entry == entry


def test_without_a_due_date_a_debt_is_due_in_thirty_days(bread, wanjiku, otieno):
    a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
    assert wanjiku.entries.get().due_on == date(2026, 7, 23)


def test_every_tender_in_one_sale(bread, wanjiku, otieno):
    sale = a_sale(
        [a_line(bread, "10")],
        [
            paid("200", "mpesa", "QBC2DE3FG4"),
            paid("100", "card"),
            paid("100", "bank", "SLIP 7"),
            paid("150", "on_account"),
            paid("200"),
        ],
        customer=wanjiku,
        by=otieno,
    )
    assert sum(t.amount for t in sale.tenders.all()) == sale.total == Decimal("650.00")
    assert sale.tenders.last().amount == Decimal(-100)
    assert PaymentCode.objects.get().code == "QBC2DE3FG4"
    assert list(books.audit()) == []


def refused(code: str, *args, **kwargs) -> Refusal:
    """The refusal, once it is shown that it wrote nothing."""
    before = what_is_written()
    with pytest.raises(Refusal) as caught:
        a_sale(*args, **kwargs)
    assert caught.value.code == code
    assert what_is_written() == before
    return caught.value


def test_more_than_the_books_hold_is_refused(bread, otieno):
    refusal = refused("insufficient_stock", [a_line(bread, "6"), a_line(bread, "5")], [paid("715")], by=otieno)
    assert refusal.message == "The books say 10 of Bread 400 g, and 11 are wanted."
    assert list(refusal.fields) == ["lines.0.quantity", "lines.1.quantity"]


def test_too_little_money_is_refused(bread, otieno):
    refusal = refused("tenders_do_not_match", [a_line(bread)], [paid("60")], by=otieno)
    assert refusal.message == "The total is 65, and 5 of it is missing."


def test_no_money_at_all_is_refused(bread, otieno):
    refused("tenders_do_not_match", [a_line(bread)], [], by=otieno)


def test_only_cash_gives_change(bread, otieno):
    refused("tenders_do_not_match", [a_line(bread)], [paid("70", "mpesa", "QBC2DE3FG4")], by=otieno)


def test_cash_that_was_not_needed_is_refused(bread, otieno):
    refused("tenders_do_not_match", [a_line(bread)], [paid("65", "card"), paid("100")], by=otieno)


def test_a_sale_over_the_limit_is_refused(bread, amina, wanjiku, otieno):
    stove = a_product("Stove", stock="2", price="4990", cost="4000", by=amina)
    a_sale([a_line(stove)], [paid("4990", "on_account")], customer=wanjiku, by=otieno)
    refusal = refused("credit_limit", [a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
    assert refusal.message == "Wanjiku owes 4,990 of at most 5,000; 65 more is too much."


def test_a_customer_without_a_limit_pays_cash(bread, juma, otieno):
    refusal = refused("credit_limit", [a_line(bread)], [paid("65", "on_account")], customer=juma, by=otieno)
    assert refusal.message == "Juma has no credit: cash only."


def test_credit_needs_a_customer(bread, otieno):
    refusal = refused("invalid", [a_line(bread)], [paid("65", "on_account")], by=otieno)
    assert list(refusal.fields) == ["customer"]


def test_an_inactive_customer_gets_no_credit(bread, wanjiku, otieno):
    Customer.objects.update(is_active=False)
    refused("invalid", [a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)


def test_a_due_date_before_the_sale_is_refused(bread, wanjiku, otieno):
    yesterday = date(2026, 6, 22)
    refused("invalid", [a_line(bread)], [paid("65", "on_account")], customer=wanjiku, due_on=yesterday, by=otieno)


def test_an_mpesa_code_is_used_once(bread, otieno):
    first = a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
    refusal = refused("reference_used", [a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
    assert refusal.message == (f"M-Pesa code QBC2DE3FG4 was used already, for {first.number} on 23 Jun 2026, 12:00.")


def test_goods_that_are_off_sale_are_refused(bread, otieno):
    Product.objects.update(is_active=False)
    refused("invalid", [a_line(bread)], [paid("65")], by=otieno)


def test_a_pack_of_another_product_is_refused(bread, sugar, otieno):
    sack = a_pack(sugar, "Sack", size=50_000, price="7500")
    refused("invalid", [a_line(bread, pack=sack)], [paid("7500")], by=otieno)


@pytest.mark.parametrize(("product", "units"), [("bread", "0.5"), ("pack", "1.5")])
def test_what_cannot_be_divided_is_sold_whole(request, bread, otieno, product, units):
    pack = a_pack(bread, size=6) if product == "pack" else None
    refused("invalid", [a_line(bread, units, pack=pack)], [paid("1000")], by=otieno)


class TestPrices:
    def test_a_cashier_may_not_change_a_price(self, bread, otieno):
        cheaper = a_line(bread, unit_price=Decimal(64))
        refused("price_below_floor", [cheaper], [paid("64")], by=otieno)
        dearer = a_line(bread, unit_price=Decimal(66))
        refused("invalid", [dearer], [paid("66")], by=otieno)
        discounted = a_line(bread, discount=Decimal(1))
        refused("price_below_floor", [discounted], [paid("64")], by=otieno)

    def test_a_manager_sells_down_to_the_floor_and_not_below(self, bread, amina):
        Product.objects.update(floor_price=Decimal(60))
        sale = a_sale([a_line(bread, unit_price=Decimal(60))], [paid("60")], by=amina, may_change_price=True)
        line = sale.lines.get()
        assert (line.list_price, line.unit_price, line.line_total) == (Decimal(65), Decimal(60), Decimal(60))
        below = a_line(bread, "2", unit_price=Decimal(62), discount=Decimal("4.01"))
        refusal = refused("price_below_floor", [below], [paid("119.99")], by=amina, may_change_price=True)
        assert refusal.message == "Bread 400 g may not be sold below 60."

    def test_without_a_floor_the_shelf_price_is_the_lowest(self, bread, amina):
        cheaper = a_line(bread, unit_price=Decimal(64))
        refused("price_below_floor", [cheaper], [paid("64")], by=amina, may_change_price=True)

    def test_a_discount_above_the_line_is_refused(self, bread, amina):
        gift = a_line(bread, discount=Decimal(66))
        refused("invalid", [gift], [], by=amina, may_change_price=True)


class TestTheSameSaleAgain:
    def test_the_same_content_gets_the_first_sale_and_writes_nothing(self, bread, otieno):
        again = {"lines": [a_line(bread)], "tenders": [paid("100")], "client_ref": uuid.uuid4(), "by": otieno}
        first = a_sale(**again)
        before = what_is_written()
        assert a_sale(**again) == first
        assert what_is_written() == before

    def test_also_when_the_last_piece_is_gone_meanwhile(self, bread, otieno):
        again = {"lines": [a_line(bread, "10")], "tenders": [paid("650")], "client_ref": uuid.uuid4(), "by": otieno}
        assert a_sale(**again) == a_sale(**again)
        assert Sale.objects.count() == 1

    def test_also_when_its_code_is_in_use_by_itself(self, bread, otieno):
        tenders = [paid("65", "mpesa", "QBC2DE3FG4")]
        again = {"lines": [a_line(bread)], "tenders": tenders, "client_ref": uuid.uuid4(), "by": otieno}
        assert a_sale(**again) == a_sale(**again)

    def test_other_content_is_a_conflict(self, bread, otieno):
        ref = uuid.uuid4()
        first = a_sale([a_line(bread)], [paid("65")], client_ref=ref, by=otieno)
        before = what_is_written()
        with pytest.raises(ClientRefReused) as caught:
            a_sale([a_line(bread, "2")], [paid("130")], client_ref=ref, by=otieno)
        assert first.number in caught.value.message
        assert what_is_written() == before


class TestLateSales:
    def test_a_late_sale_belongs_to_the_day_it_was_made(self, bread, otieno):
        sold_at = NOON - timedelta(days=2)
        sale = a_sale([a_line(bread)], [paid("65")], sold_at=sold_at, by=otieno)
        assert (sale.sold_at, sale.sold_on, sale.received_at) == (sold_at, date(2026, 6, 21), NOON)

    @pytest.mark.parametrize("off", [timedelta(minutes=5, seconds=1), -timedelta(days=7, seconds=1)])
    def test_a_wrong_clock_is_refused(self, bread, otieno, off):
        refused("invalid", [a_line(bread)], [paid("65")], sold_at=NOON + off, by=otieno)

    def test_the_shops_day_turns_at_its_own_hour(self, bread, otieno, shop):
        Shop.objects.update(day_turns_at=4)
        half_past_two = NOON - timedelta(hours=9, minutes=30)
        sale = a_sale([a_line(bread)], [paid("65")], sold_at=half_past_two, by=otieno)
        assert sale.sold_on == date(2026, 6, 22)
