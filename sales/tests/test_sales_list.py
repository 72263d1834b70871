"""The list of sales: what stands there, and how a sale is found."""

from datetime import UTC, datetime, timedelta

import pytest

from sales import returns
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_line, a_product, a_sale, a_voucher, paid, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(shop, amina):
    return a_product("Bread 400 g", stock="10", price="65", cost="50", by=amina)


def words(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_list_has_the_newest_sale_first(bread, otieno, browser_of):
    first, second = (a_sale([a_line(bread)], [paid("65")], by=otieno) for _ in range(2))
    shown = words(browser_of(otieno).get("/sales/"))
    assert 0 < shown.index(second.number) < shown.index(first.number)


def test_an_empty_list_says_how_to_fill_it(otieno, browser_of):
    assert "Open the till" in words(browser_of(otieno).get("/sales/"))


@pytest.mark.parametrize("text", ["{number}", "{digits}", " wanjiku ", "qbc2de3fg4"])
def test_a_sale_is_found_by_number_customer_and_code(text, bread, otieno, wanjiku, browser_of):
    found = a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno, customer=wanjiku)
    other = a_sale([a_line(bread)], [paid("65")], by=otieno)
    query = {"q": text.format(number=found.number, digits=found.pk)}
    shown = words(browser_of(otieno).get("/sales/", query))
    assert found.number in shown
    assert other.number not in shown


@pytest.mark.parametrize("text", ["nobody", "\x00", "9" * 30, "S-", "%' OR 1=1 --", "x" * 5000])
def test_a_search_for_anything_is_answered(text, bread, otieno, browser_of):
    a_sale([a_line(bread)], [paid("65")], by=otieno)
    assert browser_of(otieno).get("/sales/", {"q": text, "page": text}).status_code == 200


def test_the_list_asks_the_same_number_of_queries_for_3_and_for_30(
    bread, otieno, wanjiku, browser_of, django_assert_num_queries
):
    browser = browser_of(otieno)
    for count in (3, 7):
        for _ in range(count):
            a_sale([a_line(bread)], [paid("30"), paid("35", "on_account")], by=otieno, customer=wanjiku)
        with django_assert_num_queries(8):
            browser.get(f"/sales/?q=wanjiku&by={otieno.pk}&since=2026-06-01&until=2026-06-30")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("since=2026-06-22", [2, 3, 4]),
        ("until=2026-06-22", [1, 2]),
        ("since=2026-06-22&until=2026-06-22", [2]),
        ("by={amina}", [3]),
        ("by={otieno}&since=2026-06-23", [4]),
        ("by={amina}&q=wanjiku", []),
        ("q=wanjiku", [4]),
        ("since=tomorrow&by=x", [1, 2, 3, 4]),
        ("until=9999-12-31&by=99999999999999999999", [1, 2, 3, 4]),
    ],
)
def test_sales_are_found_by_day_and_cashier(bread, amina, otieno, wanjiku, browser_of, query, found):
    days = [timedelta(days=9), timedelta(days=1), timedelta(), timedelta()]
    who = [(otieno, None), (otieno, None), (amina, None), (otieno, wanjiku)]
    sold = [
        a_sale([a_line(bread)], [paid("65")], by=by, customer=customer, at=NOON - ago)
        for ago, (by, customer) in zip(days, who, strict=True)
    ]
    page = browser_of(otieno).get("/sales/?" + query.format(amina=amina.pk, otieno=otieno.pk)).context["page"]
    assert [sale.pk for sale in page] == [sold[at - 1].pk for at in reversed(found)]


def test_the_days_that_are_looked_for_most_are_one_press(bread, otieno, browser_of, time_machine):
    Shop.objects.update(day_turns_at=4)
    browser = browser_of(otieno)
    time_machine.move_to(datetime(2026, 6, 25, 0, 30, tzinfo=UTC), tick=False)  # Thursday, 03:30: still Wednesday
    shown = words(browser.get("/sales/?q=bread&page=2"))
    for name, days in (
        ("Today", "since=2026-06-24&amp;until=2026-06-24"),
        ("Yesterday", "since=2026-06-23&amp;until=2026-06-23"),
        ("This week", "since=2026-06-22&amp;until=2026-06-24"),
    ):
        assert f'<a class="chip" href="?q=bread&amp;{days}">{name}</a>' in shown
    assert '<a class="chip" href="?q=bread" aria-current="true">All days</a>' in shown
    shown = words(browser.get("/sales/?since=2026-06-24&until=2026-06-24"))
    assert 'aria-current="true">Today</a>' in shown
    assert "No such sales" in shown


def test_a_sale_is_found_by_the_number_of_its_return(bread, shop, amina, otieno, browser_of):
    sale, _ = (a_sale([a_line(bread)], [paid("65")], by=otieno) for _ in range(2))
    how = {"refund": Refund(CASH), "shop": shop, "voucher": a_voucher(amina, note="Stale")}
    back = returns.take_back(sale.pk, [ReturnedLine(sale.lines.get().pk, 1)], **how)
    page = browser_of(otieno).get("/sales/", {"q": back.number.lower()}).context["page"]
    assert [each.pk for each in page] == [sale.pk]


def test_older_sales_are_on_the_next_page_of_the_same_search(bread, amina, otieno, wanjiku, browser_of):
    receive(bread, "100", "50", by=amina)
    hers = [a_sale([a_line(bread)], [paid("65")], by=otieno, customer=wanjiku) for _ in range(52)]
    shown = words(browser_of(otieno).get("/sales/", {"q": "wanjiku"}))
    assert (hers[2].number in shown, hers[1].number in shown) == (True, False)
    assert "Page 1 of 2" in shown
    assert 'href="?q=wanjiku&amp;page=2"' in shown
    shown = words(browser_of(otieno).get("/sales/", {"q": "wanjiku", "page": 2}))
    assert (hers[2].number in shown, hers[1].number in shown) == (False, True)
