"""The command that makes a demo: one that is whole, in an empty shop, or none."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import transaction

from inventory.models import Product, StockMovement
from sales import books
from sales.demo.counter import Counter as ShopCounter
from sales.models import Sale, SaleLine, Tender
from smartduka.tests.builders import a_line, a_product, a_sale, paid, what_is_written

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 27, 15, 30, tzinfo=UTC)
"""18:30 in Nairobi, on a Saturday."""


@pytest.fixture
def data_dir(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def a_demo(*arguments: str) -> tuple[str, str]:
    """What a small demo says, and what it shows on the way."""
    said, shown = StringIO(), StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("demo", *(arguments or ("--days=2", "--sales-per-day=8")), stdout=said, stderr=shown)
    return said.getvalue(), shown.getvalue()


def story() -> list[tuple]:
    """What happened, without the primary keys, which every engine gives as it likes."""
    return [
        *SaleLine.objects.order_by("pk").values_list("sale__client_ref", "product__sku", "quantity", "line_total"),
        *Tender.objects.order_by("pk").values_list("type", "amount", "reference"),
        *StockMovement.objects.order_by("pk").values_list("posted_at", "product__sku", "quantity", "unit_cost"),
    ]


def told(*arguments: str) -> list[tuple]:
    """The story of a demo that is then taken back."""
    with transaction.atomic():
        a_demo("--days=2", "--sales-per-day=8", *arguments)
        happened = story()
        transaction.set_rollback(True)
    return happened


class TestTheCommand:
    def test_those_of_an_earlier_demo_are_replaced(self, data_dir):
        file = data_dir / "demo-logins.json"
        file.write_text("{}", encoding="utf-8")
        a_demo("--days=1", "--sales-per-day=1")
        assert len({login["password"] for login in json.loads(file.read_text(encoding="utf-8")).values()}) == 3

    def test_the_same_seed_makes_the_same_trade_and_another_one_another(self, data_dir):
        first = told()
        assert len(first) > 100
        assert told("--seed=7") == first
        assert told("--seed=8") != first

    def test_a_shop_that_has_sold_something_is_left_alone(self, data_dir, amina, otieno):
        bread = a_product(stock="1", by=amina)
        a_sale([a_line(bread)], [paid("60")], by=otieno)
        before = what_is_written()
        with pytest.raises(CommandError, match=r"^This shop trades already: make a demo in an empty one\.$"):
            a_demo()
        assert what_is_written() == before
        assert not (data_dir / "demo-logins.json").exists()

    def test_nobody_loses_an_account_to_a_demo(self, data_dir, otieno):
        with pytest.raises(CommandError, match="There is an account named otieno already"):
            a_demo()
        assert list(User.objects.all()) == [otieno]
        assert not Product.objects.exists()

    def test_a_demo_that_is_interrupted_leaves_nothing_behind(self, data_dir, monkeypatch):
        serve, served = ShopCounter.serve, Counter[str]()

        def serve_twelve(self: ShopCounter, at: datetime) -> None:
            served["people"] += 1
            if served["people"] > 12:
                raise KeyboardInterrupt
            serve(self, at)

        monkeypatch.setattr(ShopCounter, "serve", serve_twelve)
        before = what_is_written()
        with pytest.raises(KeyboardInterrupt):
            a_demo()
        assert what_is_written() == before
        assert not User.objects.exists()
        assert not Product.objects.exists()
        assert not (data_dir / "demo-logins.json").exists()

    def test_a_demo_whose_books_are_wrong_is_not_kept(self, data_dir, monkeypatch):
        monkeypatch.setattr(books, "audit", lambda: iter(["Sale 7: it does not tie out."]))
        with pytest.raises(CommandError, match=r"do not tie out:\nSale 7: it does not tie out\."):
            a_demo()
        assert not Sale.objects.exists()
        assert not (data_dir / "demo-logins.json").exists()

    def test_before_opening_time_yesterday_is_the_last_day_with_sales(self, data_dir):
        with time_machine.travel(datetime(2026, 6, 27, 2, 0, tzinfo=UTC), tick=False):
            call_command("demo", days=2, sales_per_day=4, stdout=StringIO(), stderr=StringIO())
        assert set(Sale.objects.values_list("sold_on", flat=True)) == {date(2026, 6, 26)}

    @pytest.mark.parametrize("argument", ["--days=0", "--days=367", "--sales-per-day=0", "--days=many"])
    def test_a_demo_that_is_no_demo_is_refused(self, data_dir, argument):
        with pytest.raises(CommandError, match="write a whole number from 1 to"):
            a_demo(argument)
        assert not User.objects.exists()

    def test_a_log_gets_a_line_for_each_quarter(self, data_dir):
        _, shown = a_demo("--days=4", "--sales-per-day=1")
        assert shown.splitlines() == [
            "Trading: 25%, Wed 24 Jun 2026",
            "Trading: 50%, Thu 25 Jun 2026",
            "Trading: 75%, Fri 26 Jun 2026",
            "Trading: 100%, Sat 27 Jun 2026",
        ]

    def test_a_terminal_gets_a_bar_on_one_line(self, data_dir):
        class Terminal(StringIO):
            def isatty(self) -> bool:
                return True

        shown = Terminal()
        with time_machine.travel(NOW, tick=False):
            call_command("demo", days=2, sales_per_day=1, stdout=StringIO(), stderr=shown)
        assert shown.getvalue() == (
            "\rTrading [###############               ]  50%  Fri 26 Jun 2026"
            "\rTrading [##############################] 100%  Sat 27 Jun 2026\n"
        )
