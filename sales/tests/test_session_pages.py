"""The drawer in the browser: who sees what of it, and what is kept of what was typed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sales import sessions
from sales.drawer import Count
from sales.models import CashMovement, Payment, Return, TillSession
from smartduka.tests.builders import a_line, a_sale, a_user, a_voucher, paid, what_is_written

pytestmark = pytest.mark.django_db

MINE, ALL = "/till/session/", "/till/sessions/"


@pytest.fixture
def of(noon: None, shop) -> Callable[[User], Client]:
    """The browser of somebody."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def mwangi() -> User:
    return a_user("Mwangi", "Manager")


@pytest.fixture
def drawer(otieno, shop) -> TillSession:
    return sessions.open_session(Decimal(500), a_voucher(otieno))


def form(**fields: Any) -> dict[str, Any]:
    return {"client_ref": str(uuid4()), **fields}


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


class TestOpening:
    def test_asks_for_the_float_and_then_shows_the_drawer(self, of, otieno):
        browser, words = of(otieno), form(opening_float="1,500.50")
        assert "Open your till session" in text(browser.get(MINE))
        said = text(browser.post(MINE, words, follow=True))
        opened = TillSession.objects.get()
        assert (opened.cashier, opened.opening_float) == (otieno, Decimal("1500.50"))
        assert f"{opened} is open, with a float of 1,500.50." in said
        assert "X report" in said
        browser.post(MINE, words)
        assert TillSession.objects.count() == 1

    @pytest.mark.parametrize(("typed", "said"), [("", "This field is required."), ("-5", "Write an amount such as")])
    def test_refuses_what_is_no_amount_and_keeps_it(self, of, otieno, typed, said):
        page = text(of(otieno).post(MINE, form(opening_float=typed)))
        assert said in page
        assert not typed or f'value="{typed}"' in page
        assert not TillSession.objects.exists()

    def test_when_one_is_open_says_so(self, of, otieno, drawer):
        said = text(of(otieno).post(MINE, form(opening_float="100"), follow=True))
        assert f"{drawer} is open already, with a float of 500." in said
        assert TillSession.objects.count() == 1


class TestTheXReport:
    @pytest.fixture
    def selling(self, otieno, drawer, bread) -> TillSession:
        """195 of bread for cash, with 5 of change, and 65 by M-Pesa."""
        a_sale([a_line(bread, "3")], [paid("200")], by=otieno)
        a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
        sessions.pay_out(drawer.pk, Decimal(33), a_voucher(otieno, note="Milk for tea"))
        return drawer

    def test_tells_a_cashier_nothing_from_which_the_cash_follows(self, of, otieno, selling):
        browser = of(otieno)
        for address in (MINE, f"{ALL}{selling}/", f"{ALL}{selling}/close/"):
            page = text(browser.get(address))
            # 195 of cash, 260 in all, 662 expected.
            assert [told for told in (">195<", ">260<", ">662<", "Expected", "Discounts") if told in page] == []
        page = text(browser.get(MINE))
        for told in ("M-Pesa (1)", ">65<", ">500<", "Paid out: <bdi>Milk for tea", ">-33<", "once you have counted"):
            assert told in page

    def test_tells_a_manager_everything(self, of, mwangi, selling):
        page = text(of(mwangi).get(f"{ALL}{selling}/"))
        for told in ("Cash (1)", ">195<", "Sold (2)", ">260<", "Expected", ">662<", "X report"):
            assert told in page

    def test_tells_a_cashier_everything_after_the_count(self, of, otieno, selling):
        browser = of(otieno)
        said = text(browser.post(f"{ALL}{selling}/close/", form(pieces_500="1", pieces_100="1"), follow=True))
        for told in (f"{selling} is closed: 62 short.", "Z report", ">662<", "1 × 500", "Short"):
            assert told in said

    def test_costs_as_many_statements_for_any_number_of_sales(self, of, mwangi, otieno, bread, selling):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        browser = of(mwangi)

        def statements() -> int:
            with CaptureQueriesContext(connection) as seen:
                browser.get(f"{ALL}{selling}/")
            return len(seen)

        before = statements()
        for _ in range(3):
            a_sale([a_line(bread)], [paid("65")], by=otieno)
            sessions.pay_in(selling.pk, Decimal(1), a_voucher(otieno, note="Found"))
        assert statements() == before <= 16


