"""What stands on a receipt, word for word."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from sales import receipts, returns
from sales.models import Return, Sale
from sales.pricing import BasketLine
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, a_voucher, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return Shop.objects.create(name="Duka la Amina", phone="0712 345 678", kra_pin="A123456789Z")


@pytest.fixture
def goods(shop, amina):
    bread = a_product("Bread 400 g", stock="10", price="65", cost="50", floor_price=Decimal(50), by=amina)
    sugar = a_product("Sugar", stock="20", price="159", unit="kilogram", floor_price=Decimal(100), by=amina)
    return bread, sugar


@pytest.fixture
def sale(goods, otieno, wanjiku):
    """Three loaves and a quarter of sugar, 50 in cash and the rest on account."""
    lines = [a_line(goods[0], "3"), a_line(goods[1], "0.25")]
    return a_sale(lines, [paid("50"), paid("185", "on_account")], by=otieno, customer=wanjiku)


@pytest.fixture
def back(sale, shop, amina):
    """One of the loaves, damaged."""
    part = [ReturnedLine(sale.lines.first().pk, 1, is_damaged=True)]
    how = {"refund": Refund(CASH), "shop": shop, "voucher": a_voucher(amina, note="Mouldy")}
    return returns.take_back(sale.pk, part, **how)


def receipt_of(sale, *, owed=None):
    return receipts.of_sale(Sale.objects.for_receipt().get(pk=sale.pk), Shop.current(), owed=owed)


def test_the_receipt_of_a_sale_in_32_columns(sale, back):
    assert (
        receipts.as_text(receipt_of(sale, owed=Decimal(185)))
        == f"""\
         Duka la Amina
          0712 345 678
        PIN A123456789Z

{sale.number}
Tue 23 Jun 2026, 12:00
Served by Otieno
Customer Wanjiku
--------------------------------
Bread 400 g
  3 × 65                     195
Sugar
  0.25 kg × 159            39.75
--------------------------------
Subtotal                  234.75
Rounding                    0.25
Total KSh                    235
Cash                          50
On account                   185
Wanjiku owes, 23 Jun 2026    185
{back.number}: 1 Bread 400 g
returned, 65 back
--------------------------------
      Asante, karibu tena!"""
    )


def test_the_receipt_of_a_return_in_32_columns(sale, back):
    shown = receipts.of_return(Return.objects.for_receipt().get(pk=back.pk), Shop.current(), owed=Decimal(120))
    assert (
        receipts.as_text(shown)
        == f"""\
         Duka la Amina
          0712 345 678
        PIN A123456789Z

{back.number}
RETURN
Tue 23 Jun 2026, 12:00
Taken back by Amina
Customer Wanjiku
--------------------------------
Bread 400 g
  1 of 3, damaged             65
