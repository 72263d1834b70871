"""Sugar for twenty: the customer names the money, and the till finds how much that buys."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Pack, Product
from sales import books, pricing, returns
from sales.checkout import SaleRequest, fingerprint
from sales.models import Sale
from sales.pricing import BasketLine, Rights
from sales.tenders import CASH, TYPES, Tendered
from smartduka import money, quantity
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON, a_pack, a_sale, a_voucher, by_shillings, paid

SUGAR = Product(pk=1, name="Sugar", unit="kilogram", selling_price=Decimal(160), buying_price=Decimal(130))
SWEETS = Product(pk=2, name="Sweets", unit="piece", selling_price=Decimal(5), buying_price=Decimal(3))
CASHIER, MANAGER = Rights(), Rights(may_change_price=True)


def priced(amount: str, product: Product = SUGAR, *, rights: Rights = CASHIER, **fields) -> pricing.PricedLine:
    return pricing.price_line(by_shillings(product, amount, **fields), product, rights=rights, field="lines.0")


def refused(line: BasketLine, product: Product = SUGAR, *, rights: Rights = CASHIER) -> Refusal:
    with pytest.raises(Refusal) as caught:
        pricing.price_line(line, product, rights=rights, field="lines.0")
    return caught.value


class TestWhatAnAmountBuys:
    @pytest.mark.parametrize(
        ("amount", "grams"),
        [("20", 125), ("160", 1000), ("10", 63), ("0.16", 1), ("0.08", 1), ("100.50", 628), ("0.24", 2)],
    )
    def test_is_the_nearest_gram_half_up(self, amount, grams):
        line = priced(amount)
        assert (line.quantity, line.total, line.asked_amount) == (grams, Decimal(amount), Decimal(amount))

    def test_is_more_where_the_price_is_lower(self):
        line = priced("20", rights=MANAGER, unit_price=Decimal(200))
        assert (line.quantity, line.total) == (100, Decimal(20))

    def test_of_what_is_sold_by_the_piece_is_whole_pieces(self):
        assert (priced("20", SWEETS).quantity, priced("20", SWEETS).total) == (4, Decimal(20))

    @pytest.mark.parametrize("amount", ["22", "4.99", "2.50", "19.99"])
    def test_is_refused_where_it_buys_part_of_a_piece(self, amount):
        """Else whoever may change no price would sell five at 4.40."""
        refusal = refused(by_shillings(SWEETS, amount), SWEETS)
        assert list(refusal.fields) == ["lines.0.amount"]
        assert refusal.message == f"Sweets is sold whole: {money.show(Decimal(amount))} is no number of them."

    @pytest.mark.parametrize(
        ("line", "field", "message"),
        [
            (by_shillings(SUGAR, "0.07"), "amount", "An amount of 0.07 is too little for any Sugar."),
            (by_shillings(SUGAR, "0.00"), "amount", "An amount of 0 is too little for any Sugar."),
            (by_shillings(SUGAR, "9999999999.99"), "amount", "Sugar: This quantity is too large."),
            (
                by_shillings(SUGAR, "20", unit_price=Decimal(0)),
                "amount",
                "Sugar costs nothing: write a quantity.",
            ),
            (
                BasketLine(1, Decimal(1), asked_amount=Decimal(20)),
                "amount",
                "Sugar: write a quantity or an amount of money, not both.",
            ),
            (
                by_shillings(SUGAR, "20", pack=Pack(product=SUGAR, size=2000, selling_price=Decimal(310))),
                "amount",
                "Sugar: packs are sold whole, and not by an amount of money.",
            ),
            (BasketLine(1), "quantity", "Say how much Sugar: a quantity, or an amount of money."),
        ],
        ids=["too little", "nothing", "too much", "free", "both", "a pack", "neither"],
    )
    def test_is_refused_where_there_is_no_such_thing(self, line, field, message):
        refusal = refused(line, rights=MANAGER)
        assert (refusal.code, refusal.message, refusal.fields) == ("invalid", message, {f"lines.0.{field}": message})


class TestTheFloor:
    def test_is_not_passed_by_rounding(self):
        """10 buys 62.5 g, sold as 63: at the shelf's price those come to 10.08."""
        assert priced("10").total == Decimal(10)

    def test_is_passed_by_a_discount(self):
        assert refused(by_shillings(SUGAR, "20", discount=Decimal("0.01"))).code == "price_below_floor"
        assert (
            refused(by_shillings(SUGAR, "20", discount=Decimal("0.01")), rights=MANAGER).code == "price_below_floor"
        )

    def test_leaves_room_for_a_discount_where_it_is_lower(self):
        cheaper = Product(**{**_fields(SUGAR), "floor_price": Decimal(120)})
        assert priced("20", cheaper, rights=MANAGER, discount=Decimal(5)).total == Decimal(15)
        below = by_shillings(cheaper, "20", discount=Decimal("5.01"))
        assert refused(below, cheaper, rights=MANAGER).code == "price_below_floor"

    def test_is_passed_by_a_lower_price(self):
        for rights in (CASHIER, MANAGER):
            line = by_shillings(SUGAR, "20", unit_price=Decimal("159.99"))
            assert refused(line, rights=rights).code == "price_below_floor"


