"""The demo is a shop in which everything that a duka knows has happened, and whose books are clean."""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from customers import ledger as customer_ledger
from customers.models import Customer, LedgerEntry
from inventory.models import GoodsReceipt, Product, StockMovement
from sales import books
from sales.demo import credit, goods, purse, rhythm
from sales.models import Payment, PaymentCode, Return, Sale, SaleLine, Tender, TillSession
from sales.tenders import MPESA, parse_reference
from smartduka import events
from smartduka.management.commands.open_shop import demo_logins
from smartduka.models import Event

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 27, 15, 30, tzinfo=UTC)
"""18:30 in Nairobi, on a Saturday."""
TODAY, FIRST_DAY = date(2026, 6, 27), date(2026, 6, 14)


@pytest.fixture(scope="class")
def living_shop(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Two weeks of trade that all tests of a class look at; what the command said."""
    data_dir = tmp_path_factory.mktemp("data")
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=data_dir),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        said = StringIO()
        call_command("demo", sales_per_day=25, stdout=said, stderr=StringIO())
        yield said.getvalue()
        transaction.set_rollback(True)


class TestALivingShop:
    def test_its_books_are_clean(self, living_shop):
        assert list(books.audit()) == []

    def test_it_sold_on_each_day_and_every_sale_is_in_opening_hours_and_past(self, living_shop):
        sold_at = [timezone.localtime(each) for each in Sale.objects.values_list("sold_at", flat=True)]
        assert {each.date() for each in sold_at} == {FIRST_DAY + timedelta(days=n) for n in range(14)}
        assert [each for each in sold_at if not 6 <= each.hour < 21] == []
        assert NOW - timedelta(hours=3) < max(sold_at) <= NOW

    def test_it_sells_about_as_much_as_asked_and_most_on_a_saturday(self, living_shop):
        by_day = Counter(Sale.objects.values_list("sold_on", flat=True))
        assert 0.85 * 25 < sum(by_day.values()) / 14 < 1.15 * 25
        assert max(by_day, key=by_day.__getitem__).weekday() == goods.SATURDAY

    def test_facts_are_written_in_the_order_in_which_they_happened(self, living_shop):
        for model, at in ((Sale, "sold_at"), (StockMovement, "posted_at"), (LedgerEntry, "posted_at")):
            instants = list(model.objects.order_by("pk").values_list(at, flat=True))
            assert instants == sorted(instants), model
            assert instants[-1] <= NOW

    def test_drawers_are_counted_every_evening_and_mostly_tie_out(self, living_shop):
        assert not TillSession.objects.filter(is_automatic=True).exists()
        still_open = TillSession.objects.open()
        assert [(each.cashier.username, each.opened_on) for each in still_open] == [("otieno", TODAY)]
        counted = TillSession.objects.filter(open_for=None)
        assert {each.closed_on for each in counted} == {FIRST_DAY + timedelta(days=n) for n in range(14)}
        off = [each for each in counted if each.over_short]
        assert 0 < len(off) < len(counted) / 2
        assert all(-150 <= each.over_short <= 20 for each in off)

    def test_it_is_paid_in_every_usual_way(self, living_shop):
        sales = Tender.objects.filter(sale__isnull=False)
        share = {
            kind: sales.filter(type=kind, amount__gt=0).count() / Sale.objects.count()
            for kind in ("cash", "mpesa", "on_account")
        }
        assert share["cash"] > share["mpesa"] > 0.2 > share["on_account"] > 0.05
        assert sales.filter(type="cash", amount__lt=0).exists()

    def test_each_mpesa_code_is_one_that_the_till_accepts_with_a_whole_amount(self, living_shop):
        held = PaymentCode.objects.filter(code__isnull=False).select_related("tender")
        assert len(held) > 50
        for each in held:
            assert parse_reference(MPESA, each.code) == each.code
            assert each.tender.amount == each.tender.amount.to_integral_value()

    def test_kadogo_quantities_packs_and_bargains_are_sold(self, living_shop):
        assert SaleLine.objects.filter(unit="kilogram", quantity=125).exists()
        assert SaleLine.objects.filter(pack__isnull=False).exists()
        bargains = SaleLine.objects.filter(unit_price__lt=F("list_price"), pack__isnull=True)
        assert bargains.exists()
        assert not bargains.filter(sale__cashier__username="otieno").exists()

    def test_goods_are_sold_by_shillings_with_discounts_and_notes_and_once_below_the_floor(self, living_shop):
        asked = SaleLine.objects.filter(asked_amount__isnull=False)
        assert {line.line_total for line in asked} >= {Decimal(10), Decimal(20), Decimal(50)}
        assert set(asked.values_list("unit", flat=True)) >= {"kilogram", "litre"}
        discounted = SaleLine.objects.filter(discount__gt=0)
        assert discounted.exists()
        assert not discounted.filter(sale__cashier__username="otieno").exists()
        assert Sale.objects.exclude(note="").exists()
        overrides = Event.objects.filter(kind=events.OVERRIDDEN)
        assert {(each.by.username, each.reason) for each in overrides} == {("amina", "Yesterday's bread")}

    def test_debts_are_paid_in_part_and_some_are_overdue(self, living_shop):
        assert Payment.objects.count() >= 3
        owed = customer_ledger.balances(Customer.objects.all())
        for customer in Customer.objects.all():
            assert owed.get(customer.pk, 0) <= customer.credit_limit
        never_paid = Customer.objects.filter(name__in=credit.NEVER_PAY)
        overdue = LedgerEntry.objects.filter(customer__in=never_paid, kind="charge", due_on__lt=TODAY)
        assert overdue.values("customer").distinct().count() == 3
        assert all(owed[customer.pk] > 0 for customer in never_paid)

    def test_goods_come_back_and_a_sale_is_void(self, living_shop):
        assert Return.objects.filter(voided_sale__isnull=False).count() == 2
        assert Return.objects.filter(voided_sale__isnull=True).count() >= 3

    def test_a_shelf_was_counted_with_a_small_variance_and_eggs_broke(self, living_shop):
        counts = StockMovement.objects.filter(reason="count")
        assert counts.count() == 8
        assert all(0 < abs(each.quantity) <= 180 for each in counts)
        assert set(StockMovement.objects.filter(reason="write_off").values_list("product__sku", "note")) >= {
            ("EGG", "Broken eggs")
        }

    def test_goods_that_nobody_wants_have_lain_there_for_over_ninety_days(self, living_shop):
        dead = Product.objects.filter(sku__in=goods.NEVER_SOLD)
        assert len(dead) == len(goods.NEVER_SOLD)
        for product in dead:
            assert product.stock_quantity > product.low_stock_threshold
            assert product.last_sold_at is None
            assert (TODAY - product.movements.get().posted_on).days >= 90

    def test_some_goods_are_out_of_stock_and_some_are_low(self, living_shop):
        low = Product.objects.low_stock()
        assert goods.SCARCE & {product.sku for product in low.filter(stock_quantity=0)}
        assert low.filter(stock_quantity__gt=0).exists()
        assert low.count() < Product.objects.count() / 3

    def test_suppliers_brought_more_than_once_at_about_the_usual_cost(self, living_shop):
        assert GoodsReceipt.objects.filter(supplier__name="Bakery Van").count() > 7
        for product in Product.objects.filter(is_counted=True):
            assert product.average_cost > 0
            assert product.average_cost < product.lowest_price, product

    def test_it_says_what_it_made_and_how_to_get_in(self, living_shop):
        lines = living_shop.splitlines()
        assert lines[-1] == (
            f"Made 14 days of trade: {Sale.objects.count()} sales with {SaleLine.objects.count()} lines. "
            "The books tie out."
        )
        for login in demo_logins().values():
            assert any(login["username"] in line and login["password"] in line for line in lines)

    def test_each_role_gets_in_with_the_password_that_is_kept(self, living_shop):
        logins = demo_logins()
        assert {role: login["username"] for role, login in logins.items()} == {
            "Owner": "amina",
            "Manager": "manager",
            "Cashier": "otieno",
        }
        for role, login in logins.items():
            user = User.objects.get(username=login["username"])
            assert user.check_password(login["password"])
            assert [group.name for group in user.groups.all()] == [role]
            assert user.is_staff == (role == "Owner")
            assert not user.is_superuser

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
    def test_nobody_else_on_the_computer_reads_them(self, living_shop):
        file = project.DATA_DIR / "demo-logins.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestRhythmAndPurse:
    rng = Random(3)  # noqa: S311 – no secret hangs on it

    def test_wages_are_spent_around_the_end_of_a_month(self):
        days = [date(2026, 2, 20) + timedelta(days=n) for n in range(14)]
        assert [f"{day:%d.%m}" for day in days if rhythm.is_month_end(day)] == [
            "26.02", "27.02", "28.02", "01.03", "02.03",
        ]  # fmt: skip

    def test_a_quiet_day_still_sees_a_customer(self):
        assert len(rhythm.moments(date(2026, 6, 14), 1, self.rng)) == 1

    def test_cash_is_always_enough_and_never_foolish(self):
        for amount in map(Decimal, range(1, 2000, 7)):
            given = purse.cash(amount, self.rng).amount
            assert amount <= given < amount + max(1000 if amount > 333 else 3 * amount, 50)

    def test_a_code_tells_year_month_and_day_as_mpesa_does(self):
        tendered = purse.mpesa(Decimal(100), NOW, self.rng)
        assert tendered.reference[:3] == "UFR"
        assert len(tendered.reference) == 10