class TestPaying:
    @pytest.mark.parametrize(("way", "amount"), [("in", Decimal(20)), ("out", Decimal(-20))])
    def test_moves_cash_once_and_comes_back_to_the_drawer(self, of, otieno, drawer, way, amount):
        browser, words = of(otieno), form(amount="20", reason="Boda fare")
        address = f"{ALL}{drawer}/pay-{way}/"
        assert f"Pay {way}" in text(browser.get(address))
        assert f"20 paid {way}: Boda fare." in text(browser.post(address, words, follow=True))
        browser.post(address, words)
        assert CashMovement.objects.get().amount == amount

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"amount": "0"}, "The amount must be more than zero."),
            ({"amount": "many"}, "Write an amount such as"),
            ({"reason": " "}, "This field is required."),
            ({"reason": "a\u202eb"}, "An invisible sign hides"),
            ({"reason": "x" * 201}, "at most 200"),
        ],
    )
    def test_refuses_and_keeps_what_was_typed(self, of, otieno, drawer, wrong, said):
        browser, words = of(otieno), {"amount": "20", "reason": "Tea", **wrong}
        before = what_is_written()
        page = text(browser.post(f"{ALL}{drawer}/pay-out/", form(**words)))
        assert said in page
        assert f'value="{words["amount"]}"' in page
        assert what_is_written() == before

    def test_a_drawer_that_is_closed_is_refused(self, of, otieno, drawer):
        sessions.close_session(drawer.pk, Count({}), a_voucher(otieno))
        browser, address = of(otieno), f"{ALL}{drawer}/pay-in/"
        assert "This drawer is closed" in text(browser.get(address))
        browser.post(address, form(amount="20", reason="Tea"))
        assert not CashMovement.objects.exists()


class TestClosing:
    def test_shows_the_z_report_which_says_what_is_odd(self, of, otieno, bread, shop):
        session = a_sale([a_line(bread)], [paid("65")], by=otieno).till_session
        sessions.pay_out(session.pk, Decimal(100), a_voucher(otieno, note="Supplier"))
        words = form(pieces_1000="1", other="0.50", note="Torn")
        said = text(of(otieno).post(f"{ALL}{session}/close/", words, follow=True))
        for told in (
            f"{session} is closed: 1,035.50 over.", "Z report", "1 × 1,000", "Remark: <bdi>Torn",
            "It opened by itself, with a float of 0.", "35 more was paid out than was there, on 23 Jun 2026, 12:00.",
            "It was 1,035.50 over.",
        ):  # fmt: skip
            assert told in said

    def test_that_is_sent_twice_shows_the_same_z_report(self, of, otieno, drawer):
        browser, words = of(otieno), form(pieces_500="1")
        said = [text(browser.post(f"{ALL}{drawer}/close/", words, follow=True)) for _ in range(2)]
        assert all("is closed: ties out." in each for each in said)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({}, "Count what is in the drawer; when it is empty, write 0 somewhere."),
            ({"pieces_500": "1.5"}, "This cannot be divided"),
            ({"pieces_500": "-1"}, "Write a quantity"),
            ({"pieces_500": "1", "other": "x"}, "Write an amount"),
        ],
    )
    def test_refuses_what_is_no_count_and_tells_nothing(self, of, otieno, drawer, wrong, said):
        page = text(of(otieno).post(f"{ALL}{drawer}/close/", form(**wrong)))
        assert said in page
        assert "Expected" not in page
        assert TillSession.objects.get().is_open

    def test_an_empty_drawer_is_counted_by_a_zero(self, of, otieno, drawer):
        of(otieno).post(f"{ALL}{drawer}/close/", form(pieces_1="0"))
        assert TillSession.objects.get().over_short == -500

    def test_more_notes_than_there_are_in_the_world_is_no_error(self, of, otieno, drawer):
        words = form(pieces_1000="1000000000", other="9,999,999,999.99")
        assert of(otieno).post(f"{ALL}{drawer}/close/", words).status_code == 302
        assert TillSession.objects.get().counted == Decimal("1009999999999.99")


class TestSomebodyElse:
    def test_a_cashier_sees_only_the_own_drawers(self, of, otieno, drawer):
        achieng = a_user("Achieng", "Cashier")
        own = sessions.open_session(Decimal(1), a_voucher(achieng))
        browser = of(achieng)
        page = text(browser.get(ALL))
        assert str(own) in page
        assert str(drawer) not in page
        for way in ("", "pay-in/", "pay-out/", "close/"):
            assert browser.get(f"{ALL}{drawer}/{way}").status_code == 403
            assert browser.post(f"{ALL}{drawer}/close/", form(pieces_1="1")).status_code == 403
        assert TillSession.objects.filter(open_for__isnull=False).count() == 2

    def test_a_manager_closes_the_drawer_of_who_went_home(self, of, mwangi, drawer):
        said = text(of(mwangi).post(f"{ALL}{drawer}/close/", form(pieces_500="1"), follow=True))
        assert "Mwangi closed it, not Otieno." in said
        assert TillSession.objects.get().closed_by == mwangi

    @pytest.mark.parametrize("number", ["Z-999999", "Z-1", "nothing", "S-000001"])
    def test_no_drawer_has_this_number(self, of, mwangi, number):
        assert of(mwangi).get(f"{ALL}{number}/").status_code == 404