--------------------------------
Refund KSh                    65
Off the debt                  65
Wanjiku owes, 23 Jun 2026    120
Reason: Mouldy
{sale.number}: sold Tue 23 Jun 2026,
12:00
--------------------------------
      Asante, karibu tena!"""
    )


def test_a_void_is_marked_on_both_receipts(goods, shop, otieno, amina):
    sold = a_sale([a_line(goods[0])], [paid("100")], by=otieno)
    how = {"refund": Refund(CASH), "shop": shop, "voucher": a_voucher(amina, note="Rung up twice")}
    void = returns.void(sold.pk, **how)
    shown = receipt_of(sold)
    assert (shown.mark, [(each.number, each.words) for each in shown.mentions]) == (
        "VOID",
        [(void.number, "voided, 65 back")],
    )
    other = receipts.of_return(Return.objects.for_receipt().get(pk=void.pk), shop, owed=None)
    assert (other.mark, [each.address for each in other.mentions]) == ("VOID", [f"/sales/{sold.number}/"])
    assert [(each.words, each.amount) for each in other.tenders] == [("Cash", Decimal(65))]


def test_change_and_codes_are_named(goods, otieno):
    sold = a_sale([a_line(goods[0], "2")], [paid("30", "mpesa", "QBC2DE3FG4"), paid("200")], by=otieno)
    assert [(each.words, each.amount) for each in receipt_of(sold).tenders] == [
        ("M-Pesa QBC2DE3FG4", Decimal(30)),
        ("Cash", Decimal(200)),
        ("Change", Decimal(100)),
    ]


def test_a_lower_price_and_a_discount_are_shown_and_summed_up(goods, amina):
    bread, sugar = goods
    dozen = a_pack(bread, size=2, price="125")
    lines = [
        a_line(bread, "3", unit_price=Decimal(60)),
        a_line(sugar, "0.5", unit_price=Decimal(158), discount=Decimal("4.00")),
        a_line(bread, pack=dozen),
        a_line(bread, "2", unit_price=Decimal(70)),
    ]
    sold = a_sale(lines, [paid("1000")], by=amina, may_change_price=True)
    shown = receipt_of(sold)
    assert [each.how for each in shown.goods] == [
        "3 × 60 instead of 65",
        "0.5 kg × 158 instead of 159, less 4",
        "1 × Carton of 12 at 125",
        "2 × 70 instead of 65",
    ]
    # 3 × 5, half of 1, and 4; what was dearer than on the shelf saves nothing.
    assert shown.remarks == ["You saved 19.50."]


@pytest.mark.parametrize(
    ("charged", "discount", "how", "remarks"),
    [
        ("159", "0", "0.126 kg for 20", []),
        ("159", "2", "0.126 kg for 20, less 2", ["You saved 2."]),
        ("150", "0", "0.133 kg for 20 at 150 instead of 159", ["You saved 1.15."]),
    ],
)
def test_what_was_asked_for_by_money_says_so(goods, amina, charged, discount, how, remarks):
    for_20 = BasketLine(
        goods[1].pk, asked_amount=Decimal(20), unit_price=Decimal(charged), discount=Decimal(discount)
    )
    shown = receipt_of(a_sale([for_20], [paid("20")], by=amina, may_change_price=True))
    assert (shown.goods[0].how, shown.remarks) == (how, remarks)
    assert shown.goods[0].amount == 20 - Decimal(discount)


def test_a_note_is_on_the_receipt(goods, otieno):
    noted = a_sale([a_line(goods[0])], [paid("65")], by=otieno, note="Deliver to the blue gate")
    assert receipt_of(noted).remarks == ["Deliver to the blue gate"]


@pytest.mark.parametrize(("owed", "said"), [("185", "owes"), ("0", "owes"), ("-5", "is in credit")])
def test_it_says_what_the_customer_owed_and_on_which_day(sale, owed, said):
    standing = receipt_of(sale, owed=Decimal(owed)).standing
    assert (standing.words, standing.amount) == (f"Wanjiku {said}, 23 Jun 2026", abs(Decimal(owed)))


def test_nothing_in_a_message_is_wider_than_32_columns(amina, otieno, shop):
    Shop.objects.update(name="漢" * 80, receipt_footer="🍞" * 200)
    name = ("面包🍞" * 10 + "خبز " * 10 + "W" * 60)[:100]
    dear = a_product(name, sku="DEAR", stock="900", price="9999999.99", unit="kilogram", by=amina)
    customer = a_customer("W" * 80)
    sold = a_sale([a_line(dear, "123.456")], [paid("1300000000", "cash")], by=otieno, customer=customer)
    text = receipts.as_text(receipt_of(sold, owed=Decimal("9999999999.99")))
    assert max(receipts.columns.width(line) for line in text.splitlines()) == 32
    assert "1,234,559,999" in text


def test_whatsapp_gets_the_text_and_the_customers_number(sale, wanjiku, goods, otieno):
    shown = receipt_of(sale)
    address = urlsplit(receipts.whatsapp(shown, wanjiku))
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/254712345678")
    assert parse_qs(address.query) == {"text": [f"```{receipts.as_text(shown)}```"]}
    assert receipts.whatsapp(shown, a_customer("No phone")).startswith("https://wa.me/?text=")
    assert receipts.whatsapp(shown, None).startswith("https://wa.me/?text=")


def test_a_name_does_not_end_the_message(sale):
    Shop.objects.update(name="Duka ``` & co? #1")
    text = parse_qs(urlsplit(receipts.whatsapp(receipt_of(sale), None)).query)["text"][0]
    assert "Duka ''' & co? #1" in text
    assert text.count("```") == 2


def test_the_code_is_a_drawing_that_a_strict_page_allows(sale):
    drawing = receipt_of(sale).qr
    assert drawing.startswith('<svg viewBox="0 0 29 29" class="qr">')
    assert 'fill="#fff"' in drawing
    assert "style" not in drawing
