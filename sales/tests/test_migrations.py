"""Old sales, carried through every stage, back, and forward again, until the books are clean."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.test import override_settings

from sales import books
from smartduka.tests.history import Go, history, migration, run

EVENING = datetime(2024, 5, 1, 18, 30, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2024, 5, 1, 21, 30, tzinfo=UTC)

SALES = {
    1: (EVENING, "200.00", [("2", "50.00"), ("1", "100.00")]),
    2: (AFTER_MIDNIGHT, "199.50", [("5", "39.95")]),
    3: (EVENING, "250.00", [("3", "100.00"), ("-1", "50.00")]),
    4: (EVENING, "-100.00", [("-1", "100.00")]),
    5: (EVENING, "80.00", []),
    6: (EVENING, "30.00", [("0", "50.00"), ("1", "-20.00"), ("1", "50.00")]),
    7: (EVENING, "50.00", [("2000000000", "50.00")]),
    8: (EVENING, "0.00", [("1", "0.00")]),
}
"""By primary key: when, the total, and quantity and price of each line."""

FACTS = {
    1: (date(2024, 5, 1), Decimal("200.00"), Decimal(0), Decimal("200.00"), ""),
    2: (date(2024, 5, 2), Decimal("199.75"), Decimal("-0.25"), Decimal("199.50"), ""),
    3: (date(2024, 5, 1), Decimal("300.00"), Decimal("-50.00"), Decimal("250.00"), "-1 x Sugar at 50.00 is no sale"),
    4: (
        date(2024, 5, 1),
        Decimal(0),
        Decimal(0),
        Decimal(0),
        "-1 x Sugar at 100.00 is no sale; the total was -100.00",
    ),
    5: (date(2024, 5, 1), Decimal(0), Decimal("80.00"), Decimal("80.00"), ""),
    6: (
        date(2024, 5, 1),
        Decimal("50.00"),
        Decimal("-20.00"),
        Decimal("30.00"),
        "0 x Sugar at 50.00 is no sale; 1 x Sugar at -20.00 is no sale",
    ),
    7: (
        date(2024, 5, 1),
        Decimal(0),
        Decimal("50.00"),
        Decimal("50.00"),
        "2000000000 x Sugar at 50.00 is no sale",
    ),
    8: (date(2024, 5, 1), Decimal(0), Decimal(0), Decimal(0), ""),
}
"""By primary key: the shop's day, subtotal, rounding, total and note."""

LINES = [
    (1, 2, Decimal("50.00"), Decimal("100.00"), Decimal("40.1000"), Decimal("80.20")),
    (1, 1, Decimal("100.00"), Decimal("100.00"), Decimal("40.1000"), Decimal("40.10")),
    (2, 5, Decimal("39.95"), Decimal("199.75"), Decimal("40.1000"), Decimal("200.50")),
    (3, 3, Decimal("100.00"), Decimal("300.00"), Decimal("40.1000"), Decimal("120.30")),
    (6, 1, Decimal("50.00"), Decimal("50.00"), Decimal("40.1000"), Decimal("40.10")),
    (8, 1, Decimal(0), Decimal(0), Decimal("40.1000"), Decimal("40.10")),
]
"""Sale, quantity, price, total, cost per unit and cost of each line that is a sale."""

TENDERS = [
    (1, "cash", Decimal("200.00")),
    (2, "cash", Decimal("199.50")),
    (3, "cash", Decimal("250.00")),
    (5, "cash", Decimal("80.00")),
    (6, "cash", Decimal("30.00")),
    (7, "cash", Decimal("50.00")),
]


@pytest.fixture
def go(transactional_db: None) -> Iterator[Go]:
    with history() as go:
        yield go


def create_old_sales(go: Go) -> None:
    """Sales from before there was anything but a total, of goods that cost 40.10."""
    go("sales", "0001")
    apps = go("inventory", "0001")
    sugar = apps.get_model("inventory", "Product").objects.create(
        name="Sugar", buying_price="40.10", selling_price="50", stock_quantity=10
    )
    for pk, (sold_at, total, lines) in SALES.items():
        sale = apps.get_model("sales", "Sale").objects.create(pk=pk, sold_at=sold_at, total=total)
        for quantity, price in lines:
            apps.get_model("sales", "SaleLine").objects.create(
                sale=sale, product=sugar, quantity=quantity, unit_price=price
            )


def sales(apps: Apps) -> dict[int, tuple[Any, ...]]:
    rows = apps.get_model("sales", "Sale").objects.values_list(
        "pk", "sold_on", "subtotal", "rounding", "total", "note"
    )
    return {row[0]: row[1:] for row in rows}