def _fields(product: Product) -> dict:
    return {name: value for name, value in vars(product).items() if not name.startswith("_")}


PRICES = st.decimals("0.01", "99999999.99", places=2)
AMOUNTS = st.decimals("0.01", "9999999999.99", places=2) | st.decimals("0.01", "500.00", places=2)


@given(price=PRICES | st.decimals("1.00", "900.00", places=2), amount=AMOUNTS, charge=st.none() | PRICES)
def test_any_amount_at_any_price_comes_to_itself_and_is_never_below_the_floor(price, amount, charge):
    product = Product(name="Sugar", unit="kilogram", selling_price=price, buying_price=Decimal(0))
    unit_price = price if charge is None else max(charge, price)
    exact = amount * 1000 / unit_price
    asked = BasketLine(1, asked_amount=amount, unit_price=None if charge is None else unit_price)
    try:
        line = pricing.price_line(asked, product, rights=MANAGER, field="lines.0")
    except Refusal:
        assert exact < Decimal("0.5") or exact >= quantity.LARGEST
        return
    assert (line.gross, line.total, line.passed_floor) == (amount, amount, None)
    assert abs(line.quantity - exact) <= Decimal("0.5")
    assert line.charged == unit_price


@given(
    price=st.decimals("0.10", "900.00", places=2),
    amount=st.decimals("1.00", "900.00", places=2),
    percent=st.integers(0, 100),
    cents=st.integers(0, 90_000),
)
def test_a_discount_passes_the_floor_exactly_when_it_leaves_less_than_the_floor_would(price, amount, percent, cents):
    """Told in whole numbers: what is left ≥ the amount at the floor's price, rounded half up to a cent."""
    floor = money.to_cents(price * percent / 100)
    product = Product(name="Sugar", unit="kilogram", selling_price=price, floor_price=floor, buying_price=Decimal(0))
    discount = min(Decimal(cents) / 100, amount)
    left, by_floor = int((amount - discount) * 100), int(amount * 100) * int(floor * 100)
    is_below = left < (2 * by_floor + int(price * 100)) // (2 * int(price * 100))
    asked = BasketLine(1, asked_amount=amount, discount=discount)
    rights = Rights(may_change_price=True, may_sell_below_floor=True, reason="Wet")
    line = pricing.price_line(asked, product, rights=rights, field="lines.0")
    assert line.total == amount - discount
    assert line.passed_floor == (floor if is_below else None)


