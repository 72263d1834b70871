"""The audit finds what somebody forged about a drawer."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sales import books, payments, returns, sessions
from sales.drawer import Count
from sales.models import CashMovement, Payment, Return, Sale, Tender, TillSession
from sales.tenders import CASH
from sales.tests.trade import differences, forge, lose
from smartduka.databases import append_only
from smartduka.tests.builders import NOON, a_line, a_sale, a_voucher, paid

pytestmark = pytest.mark.django_db

NEXT_DAY = NOON + timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def without_triggers(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database lets forgers work. Around the whole file, for MariaDB cannot do it inside a transaction."""
    with django_db_blocker.unblock(), append_only.lifted():
        yield


@pytest.fixture
def closed(monkeypatch, otieno, amina, shop, bread, wanjiku) -> TillSession:
    """Closed 5 short, after 500 of float, 130 for bread, 20 of a debt, a return of 65, and 30 for tea."""
    monkeypatch.setattr(append_only, "missing", list)
    session = sessions.open_session(Decimal(500), a_voucher(otieno))
    sale = a_sale([a_line(bread, "2")], [paid("200")], by=otieno)
    payments.receive_payment(wanjiku.pk, paid("20"), a_voucher(otieno))
    payments.receive_payment(wanjiku.pk, paid("7", "mpesa", "QBC2DE3FG5"), a_voucher(otieno))
    refund = returns.Refund(CASH, drawer=session.pk)
    back = [returns.ReturnedLine(sale.lines.get().pk, 1)]
    returns.take_back(sale.pk, back, refund=refund, shop=shop, voucher=a_voucher(amina, note="Stale"))
    sessions.pay_out(session.pk, Decimal(30), a_voucher(otieno, note="Tea"))
    return sessions.close_session(session.pk, Count({500: 1, 50: 1}), a_voucher(otieno))


def test_a_drawer_that_was_counted_is_clean(closed):
    assert (closed.expected, closed.over_short) == (Decimal("555.00"), Decimal("-5.00"))
    assert differences() == []


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("expected", Decimal(550), "it expected 550.00, its float and its rows make it 555.00."),
        ("opening_float", Decimal(450), "it expected 555.00, its float and its rows make it 505.00."),
        ("counted", Decimal(555), "it counted 555.00, its notes and coins make it 550.00."),
        ("over_short", Decimal(0), "it was 0.00 over or short, and counted 550.00 of 555.00."),
        ("denominations", {"500": 1}, "it counted 550.00, its notes and coins make it 500.00."),
    ],
)
def test_a_count_that_was_changed_afterwards(closed, column, value, said):
    forge(closed, **{column: value})
    assert f"Till session {closed.pk}: {said}" in differences()


@pytest.mark.parametrize(
    ("find", "due"),
    [
        (lambda: Tender.objects.get(sale__isnull=False, amount__lt=0), "535.00"),
        (lambda: Tender.objects.get(payment__amount=20), "455.00"),
        (lambda: Tender.objects.get(sale_return__isnull=False), "505.00"),
    ],
    ids=["sale", "payment", "return"],
)
def test_cash_that_was_changed_afterwards(closed, find, due):
    tender = find()
    worth = {"535.00": -90, "455.00": -80, "505.00": -115}[due]
    forge(tender, amount=Decimal(worth))
    expected = f"Till session {closed.pk}: it expected 555.00, its float and its rows make it {due}."
    assert expected in differences()


def test_cash_taken_out_that_is_no_longer_told(closed):
    lose(CashMovement.objects.get())
    assert differences() == [f"Till session {closed.pk}: it expected 555.00, its float and its rows make it 585.00."]


class TestParts:
    @pytest.mark.parametrize("model", [Sale, Return, Payment])
    def test_one_that_is_in_no_drawer_any_more(self, closed, otieno, amina, shop, bread, wanjiku, model):
        sale = a_sale([a_line(bread)], [paid("65")], by=otieno)
        payments.receive_payment(wanjiku.pk, paid("5"), a_voucher(otieno))
        returns.void(sale.pk, refund=returns.Refund(CASH), shop=shop, voucher=a_voucher(amina, note="Twice"))
        newest = model.objects.latest("pk")
        forge(newest, till_session=None)
        assert f"{model.__name__} {newest.pk} went through no till session." in differences()

    def test_those_from_before_there_were_drawers_are_in_none(self, closed):
        forge(closed, expected=Decimal(525), over_short=Decimal(25))
        forge(Sale.objects.get(), till_session=None)
        forge(Return.objects.get(), till_session=None)
        forge(closed, expected=Decimal(490), over_short=Decimal(60))
        assert differences() == []

    def test_a_sale_in_the_drawer_of_somebody_else(self, closed, amina, otieno, bread):
        session = sessions.open_session(Decimal(0), a_voucher(amina))
        sale = a_sale([a_line(bread)], [paid("65")], by=otieno)
        forge(sale, till_session=session)
        assert f"Sale {sale.pk}: its till session, {session.pk}, is not that of whoever sold it." in differences()

    @pytest.mark.parametrize("model", [Sale, Return, Payment, CashMovement])
    def test_one_in_a_drawer_that_was_not_open_then(self, closed, otieno, model):
        moment = next(name for name in ("received_at", "returned_at", "moved_at") if hasattr(model, name))
        for wrong in (NEXT_DAY, NOON - timedelta(minutes=6)):
            row = model.objects.order_by("pk").first()
            forge(row, **{moment: wrong})
            assert f"{model.__name__} {row.pk}: its till session, {closed.pk}, was not open then." in differences()


def test_the_audit_of_drawers_makes_no_more_statements_for_more_of_them(closed, otieno, django_assert_num_queries):
    def audit() -> list[str]:
        return [*books.drawers.closed(), *books.drawers.parts()]

    with django_assert_num_queries(5):
        assert audit() == []
    for _ in range(5):
        session = sessions.open_session(Decimal(0), a_voucher(otieno))
        sessions.close_session(session.pk, Count({}), a_voucher(otieno))
    with django_assert_num_queries(5):
        assert audit() == []
