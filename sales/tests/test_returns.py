"""Goods that come back, some or all of them: onto the shelf at the cost they left with, once, and for a reason."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from customers import ledger as customer_ledger
from inventory.models import Product, StockMovement
from sales import returns
from sales.models import PaymentCode, Sale
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH, MPESA, ON_ACCOUNT
from sales.tests.conftest import tendered
from smartduka.models import Shop
from smartduka.refusals import ClientRefReused, Refusal
from smartduka.tests.builders import a_line, a_pack, a_product, a_sale, a_voucher, paid, receive, what_is_written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_that_tie_out")]

CODE, SENT = "QBC2DE3FG4", "RBC2DE3FG4"


def test_a_part_comes_back_at_the_price_paid_and_onto_the_shelf(take_back, bread, sugar, otieno, amina):
    sale = a_sale([a_line(bread, "3"), a_line(sugar, "0.5")], [paid("275")], by=otieno)
    Product.objects.update(selling_price=99)
    came_back = take_back(sale, 1, 250)
    assert (came_back.number[:2], came_back.reason, came_back.returned_by) == ("R-", "Stale", amina)
    assert (came_back.subtotal, came_back.rounding, came_back.total) == (Decimal(105), Decimal(0), Decimal(105))
    assert tendered(came_back) == [("cash", Decimal("-105.00"))]
    bread.refresh_from_db()
    sugar.refresh_from_db()
    assert (bread.stock_quantity, sugar.stock_quantity) == (8, 49_750)
    first = came_back.lines.first()
    assert (first.quantity, first.amount, first.cost, first.movement.quantity) == (1, Decimal(65), Decimal(50), 1)
    assert (first.movement.reason, first.movement.reference) == ("sale_return", came_back.number)


class TestGoods:
    def test_come_back_at_the_cost_they_left_with(self, take_back, bread, otieno, amina):
        sale = a_sale([a_line(bread, "9")], [paid("585")], by=otieno)
        receive(bread, "1", "80", by=amina)
        bread.refresh_from_db()
        assert bread.average_cost == Decimal("65.0000")
        take_back(sale, 1)
        bread.refresh_from_db()
        assert (bread.stock_quantity, bread.average_cost) == (3, Decimal("60.0000"))

    def test_that_are_damaged_are_written_off_and_move_no_cost(self, take_back, bread, otieno, amina):
        sale = a_sale([a_line(bread, "9")], [paid("585")], by=otieno)
        receive(bread, "1", "80", by=amina)
        came_back = take_back(sale, 2, damaged=True)
        bread.refresh_from_db()
        assert (bread.stock_quantity, bread.average_cost) == (2, Decimal("65.0000"))
        written = StockMovement.objects.filter(reference=came_back.number).order_by("pk")
        assert [(row.reason, row.quantity, row.value) for row in written] == [
            ("sale_return", 2, Decimal("100.00")),
            ("write_off", -2, Decimal("-100.00")),
        ]
        assert came_back.total == Decimal(130)

    def test_whose_cost_nobody_knew_do_not_dilute_a_cost_that_is_known(self, take_back, otieno, amina):
        gift = a_product("Calendar", stock="3", price="20", cost="0", by=amina)
        sale = a_sale([a_line(gift, "2")], [paid("40")], by=otieno)
        receive(gift, "1", "12", by=amina)
        take_back(sale, 2)
        gift.refresh_from_db()
        assert (gift.stock_quantity, gift.average_cost) == (4, Decimal("12.0000"))

    def test_that_nobody_counts_come_back_as_money_alone(self, take_back, amina, otieno):
        airtime = a_product("Airtime 50", price="50", cost="48", is_counted=False, by=amina)
        sale = a_sale([a_line(airtime, "2")], [paid("100")], by=otieno)
        came_back = take_back(sale, 1, damaged=True)
        assert (came_back.total, came_back.lines.get().movement) == (Decimal(50), None)
        assert not StockMovement.objects.exists()

    def test_of_a_pack_may_come_back_in_part(self, take_back, bread, otieno):
        tray = a_pack(bread, "Tray of 6", size=6, price="360")
        sale = a_sale([a_line(bread, "1", pack=tray)], [paid("360")], by=otieno)
        assert take_back(sale, 1).total == Decimal(60)
        assert take_back(sale, 5).total == Decimal(300)


class TestAVoid:
    def test_gives_everything_back_and_lets_the_sale_stand(self, void, bread, sugar, wanjiku, otieno, amina):
        tenders = [paid("100", "mpesa", CODE), paid("50", "on_account"), paid("100")]
        sale = a_sale([a_line(bread, "2"), a_line(sugar, "0.5")], tenders, customer=wanjiku, by=otieno)
        came_back = void(sale)
        assert (came_back.is_void, came_back.voided_sale, came_back.total) == (True, sale, Decimal(210))
        assert tendered(came_back) == [("on_account", Decimal("-50.00")), ("cash", Decimal("-160.00"))]
        assert customer_ledger.balance(wanjiku) == Decimal("0.00")
        bread.refresh_from_db()
        sugar.refresh_from_db()
        assert (bread.stock_quantity, bread.average_cost) == (10, Decimal("50.0000"))
        assert (sugar.stock_quantity, sugar.average_cost) == (50_000, Decimal("130.0000"))
        stands = Sale.objects.with_is_void().get()
        assert (stands.total, stands.was_voided) == (Decimal(210), True)

    def test_frees_the_transaction_code_when_the_money_goes_back_the_way_it_came(self, void, bread, otieno):
        first = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        came_back = void(first, refund=MPESA, code=SENT)
        released = PaymentCode.objects.get(code=None)
        assert (released.tender.sale, released.released_at) == (first, came_back.returned_at)
        assert first.tenders.get().reference == CODE
        second = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        assert PaymentCode.objects.get(code=CODE).tender.sale == second

    def test_keeps_the_transaction_code_when_the_money_goes_back_in_cash(self, void, bread, otieno):
        """Else it could be had in cash, and spent again by its code."""
        first = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        void(first)
        before = what_is_written()
        with pytest.raises(Refusal) as caught:
            a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        assert caught.value.code == "reference_used"
        assert what_is_written() == before

    def test_of_a_part_return_frees_no_code(self, take_back, bread, otieno):
        sale = a_sale([a_line(bread, "2")], [paid("130", "mpesa", CODE)], by=otieno)
        take_back(sale, 2, refund=MPESA, code=SENT)
        assert set(PaymentCode.objects.values_list("code", flat=True)) == {CODE, SENT}

    def test_of_a_sale_for_nothing_moves_no_money(self, void, amina, otieno):
        sample = a_product("Sample", stock="1", price="0", by=amina)
        sale = a_sale([a_line(sample)], [], by=otieno)
        assert tendered(void(sale)) == []


class TestMoneyThatIsSentBack:
    @pytest.fixture
    def sale(self, bread, otieno):
        return a_sale([a_line(bread, "3")], [paid("195", "mpesa", CODE)], by=otieno)

    def refused(self, work) -> Refusal:
        before = what_is_written()
        with pytest.raises(Refusal) as caught:
            work()
        assert what_is_written() == before
        return caught.value

    def test_is_sent_once_by_one_code(self, take_back, void, sale, bread, otieno):
        first = take_back(sale, 1, refund=MPESA, code=SENT)
        other = a_sale([a_line(bread)], [paid("65")], by=otieno)
        message = f"M-Pesa code {SENT} was used already, for {first.number} on 23 Jun 2026, 12:00."
        for again in (
            lambda: take_back(sale, 1, refund=MPESA, code=SENT),
            lambda: void(other, refund=MPESA, code=SENT),
            lambda: a_sale([a_line(bread)], [paid("65", "mpesa", SENT)], by=otieno),
        ):
            refusal = self.refused(again)
            assert (refusal.code, refusal.message) == ("reference_used", message)

    def test_is_not_sent_by_the_code_by_which_it_came(self, void, sale):
        refusal = self.refused(lambda: void(sale, refund=MPESA, code=CODE))
        assert (refusal.code, refusal.fields) == ("reference_used", {"reference": refusal.message})

    @pytest.mark.parametrize("code", ["", "back", "qbc2de3fg5"])
    def test_needs_a_code(self, take_back, sale, code):
        refusal = self.refused(lambda: take_back(sale, 1, refund=MPESA, code=code))
        assert (refusal.code, set(refusal.fields)) == ("invalid", {"reference"})

    def test_needs_no_code_where_everything_is_taken_off_a_debt(self, take_back, bread, wanjiku, otieno):
        sale = a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
        assert tendered(take_back(sale, 1, refund=MPESA)) == [("on_account", Decimal("-65.00"))]


class TestTheSameFormAgain:
    @pytest.fixture
    def sale(self, bread, otieno):
        return a_sale([a_line(bread, "3")], [paid("195")], by=otieno)

    @pytest.mark.parametrize("quantity", [1, 3], ids=["a part", "all of it"])
    def test_takes_the_goods_back_once(self, take_back, sale, quantity):
        again = partial(take_back, sale, quantity, client_ref=uuid4())
        first = again()
        before = what_is_written()
        assert again() == first
        assert what_is_written() == before

    def test_voids_once(self, void, sale):
        again = partial(void, sale, refund=MPESA, code=SENT, client_ref=uuid4())
        first = again()
        before = what_is_written()
        assert again() == first
        assert what_is_written() == before

    def test_of_two_tabs_is_two_returns(self, take_back, sale):
        assert take_back(sale, 1, client_ref=uuid4()) != take_back(sale, 1, client_ref=uuid4())

    @pytest.mark.parametrize(
        "other",
        [
            {"quantities": [2]},
            {"damaged": True},
            {"note": "Torn"},
            {"refund": MPESA, "code": CODE},
            {"code": "slip 7"},
        ],
        ids=["quantity", "damaged", "reason", "means", "reference"],
    )
    def test_with_other_content_is_refused(self, take_back, void, sale, other):
        ref = uuid4()
        first = take_back(sale, 1, client_ref=ref)
        before = what_is_written()
        quantities = other.pop("quantities", [1])
        for again in (partial(take_back, sale, *quantities, **other), partial(void, sale)):
            with pytest.raises(ClientRefReused, match=first.number):
                again(client_ref=ref)
        assert what_is_written() == before


class TestARefusal:
    @pytest.fixture
    def sale(self, bread, otieno):
        return a_sale([a_line(bread, "3")], [paid("195")], by=otieno)

    def refused(self, work, message) -> None:
        before = what_is_written()
        with pytest.raises(Refusal) as caught:
            work()
        assert (caught.value.code, caught.value.message) == ("invalid", message)
        assert what_is_written() == before

    def test_to_void_what_is_void(self, void, take_back, sale):
        void(sale)
        self.refused(lambda: void(sale), f"{sale.number} is void.")
        self.refused(lambda: take_back(sale, 1), f"{sale.number} is void.")

    def test_to_void_what_came_back_in_part(self, void, take_back, sale):
        take_back(sale, 1)
        self.refused(lambda: void(sale), f"Goods of {sale.number} came back already: return the rest instead.")

    def test_to_take_more_than_was_sold(self, take_back, sale):
        self.refused(lambda: take_back(sale, 4), "Of Bread 400 g, at most 3 can come back.")

    def test_to_take_more_than_is_left(self, take_back, sale):
        take_back(sale, 2)
        self.refused(lambda: take_back(sale, 2), "Of Bread 400 g, at most 1 can come back.")
        take_back(sale, 1)
        self.refused(lambda: take_back(sale, 1), "Of Bread 400 g, at most 0 can come back.")

    def test_to_take_nothing(self, take_back, sale):
        self.refused(lambda: take_back(sale, 0), "Choose what comes back.")
        self.refused(lambda: take_back(sale, -1), "Of Bread 400 g, at most 3 can come back.")

    def test_without_a_reason(self, take_back, void, sale):
        for blank in ("", "  "):
            self.refused(lambda: take_back(sale, 1, note=blank), "Write why the goods come back.")  # noqa: B023
            self.refused(lambda: void(sale, note=blank), "Write why the goods come back.")  # noqa: B023

    def test_to_lower_a_debt_by_choice(self, take_back, sale):
        message = "A debt is lowered by itself: choose how the rest is paid out."
        self.refused(lambda: take_back(sale, 1, refund=ON_ACCOUNT), message)

    def test_of_what_is_no_part_of_a_sale(self, take_back, sale, bread, otieno, amina):
        kwargs = {"refund": Refund(CASH), "shop": Shop(), "voucher": a_voucher(amina, note="Stale")}
        other = a_sale([a_line(bread)], [paid("65")], by=otieno).lines.get()
        line = sale.lines.get()
        for sale_id, lines, message in (
            (sale.pk, [ReturnedLine(other.pk, 1)], "This line is not part of the sale."),
            (sale.pk, [ReturnedLine(line.pk, 1)] * 2, "The same line stands there twice."),
            (2**62, [ReturnedLine(line.pk, 1)], "There is no such sale."),
        ):
            self.refused(lambda: returns.take_back(sale_id, lines, **kwargs), message)  # noqa: B023
