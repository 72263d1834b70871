"""A set of rows is written in one statement, and nobody can tell it from what Django would have written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import Category, Product
from sales.models import Payment, Tender, TillSession
from smartduka.databases import writing
from smartduka.models import Event
from smartduka.tests.builders import NOON, a_customer

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 6, 23, 9, 0, 0, 123456, tzinfo=UTC)

NASTY = [
    {"name": "Plain", "buying_price": Decimal(0), "selling_price": Decimal("0.30")},
    {"name": "It's 100% \"sure\" %s \\ \\' -- ;", "buying_price": Decimal("0.10"), "floor_price": Decimal("0.30")},
    {"name": "Maïs 🌽 ßü", "barcode": "6161100000017", "is_active": False, "average_cost": Decimal("0.0001")},
    {"name": "Dear", "selling_price": Decimal("99999999.99"), "average_cost": Decimal("9999999999.9999")},
    {"name": "Sold", "last_sold_at": LATER, "low_stock_threshold": 2_000_000_000, "is_counted": False},
]


def rows(model: type[models.Model]) -> list[dict]:
    """What the database holds, without what must differ."""
    unequal = {"id", "sku", "created_at", "search_text"}
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in unequal]
    return list(models.QuerySet(model).order_by("pk").values(*names))


def some_goods(prefix: str) -> list[Product]:
    category, _ = Category.objects.get_or_create(name="Groceries")
    plain = {"category": category, "buying_price": Decimal(1), "selling_price": Decimal("1.50")}
    return [Product(**{**plain, "sku": f"{prefix}-{at}", **fields}) for at, fields in enumerate(NASTY)]


def statements(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries]


class TestInserting:
    def test_writes_what_django_writes(self):
        Product.objects.bulk_create(some_goods("SAME"))
        expected = rows(Product)
        Product.objects.all().delete()
        writing.insert(some_goods("SAME"))
        assert rows(Product) == expected
        assert Product.objects.get(sku="SAME-2").search_text == "mais 🌽 ssu same-2"

    def test_gives_the_rows_their_keys_in_their_order(self):
        written = writing.insert(some_goods("KEYS"))
        assert [Product.objects.get(pk=each.pk).sku for each in written] == [f"KEYS-{at}" for at in range(5)]
        assert not any(each._state.adding for each in written)

    def test_is_one_statement(self):
        goods = some_goods("ONE")
        assert len(statements(lambda: writing.insert(goods))) == 1
        assert statements(lambda: writing.insert([])) == []

    def test_holds_for_every_kind_of_value(self, amina):
        ref = UUID("7f843ba3-9e65-42b5-816e-33a62b197c2c")
        counted = {"1000": 3, "ünï": [None, 1.5]}
        opened = TillSession(
            client_ref=ref, cashier=amina, open_for=amina, opening_float=Decimal("0.10"), opened_at=LATER,
            opened_on=date(2026, 6, 23), denominations=counted,
        )  # fmt: skip
        writing.insert([opened])
        kept = TillSession.objects.get()
        assert (kept.client_ref, kept.cashier, kept.opening_float, kept.opened_at) == (
            ref,
            amina,
            opened.opening_float,
            LATER,
        )
        assert (kept.opened_on, kept.denominations, kept.closed_at, kept.close_ref) == (
            date(2026, 6, 23),
            counted,
            None,
            None,
        )

    def test_refuses_what_refers_to_a_row_that_is_not_written(self, otieno):
        payment = Payment(
            customer=a_customer("Juma"), amount=1, received_at=NOON, received_on=NOON.date(), received_by=otieno
        )
        with pytest.raises(ValueError, match="payment is not written yet"):
            writing.insert([Tender(payment=payment, type="cash", amount=1)])

    def test_is_how_facts_are_written_in_bulk(self, amina):
        events = [Event(kind="login", happened_at=NOON, by=amina, subject=name) for name in ("One", "Two")]
        with patch.object(writing, "insert", wraps=writing.insert) as insert:
            Event.objects.bulk_create(events)
        assert insert.call_count == 1
        assert [event.subject for event in Event.objects.filter(kind="login").order_by("pk")] == ["One", "Two"]

    def test_leaves_a_fact_that_has_its_key_to_django(self, amina):
        known = Event(pk=4_000_000, kind="login", happened_at=NOON, by=amina)
        Event.objects.bulk_create([known])
        assert Event.objects.filter(pk=4_000_000).exists()


class TestUpdating:
    CHANGED = ("name", "barcode", "floor_price", "average_cost", "is_active", "last_sold_at", "low_stock_threshold")

    @pytest.fixture
    def goods(self) -> list[Product]:
        """On the shelf, and then changed in memory, each into what another one was."""
        goods = Product.objects.bulk_create(some_goods("HELD"))
        before = [{name: getattr(each, name) for name in self.CHANGED} for each in goods]
        for each, other in zip(goods, [*before[1:], before[0]], strict=True):
            vars(each).update(other, barcode=other["barcode"] and "616")
        return goods

    def test_writes_what_django_writes(self, goods):
        before = rows(Product)
        with transaction.atomic():
            Product.objects.bulk_update(goods, self.CHANGED)
            expected = rows(Product)
            transaction.set_rollback(True)
        assert rows(Product) == before
        writing.update(goods, self.CHANGED)
        assert rows(Product) == expected != before

    @pytest.mark.parametrize("name", ["last_sold_at", "floor_price", "barcode"])
    @pytest.mark.parametrize("first", ["empty", "filled"])
    def test_writes_nothing_as_nothing(self, goods, name, first):
        for each in goods:
            setattr(each, name, None)
        if first == "filled":
            setattr(goods[0], name, {"last_sold_at": LATER, "floor_price": Decimal("0.01"), "barcode": "7"}[name])
        writing.update(goods, [name])
        held = Product.objects.order_by("pk").values_list(name, flat=True)
        assert list(held) == [getattr(each, name) for each in goods]

    def test_touches_no_other_row_and_no_other_column(self, goods):
        before = rows(Product)
        goods[1].name, goods[1].low_stock_threshold = "Changed", 7
        writing.update([goods[1]], ["low_stock_threshold"])
        before[1]["low_stock_threshold"] = 7
        assert rows(Product) == before

    def test_is_one_statement(self, goods):
        assert len(statements(lambda: writing.update(goods, self.CHANGED))) == 1
        assert statements(lambda: writing.update([], self.CHANGED)) == []

    def test_asks_the_rules_of_the_database(self, goods):
        goods[2].average_cost = Decimal(-1)
        with pytest.raises(DatabaseError, match="product_average_cost_not_negative"):
            writing.update(goods, ["average_cost"])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server takes any number of values at once")
class TestMoreThanOneStatementHolds:
    @pytest.fixture(autouse=True)
    def few_values(self):
        with patch.object(type(connection.features), "max_query_params", 40):
            yield

    def test_is_written_in_parts(self):
        goods = some_goods("PART")
        assert len(statements(lambda: writing.insert(goods))) == 3
        for each in goods:
            each.low_stock_threshold = each.pk
        assert len(statements(lambda: writing.update(goods, TestUpdating.CHANGED))) == 3
        writing.update(goods, ["low_stock_threshold"])
        assert list(Product.objects.order_by("pk").values_list("low_stock_threshold", flat=True)) == [
            each.pk for each in goods
        ]

    @pytest.mark.django_db(transaction=True)
    def test_is_written_whole_or_not_at_all(self):
        goods = some_goods("HALF")
        goods[4].sku = goods[0].sku
        with pytest.raises(DatabaseError):
            writing.insert(goods)
        assert not Product.objects.exists()