def lines(apps: Apps) -> list[tuple[Any, ...]]:
    rows = apps.get_model("sales", "SaleLine").objects.order_by("pk")
    return list(rows.values_list("sale", "quantity", "unit_price", "line_total", "unit_cost", "line_cost"))


def tenders(apps: Apps) -> list[tuple[Any, ...]]:
    return list(
        apps.get_model("sales", "Tender").objects.order_by("sale", "amount").values_list("sale", "type", "amount")
    )


def client_refs(apps: Apps) -> dict[int, Any]:
    return dict(apps.get_model("sales", "Sale").objects.values_list("pk", "client_ref"))


def test_old_sales_end_in_clean_books_and_do_so_again_after_going_back(go, capsys):
    create_old_sales(go)
    apps = go()
    assert (sales(apps), lines(apps), tenders(apps)) == (FACTS, LINES, TENDERS)
    assert list(books.audit()) == []
    told = capsys.readouterr().out
    assert "Sale 4: '-1 x Sugar at 100.00 is no sale'" in told
    assert "Sale 4: 'the total was -100.00'" in told
    assert "Sale 2:" not in told

    line = apps.get_model("sales", "SaleLine").objects.filter(sale=2).get()
    assert (line.product_name, line.unit, line.sold_as, line.priced_per) == ("Sugar", "piece", "piece", 1)
    assert (line.list_price, line.discount) == (Decimal("39.95"), Decimal(0))
    assert (line.pack, line.movement) == (None, None)
    sale = apps.get_model("sales", "Sale").objects.get(pk=2)
    assert (sale.received_at, sale.cashier, sale.fingerprint) == (AFTER_MIDNIGHT, None, "")

    refs = client_refs(apps)
    assert len(set(refs.values())) == len(SALES)
    go("sales", "0001")
    apps = go()
    # What was no sale is gone for good, and so is the note about it.
    assert {pk: facts[:-1] for pk, facts in sales(apps).items()} == {pk: facts[:-1] for pk, facts in FACTS.items()}
    assert (lines(apps), tenders(apps), client_refs(apps)) == (LINES, TENDERS, refs)
    assert list(books.audit()) == []


def test_the_backfills_end_the_same_when_run_again(go):
    create_old_sales(go)
    apps = go("sales", "0003")
    apps.get_model("sales", "SaleLine").objects.filter(sale__gt=2).update(line_total=None, unit_cost=None)
    run(migration("sales", "0003_fill_line_facts").fill)

    apps = go("sales", "0006")
    refs = client_refs(apps)
    apps.get_model("sales", "Sale").objects.filter(pk__in=(1, 2, 5)).update(client_ref=None, subtotal=None)
    for _ in range(2):
        run(migration("sales", "0006_fill_client_ref").fill)
        assert (sales(apps), lines(apps), client_refs(apps)) == (FACTS, LINES, refs)

    apps = go("sales", "0009")
    apps.get_model("sales", "Tender").objects.filter(sale__gt=2).delete()
    for _ in range(2):
        run(migration("sales", "0009_fill_cash_tenders").fill)
        assert tenders(apps) == TENDERS


def test_going_back_is_refused_while_it_would_lose_how_a_sale_was_paid(go):
    create_old_sales(go)
    apps = go("sales", "0010")
    model = apps.get_model("sales", "Tender")
    model.objects.filter(sale=1).update(reference="QBC2DE3FG4")
    model.objects.filter(sale=2).update(type="card")
    model.objects.create(sale_id=3, type="cash", amount=-50)
    model.objects.filter(sale=3, amount=250).update(amount=300)
    paid = tenders(apps)
    with pytest.raises(CommandError, match=r"lose 4 tenders, 0 returns and 0 payments.*SMARTDUKA_ALLOW_DATA_LOSS=on"):
        go("sales", "0007")
    apps = go()
    assert tenders(apps) == paid
    assert list(books.audit()) == []


def test_going_back_is_refused_while_it_would_lose_who_sold_unless_forced(go):
    create_old_sales(go)
    apps = go("sales", "0007")
    otieno = User.objects.create_user("otieno")
    apps.get_model("sales", "Sale").objects.filter(pk=1).update(cashier=otieno.pk)
    with pytest.raises(CommandError, match="lose the cashiers of 1 sales"):
        go("sales", "0004")
    apps = go("sales", "0007")
    assert apps.get_model("sales", "Sale").objects.get(pk=1).cashier_id == otieno.pk
    with override_settings(ALLOW_DATA_LOSS=True):
        assert len(lines(go("sales", "0004"))) == len(LINES)
