"""The X and the Z report: what went through a drawer, and what is odd about it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sales import drawer, payments, returns, sessions, tillreport
from sales.drawer import Count
from sales.models import TillSession
from sales.tenders import CASH, MPESA
from smartduka import events
from smartduka.tests.builders import NOON, a_line, a_sale, a_voucher, paid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

MORNING = NOON - timedelta(hours=5)
EVENING = NOON + timedelta(hours=8)


@pytest.fixture
def session(otieno, shop) -> TillSession:
    """Open since seven, with a float of 500."""
    return sessions.open_session(Decimal(500), a_voucher(otieno, at=MORNING))


def report(session: TillSession) -> tillreport.TillReport:
    return tillreport.of(TillSession.objects.for_list().get(pk=session.pk))


def close(session: TillSession, by, counted: str) -> list[str]:
    """What is odd once so much was counted."""
    sessions.close_session(session.pk, Count({}, Decimal(counted)), a_voucher(by, at=EVENING))
    return report(session).oddities


def sums(parts: list[tillreport.ByTender]) -> list[tuple[str, int, str]]:
    return [(each.label, each.count, str(each.amount)) for each in parts]


@pytest.fixture
def day(session, otieno, amina, shop, bread, sugar, wanjiku) -> TillSession:
    """One of everything."""
    first = a_sale([a_line(bread, "2")], [paid("200")], by=otieno)
    type(sugar).objects.update(floor_price=Decimal(40))
    cheaper = a_line(sugar, "0.125", discount=Decimal("1.60"))
    a_sale([cheaper], [paid("18")], by=otieno, may_change_price=True)  # 18.40, rounded
    mixed = [paid("20"), paid("30", "mpesa", "QBC2DE3FG4"), paid("15", "on_account")]
    a_sale([a_line(bread)], mixed, by=otieno, customer=wanjiku)
    wrong = a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG5")], by=otieno)
    how = {"shop": shop, "voucher": a_voucher(amina, note="Stale")}
    back = [returns.ReturnedLine(first.lines.get().pk, 1)]
    returns.take_back(first.pk, back, refund=returns.Refund(CASH, drawer=session.pk), **how)
    returns.void(wrong.pk, refund=returns.Refund(MPESA, "QBC2DE3FG6", drawer=session.pk), **how)
    payments.receive_payment(wanjiku.pk, paid("10"), a_voucher(otieno))
    mistaken = payments.receive_payment(wanjiku.pk, paid("3"), a_voucher(otieno))
    payments.reverse_payment(mistaken.pk, a_voucher(otieno))
    sessions.pay_in(session.pk, Decimal(200), a_voucher(otieno, note="Change from the bank"))
    sessions.pay_out(session.pk, Decimal("30.50"), a_voucher(otieno, note="Milk for tea"))
    return session


def test_a_report_adds_up_what_went_through_the_drawer(day):
    told = report(day)
    assert told.name == "X report"
    assert (told.sale_count, told.sold, told.rounding) == (4, Decimal("278.00"), Decimal("-0.40"))
    assert told.discounts == Decimal("1.60")
    assert sums(told.sales) == [("Cash", 3, "168.00"), ("M-Pesa", 2, "95.00"), ("On account", 1, "15.00")]
    assert (told.return_count, told.returned) == (1, Decimal("65.00"))
    assert (told.void_count, told.voided) == (1, Decimal("65.00"))
    assert sums(told.refunds) == [("Cash", 1, "-65.00"), ("M-Pesa", 1, "-65.00")]
    assert sums(told.payments) == [("Cash", 3, "10.00")]
    assert [(str(each.amount), each.reason) for each in told.movements] == [
        ("200.00", "Change from the bank"),
        ("-30.50", "Milk for tea"),
    ]
    # 500 + 168 − 65 + 10 + 200 − 30.50
    assert told.expected == drawer.expected_cash(day) == Decimal("782.50")
    assert dict(told.cash) == {
        "Cash of sales": Decimal("168.00"),
        "Cash given back": Decimal("-65.00"),
        "Cash for debts": Decimal("10.00"),
    }
    assert (told.count, told.oddities) == (None, [])


def test_a_z_report_never_changes(day, otieno, amina, shop, bread):
    sessions.close_session(day.pk, Count({500: 1, 200: 1}, Decimal("82.50")), a_voucher(otieno, at=EVENING))
    told = report(day)
    assert told.name == "Z report"
    assert told.count.rows == [(500, 1, 500), (200, 1, 200), (Decimal("82.50"), 0, Decimal("82.50"))]
    assert told.oddities == []
    first = day.sales.order_by("pk").first()
    how = {"refund": returns.Refund(CASH), "shop": shop, "voucher": a_voucher(amina, note="Stale")}
    returns.take_back(first.pk, [returns.ReturnedLine(first.lines.get().pk, 1)], **how)
    a_sale([a_line(bread)], [paid("65")], by=otieno, at=EVENING)
    assert report(day) == told


class TestOddities:
    def test_a_drawer_that_ties_out_has_none(self, session, otieno):
        assert close(session, otieno, "500") == []

    def test_that_opened_by_itself(self, otieno, shop, bread):
        opened = a_sale([a_line(bread)], [paid("65")], by=otieno).till_session
        assert report(opened).oddities == ["It opened by itself, with a float of 0."]

    @pytest.mark.parametrize(
        ("counted", "said"),
        [("600", []), ("400", []), ("600.50", ["It was 100.50 over."]), ("399", ["It was 101 short."])],
    )
    def test_over_or_short_by_more_than_a_hundred(self, session, otieno, counted, said):
        assert close(session, otieno, counted) == said

    def test_more_paid_out_than_was_there_even_if_it_came_back_later(self, session, otieno):
        sessions.pay_out(session.pk, Decimal(700), a_voucher(otieno, note="Supplier"))
        later = a_voucher(otieno, at=NOON + timedelta(hours=1), note="Brought back")
        sessions.pay_in(session.pk, Decimal(700), later)
        said = "200 more was paid out than was there, on 23 Jun 2026, 12:00."
        assert close(session, otieno, "500") == [said]

    def test_change_is_not_paid_out_before_the_money_came(self, otieno, shop, bread):
        opened = a_sale([a_line(bread)], [paid("1000")], by=otieno).till_session
        assert len(report(opened).oddities) == 1

    def test_sales_that_came_in_late(self, session, otieno, bread):
        for minutes in (4, 6, 60):
            made = NOON - timedelta(minutes=minutes)
            a_sale([a_line(bread)], [paid("65")], by=otieno, sold_at=made)
        assert report(session).oddities == ["Sales that came in late, after the network was away: 2."]

    def test_sales_below_the_floor_as_the_diary_has_them(self, session, otieno, amina, bread):
        may = {"may_change_price": True, "may_sell_below_floor": True, "override_reason": "Stale"}
        cheap = a_line(bread, unit_price=Decimal(40))
        here, other = (a_sale([cheap], [paid("40")], by=by, **may) for by in (otieno, amina))
        events.record(events.OVERRIDDEN, by=otieno, subject="S-x", fact="price", before="60", after="50")
        assert report(session).oddities == [f"Sold below the floor: {here}."]
        assert f"Sold below the floor: {other}." in report(other.till_session).oddities

    def test_a_drawer_that_stays_open_for_more_than_a_day(self, otieno, amina, shop):
        old = sessions.open_session(Decimal(0), a_voucher(otieno, at=NOON - timedelta(hours=25)))
        assert report(old).oddities == ["It has been open for 25 hours."]
        sessions.close_session(old.pk, Count({}), a_voucher(otieno))
        assert report(old).oddities == ["It was open for 25 hours."]

    def test_somebody_else_who_closed_it(self, session, amina):
        assert close(session, amina, "500") == ["Amina closed it, not Otieno."]
