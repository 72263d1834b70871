"""Whose drawer it is: opened with a float, moved by hand, closed by a count."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from customers.models import Customer
from sales import drawer, payments, returns, sessions
from sales.drawer import Count
from sales.models import CashMovement, TillSession
from sales.tenders import CASH, MPESA
from smartduka import events
from smartduka.refusals import ClientRefReused, Refusal
from smartduka.tests.builders import NOON, a_line, a_sale, a_voucher, diary, paid, what_is_written

pytestmark = pytest.mark.django_db

MORNING = NOON - timedelta(hours=5)
EVENING = NOON + timedelta(hours=8)


@pytest.fixture
def drawer_of_otieno(otieno, shop) -> TillSession:
    """Open since seven, with a float of 500."""
    return sessions.open_session(Decimal(500), a_voucher(otieno, at=MORNING))


def notes(**pieces: int) -> Count:
    """`notes(n500=1)` is one note of 500."""
    return Count({int(name[1:]): number for name, number in pieces.items()})


class TestOpening:
    def test_begins_with_the_float(self, otieno, drawer_of_otieno):
        opened = TillSession.objects.get()
        assert (opened.cashier, opened.open_for, opened.is_open) == (otieno, otieno, True)
        assert (opened.opening_float, opened.is_automatic) == (Decimal("500.00"), False)
        assert (opened.opened_at, str(opened.opened_on)) == (MORNING, "2026-06-23")
        assert opened.number == f"Z-{opened.pk:06}"
        assert drawer.expected_cash(opened) == Decimal("500.00")

    def test_twice_is_refused_and_says_what_is_open(self, otieno, drawer_of_otieno):
        before = what_is_written()
        with pytest.raises(Refusal, match=f"^{drawer_of_otieno} is open already, with a float of 500.$") as refused:
            sessions.open_session(Decimal(100), a_voucher(otieno))
        assert refused.value.fields.keys() == {"opening_float"}
        assert what_is_written() == before

    def test_after_the_first_sale_says_where_the_float_goes(self, otieno, shop, bread):
        sale = a_sale([a_line(bread)], [paid("65")], by=otieno)
        with pytest.raises(Refusal, match="opened by itself with your first sale: pay your float in instead"):
            sessions.open_session(Decimal(100), a_voucher(otieno))
        assert TillSession.objects.get() == sale.till_session

    def test_the_same_form_again_opens_nothing_even_when_it_is_closed(self, otieno, shop):
        ref, voucher = uuid4(), a_voucher(otieno)
        first = sessions.open_session(Decimal(500), voucher, client_ref=ref)
        assert sessions.open_session(Decimal(500), voucher, client_ref=ref) == first
        sessions.close_session(first.pk, notes(n500=1), voucher)
        assert sessions.open_session(Decimal(500), voucher, client_ref=ref) == first
        assert TillSession.objects.count() == 1
        with pytest.raises(ClientRefReused):
            sessions.open_session(Decimal(400), voucher, client_ref=ref)

    def test_each_person_has_a_drawer(self, otieno, amina, drawer_of_otieno):
        other = sessions.open_session(Decimal(0), a_voucher(amina))
        assert TillSession.objects.filter(open_for__isnull=False).count() == 2
        assert other.opening_float == 0


class TestSelling:
    def test_without_a_session_opens_one_that_says_so(self, otieno, shop, bread):
        sale = a_sale([a_line(bread)], [paid("100")], by=otieno)
        opened = TillSession.objects.get()
        assert sale.till_session == opened
        assert (opened.is_automatic, opened.opening_float, opened.cashier) == (True, 0, otieno)
        assert opened.opened_at == NOON
        assert a_sale([a_line(bread)], [paid("65")], by=otieno).till_session == opened
        assert drawer.expected_cash(opened) == Decimal("130.00")

    def test_that_is_refused_opens_none(self, otieno, shop, bread):
        with pytest.raises(Refusal):
            a_sale([a_line(bread, "11")], [paid("715")], by=otieno)
        assert not TillSession.objects.exists()

    def test_late_counts_in_the_session_that_receives_it(self, otieno, shop, bread, drawer_of_otieno):
        made = NOON - timedelta(days=3)
        sale = a_sale([a_line(bread)], [paid("65")], by=otieno, sold_at=made)
        assert (sale.sold_at, sale.till_session) == (made, drawer_of_otieno)

    def test_after_the_count_goes_into_the_next_session(self, otieno, shop, bread, drawer_of_otieno):
        first = a_sale([a_line(bread)], [paid("65")], by=otieno)
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno, at=EVENING))
        second = a_sale([a_line(bread)], [paid("65")], by=otieno, at=EVENING)
        assert (first.till_session, first.till_session.is_open) == (drawer_of_otieno, True)
        assert second.till_session.pk > drawer_of_otieno.pk
        assert second.till_session.is_automatic


class TestExpectedCash:
    def test_is_the_float_and_the_cash_of_everything_that_came_and_went(
        self, otieno, amina, shop, bread, wanjiku: Customer, drawer_of_otieno
    ):
        at_till, session = a_voucher(otieno), drawer_of_otieno.pk
        sold = a_sale([a_line(bread, "2")], [paid("1000")], by=otieno)
        a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
        a_sale([a_line(bread)], [paid("15"), paid("50", "on_account")], customer=wanjiku, by=otieno)
        a_sale([a_line(bread)], [paid("65")], by=amina)
        payments.receive_payment(wanjiku.pk, paid("20"), at_till)
        payments.receive_payment(wanjiku.pk, paid("7", "mpesa", "QBC2DE3FG5"), at_till)
        mistaken = payments.receive_payment(wanjiku.pk, paid("3"), at_till)
        payments.reverse_payment(mistaken.pk, a_voucher(amina), drawer=session)
        back = [returns.ReturnedLine(sold.lines.get().pk, 1)]
        refund = returns.Refund(CASH, drawer=session)
        returns.take_back(sold.pk, back, refund=refund, shop=shop, voucher=a_voucher(amina, note="Stale"))
        sessions.pay_in(session, Decimal(200), a_voucher(otieno, note="Change from the bank"))
        sessions.pay_out(session, Decimal("30.50"), a_voucher(otieno, note="Milk for tea"))
        assert drawer.expected_cash(drawer_of_otieno) == Decimal("769.50")
        # float 500 + sales 130 + 15 + debts 20 + 3 − 3 − return 65 + 200 − 30.50

    def test_of_another_drawer_is_untouched(self, otieno, amina, shop, bread, drawer_of_otieno):
        sold = a_sale([a_line(bread)], [paid("65")], by=amina)
        void = returns.void(
            sold.pk, refund=returns.Refund(CASH), shop=shop, voucher=a_voucher(amina, note="Rung up twice")
        )
        assert void.till_session == sold.till_session != drawer_of_otieno
        assert drawer.expected_cash(drawer_of_otieno) == Decimal("500.00")
        assert drawer.expected_cash(sold.till_session) == Decimal("0.00")


class TestAnothersDrawer:
    def test_that_was_closed_meanwhile_is_refused(self, otieno, amina, shop, bread, wanjiku, drawer_of_otieno):
        sold = a_sale([a_line(bread)], [paid("65")], by=otieno)
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno))
        before, closed = what_is_written(), drawer_of_otieno.pk
        voucher = a_voucher(amina, note="Stale")
        for pay in (
            lambda: payments.receive_payment(wanjiku.pk, paid("20"), voucher, drawer=closed),
            lambda: returns.void(sold.pk, refund=returns.Refund(CASH, drawer=closed), shop=shop, voucher=voucher),
            lambda: sessions.pay_in(closed, Decimal(20), voucher),
        ):
            with pytest.raises(Refusal, match="This drawer was closed meanwhile") as refused:
                pay()
            assert refused.value.fields.keys() == {"drawer"}
        assert what_is_written() == before

    def test_belongs_to_what_is_sent_twice(self, otieno, amina, shop, bread, wanjiku, drawer_of_otieno):
        ref, voucher = uuid4(), a_voucher(amina)
        own = sessions.open_session(Decimal(0), voucher)
        first = payments.receive_payment(wanjiku.pk, paid("20"), voucher, drawer=drawer_of_otieno.pk, client_ref=ref)
        again = payments.receive_payment(wanjiku.pk, paid("20"), voucher, drawer=drawer_of_otieno.pk, client_ref=ref)
        assert (again, again.till_session) == (first, drawer_of_otieno)
        with pytest.raises(ClientRefReused):
            payments.receive_payment(wanjiku.pk, paid("20"), voucher, drawer=own.pk, client_ref=ref)


class TestPayingInAndOut:
    @pytest.mark.parametrize(("pay", "sign"), [(sessions.pay_in, 1), (sessions.pay_out, -1)])
    def test_moves_the_cash_once(self, otieno, drawer_of_otieno, pay, sign):
        ref, voucher = uuid4(), a_voucher(otieno, note="  Boda fare ")
        first = pay(drawer_of_otieno.pk, Decimal(50), voucher, client_ref=ref)
        assert pay(drawer_of_otieno.pk, Decimal(50), voucher, client_ref=ref) == first
        assert (first.amount, first.reason, first.moved_by) == (50 * sign, "Boda fare", otieno)
        assert CashMovement.objects.count() == 1
        assert drawer.expected_cash(drawer_of_otieno) == 500 + 50 * sign
        with pytest.raises(ClientRefReused):
            pay(drawer_of_otieno.pk, Decimal(51), voucher, client_ref=ref)

    @pytest.mark.parametrize(("amount", "note", "field"), [("0", "Tea", "amount"), ("5", "  ", "reason")])
    def test_wants_an_amount_and_a_reason(self, otieno, drawer_of_otieno, amount, note, field):
        before = what_is_written()
        with pytest.raises(Refusal) as refused:
            sessions.pay_out(drawer_of_otieno.pk, Decimal(amount), a_voucher(otieno, note=note))
        assert refused.value.fields.keys() == {field}
        assert what_is_written() == before

    def test_out_more_than_there_is_is_let_through(self, otieno, drawer_of_otieno):
        sessions.pay_out(drawer_of_otieno.pk, Decimal(800), a_voucher(otieno, note="Supplier"))
        assert drawer.expected_cash(drawer_of_otieno) == Decimal("-300.00")


class TestClosing:
    @pytest.mark.parametrize(
        ("count", "counted", "over_short"),
        [
            (notes(n500=1, n50=1, n10=1, n5=1), "565.00", "0.00"),
            (notes(n500=1), "500.00", "-65.00"),
            (Count({500: 1, 40: 2}, other=Decimal("0.50")), "580.50", "15.50"),
            (Count({}), "0.00", "-565.00"),
        ],
    )
    def test_tells_expected_counted_and_the_difference(
        self, otieno, shop, bread, drawer_of_otieno, count, counted, over_short
    ):
        a_sale([a_line(bread)], [paid("100")], by=otieno)
        sessions.close_session(drawer_of_otieno.pk, count, a_voucher(otieno, at=EVENING, note=" Torn note "))
        closed = TillSession.objects.get()
        assert (closed.is_open, closed.closed_by, closed.closed_at) == (False, otieno, EVENING)
        assert (closed.expected, closed.counted) == (Decimal("565.00"), Decimal(counted))
        assert (closed.over_short, closed.note) == (Decimal(over_short), "Torn note")
        assert Count.from_json(closed.denominations).total == closed.counted

    def test_twice_with_the_same_form_is_once(self, otieno, drawer_of_otieno):
        ref, voucher = uuid4(), a_voucher(otieno)
        closed = sessions.close_session(drawer_of_otieno.pk, notes(n500=1), voucher, close_ref=ref)
        later = a_voucher(otieno, at=EVENING)
        again = sessions.close_session(drawer_of_otieno.pk, notes(n500=1, n5=0), later, close_ref=ref)
        assert (again, again.closed_at) == (closed, NOON)
        with pytest.raises(ClientRefReused):
            sessions.close_session(drawer_of_otieno.pk, notes(n500=2), later, close_ref=ref)

    def test_twice_by_two_people_is_refused_the_second_time(self, otieno, amina, drawer_of_otieno):
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno))
        before = what_is_written()
        with pytest.raises(Refusal, match=f"^{drawer_of_otieno} was closed meanwhile.$"):
            sessions.close_session(drawer_of_otieno.pk, notes(n200=2), a_voucher(amina))
        assert what_is_written() == before
        assert TillSession.objects.get().counted == 500

    def test_with_a_form_that_closed_another_session_is_refused(self, otieno, amina, drawer_of_otieno):
        ref = uuid4()
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno), close_ref=ref)
        other = sessions.open_session(Decimal(0), a_voucher(otieno))
        with pytest.raises(ClientRefReused):
            sessions.close_session(other.pk, Count({}), a_voucher(otieno), close_ref=ref)
        other.refresh_from_db()
        assert other.is_open

    def test_none_is_refused(self, otieno, shop):
        with pytest.raises(Refusal, match="There is no such till session"):
            sessions.close_session(1, Count({}), a_voucher(otieno))

    def test_somebody_elses_stands_in_the_diary(self, otieno, amina, drawer_of_otieno):
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(amina, note="He went home"))
        closed = TillSession.objects.get()
        assert (closed.cashier, closed.closed_by) == (otieno, amina)
        assert diary() == [(events.TILL_SESSION_CLOSED, f"{closed} of Otieno", "", "", "", "Amina")]

    def test_ones_own_does_not(self, otieno, drawer_of_otieno):
        sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno))
        assert diary() == []


def test_mpesa_sent_back_leaves_the_drawer_as_it_was(otieno, amina, shop, bread, drawer_of_otieno):
    sold = a_sale([a_line(bread)], [paid("65")], by=otieno)
    refund = returns.Refund(MPESA, "QBC2DE3FG9", drawer=drawer_of_otieno.pk)
    void = returns.void(sold.pk, refund=refund, shop=shop, voucher=a_voucher(amina, note="Wrong"))
    assert void.till_session == drawer_of_otieno
    assert drawer.expected_cash(drawer_of_otieno) == Decimal("565.00")


def test_the_next_morning_the_same_person_opens_anew(otieno, drawer_of_otieno):
    sessions.close_session(drawer_of_otieno.pk, notes(n500=1), a_voucher(otieno, at=EVENING))
    tomorrow = sessions.open_session(Decimal(300), a_voucher(otieno, at=MORNING + timedelta(days=1)))
    assert (tomorrow.pk > drawer_of_otieno.pk, tomorrow.is_open) == (True, True)