class TestTheList:
    def test_is_filtered_by_person_and_day(self, of, mwangi, otieno, amina, drawer):
        other = sessions.open_session(Decimal(1), a_voucher(amina))
        browser = of(mwangi)
        both = {str(drawer), str(other)}
        for query, found in (
            ("", both), (f"?by={otieno.pk}", {str(drawer)}), ("?day=2026-06-23", both), ("?day=2026-06-24", set()),
            ("?by=x&day=never&page=9", both), (f"?by={10**30}", both),
        ):  # fmt: skip
            page = text(browser.get(ALL + query))
            assert {number for number in both if number in page} == found

    def test_costs_as_many_statements_for_any_number_of_rows(self, of, mwangi, otieno, django_assert_max_num_queries):
        for _ in range(5):
            session = sessions.open_session(Decimal(1), a_voucher(otieno))
            sessions.close_session(session.pk, Count({1: 1}), a_voucher(mwangi))
        browser = of(mwangi)
        with django_assert_max_num_queries(8):
            browser.get(ALL)


class TestWhoseDrawer:
    """A person without an open drawer, while others' are open, chooses through whose the money goes."""

    PAY = {"amount": "20", "type": "cash"}

    def test_is_offered_with_the_only_open_one_first(self, of, mwangi, wanjiku, drawer):
        page = text(of(mwangi).get(f"/customers/{wanjiku.pk}/payment/"))
        assert "Into whose drawer" in page
        assert f'<option value="{drawer.pk}" selected>Otieno ({drawer})</option>' in page

    def test_takes_the_money_that_is_chosen_for_it(self, of, mwangi, wanjiku, drawer, bread, otieno):
        sale, browser = a_sale([a_line(bread)], [paid("65")], by=otieno), of(mwangi)
        for way in ("return", "void"):
            assert "Out of whose drawer" in text(browser.get(f"/sales/{sale}/{way}/"))
        browser.post(f"/customers/{wanjiku.pk}/payment/", form(**self.PAY, drawer=drawer.pk))
        browser.post(f"/sales/{sale}/void/", form(reason="Wrong", type="cash", drawer=drawer.pk))
        assert Payment.objects.get().till_session == Return.objects.get().till_session == drawer

    def test_is_ones_own_when_nobody_elses_is_chosen(self, of, mwangi, wanjiku, drawer):
        of(mwangi).post(f"/customers/{wanjiku.pk}/payment/", form(**self.PAY, drawer=""))
        own = Payment.objects.get().till_session
        assert (own.cashier, own.is_automatic) == (mwangi, True)

    def test_is_not_asked_of_who_has_one_open(self, of, mwangi, wanjiku, drawer):
        own = sessions.open_session(Decimal(0), a_voucher(mwangi))
        browser, address = of(mwangi), f"/customers/{wanjiku.pk}/payment/"
        assert "whose drawer" not in text(browser.get(address))
        browser.post(address, form(**self.PAY))
        assert Payment.objects.get().till_session == own

    @pytest.mark.parametrize("chosen", ["closed", "99999", "x", "9" * 30])
    def test_that_is_not_open_is_refused(self, of, mwangi, otieno, amina, wanjiku, drawer, chosen):
        sessions.open_session(Decimal(0), a_voucher(amina))
        sessions.close_session(drawer.pk, Count({}), a_voucher(otieno))
        chosen = drawer.pk if chosen == "closed" else chosen
        page = text(of(mwangi).post(f"/customers/{wanjiku.pk}/payment/", form(**self.PAY, drawer=chosen)))
        assert 'class="errorlist"' in page
        assert not Payment.objects.exists()

    def test_that_was_the_last_one_open_is_refused_when_it_was_closed_meanwhile(
        self, of, mwangi, otieno, wanjiku, drawer
    ):
        sessions.close_session(drawer.pk, Count({}), a_voucher(otieno))
        page = text(of(mwangi).post(f"/customers/{wanjiku.pk}/payment/", form(**self.PAY, drawer=drawer.pk)))
        assert "This drawer was closed meanwhile: choose another one." in page
        assert not Payment.objects.exists()

    def test_that_was_chosen_takes_the_money_though_ones_own_was_opened_meanwhile(self, of, mwangi, wanjiku, drawer):
        sessions.open_session(Decimal(0), a_voucher(mwangi))
        of(mwangi).post(f"/customers/{wanjiku.pk}/payment/", form(**self.PAY, drawer=drawer.pk))
        assert Payment.objects.get().till_session == drawer