@pytest.mark.django_db
class TestInTheBooks:
    def test_the_receipt_says_how_much_and_for_how_much(self, till, a_document, sugar):
        lines = [{"product": sugar.pk, "amount": "20"}, {"product": sugar.pk, "quantity": "0.125"}]
        answer = till.post(a_document(lines=lines, tenders=[{"type": "cash", "amount": "40"}]))
        assert (answer.status_code, answer.json()["total"]) == (201, "40.00")
        asked, weighed = Sale.objects.get().lines.order_by("pk")
        assert (asked.quantity, asked.asked_amount, asked.line_total) == (125, Decimal(20), Decimal(20))
        assert (asked.asked_shown, weighed.asked_shown) == ("0.125 kg for 20", "0.125 kg")
        assert (asked.quantity_shown, weighed.asked_amount) == ("0.125 kg", None)
        sugar.refresh_from_db()
        assert sugar.stock_quantity == 49_750
        assert list(books.audit()) == []

    @pytest.mark.parametrize("given", ["10", "33.33", "50.08", "99.99"])
    def test_a_line_comes_to_the_sum_whatever_it_weighs(self, sugar, otieno, shop, given):
        sale = a_sale([by_shillings(sugar, given)], [paid("100")], by=otieno)
        assert sale.subtotal == Decimal(given)
        assert list(books.audit()) == []

    def test_what_comes_back_is_its_share_of_the_sum(self, sugar, otieno, amina, shop):
        sale = a_sale([by_shillings(sugar, "10")], [paid("10")], by=otieno)
        line = sale.lines.get()
        for grams in (31, 32):
            back = [returns.ReturnedLine(line.pk, grams)]
            voucher = a_voucher(amina, note="Wet")
            returns.take_back(sale.pk, back, refund=returns.Refund(CASH), shop=shop, voucher=voucher)
        assert sum(part.amount for part in line.return_lines.all()) == Decimal(10)
        assert list(books.audit()) == []

    def test_more_than_the_books_hold_is_refused_by_the_quantity(self, till, a_document, sugar):
        document = a_document(
            lines=[{"product": sugar.pk, "amount": "8000.08"}], tenders=[{"type": "cash", "amount": "8000"}]
        )
        error = till.refused(document, status=422, code="insufficient_stock")
        assert error["message"] == "The books say 50 kg of Sugar, and 50.001 kg are wanted."


@pytest.mark.django_db
class TestOnTheWire:
    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ({"quantity": "1", "amount": "20"}, "amount"),
            ({"quantity": None, "amount": None}, "quantity"),
            ({}, "quantity"),
            ({"amount": "0"}, "amount"),
            ({"amount": "0.07"}, "amount"),
            ({"amount": "20.005"}, "amount"),
            ({"amount": "1e2"}, "amount"),
            ({"amount": 20}, "amount"),
            ({"amount": "-20"}, "amount"),
            ({"amount": "20", "unit_price": "0"}, "amount"),
        ],
        ids=str,
    )
    def test_exactly_one_of_the_two_is_a_number(self, till, a_document, sugar, line, field):
        document = a_document(lines=[{"product": sugar.pk, **line}])
        error = till.refused(document, status=422, code="invalid")
        assert list(error["fields"]) == [f"lines.0.{field}"]

    def test_packs_are_not_sold_so(self, till, a_document, sugar):
        sack = a_pack(sugar, "Sack", size=50_000, price="7500")
        document = a_document(lines=[{"product": sugar.pk, "pack": sack.pk, "amount": "7500"}])
        assert list(till.refused(document, status=422, code="invalid")["fields"]) == ["lines.0.amount"]

    def test_it_is_another_sale_than_the_same_by_weight(self, till, a_document, sugar):
        document = a_document(
            lines=[{"product": sugar.pk, "amount": "20"}], tenders=[{"type": "cash", "amount": "20"}]
        )
        first = till.post(document)
        same = {**document, "lines": [{"product": sugar.pk, "amount": "20.00", "quantity": None}]}
        assert (till.post(same).status_code, till.post(same).json()) == (200, first.json())
        for other in ({"quantity": "0.125"}, {"amount": "20.01"}):
            lines = [{"product": sugar.pk, **other}]
            till.refused({**document, "lines": lines}, status=409, code="client_ref_reused")


def test_a_sale_of_before_has_the_same_fingerprint_after_an_upgrade():
    """Or a till that asks again for what it sent before the upgrade would be told that it is another sale."""
    lines = [
        BasketLine(1, Decimal("1.250")),
        BasketLine(2, Decimal(1), Pack(pk=3), unit_price=Decimal("360.00"), discount=Decimal("5.00")),
    ]
    tenders = [
        Tendered(TYPES["mpesa"], Decimal("300.00"), "QBC2DE3FG4"),
        Tendered(TYPES["cash"], Decimal("300.00")),
    ]
    due_on = NOON.date().replace(day=30)
    sale = SaleRequest(None, lines, tenders, customer_id=4, due_on=due_on, sold_at=NOON)
    assert fingerprint(sale) == "bf05634bcf2c4703a7d40718d02219caf46104bc027fe3ab6c0a6488e2e2c9e5"
