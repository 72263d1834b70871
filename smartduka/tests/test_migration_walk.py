"""A shop with rows walks through its history, stage by stage, back and forward again; the triggers go with it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from sales import books
from smartduka.databases import append_only
from smartduka.ledger import LedgerRow
from smartduka.tests.history import history, history_of
from smartduka.tests.living_shop import trade
from smartduka.tests.old_shop import APPS, Rows, everything, make_the_past
from smartduka.tests.scale import scaled

FACTS = {model._meta.db_table for model in apps.get_models() if issubclass(model, LedgerRow)}

WRITTEN_AGAIN = {"inventory.StockMovement", "sales.Tender"}
"""Tables that a stage fills on the way forward, and empties on the way back."""

AS_IT_WAS_TYPED = {"phone", "notes"}
"""Columns that on the way back become what people typed."""

OPENED = ("posted_at", "posted_on")
"""When a migration opened the stock ledger."""


@pytest.fixture
def shop_with_a_past(transactional_db: None) -> Iterator[None]:
    """Afterwards the database stands at the newest stage, empty."""
    with history():
        yield


class Walk:
    """From where the database stands to the newest stage."""

    def __init__(self) -> None:
        stages = history_of(*APPS)
        applied = self._applied()
        self.begin = {app: name for app, name in map(_key, stages) if (app, name) in applied}
        self.steps = [_key(stage) for stage in stages if _key(stage) not in applied]

    def stops(self) -> Sequence[int]:
        """After how many steps to look around: after every one, or in short tests after a few."""
        count = scaled(len(self.steps))
        return sorted({len(self.steps) * n // count for n in range(count + 1)})

    def go(self, steps: int) -> None:
        here = {app: name for app, name in sorted(self._applied()) if app in APPS}
        for app, name in (self.begin | dict(self.steps[:steps])).items():
            if here.get(app) != name:
                call_command("migrate", app, name, verbosity=0)

    def _applied(self) -> set[tuple[str, str]]:
        return set(MigrationRecorder(connection).applied_migrations())


def _key(stage: Any) -> tuple[str, str]:
    return stage.app_label, stage.name


def refusal(statement: str) -> str:
    """What the database says to it; "" when it lets it through. Nothing is changed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return str(error)
    return ""


def let_through() -> list[str]:
    """The tables, among those with rows, whose rows the database would let anybody change."""
    tables = set(connection.introspection.table_names())
    forbidden = {table: f"UPDATE {table} SET id = id" for table in FACTS & tables}
    if "inventory_stockmovement" in tables:
        forbidden["inventory_product"] = "UPDATE inventory_product SET stock_quantity = stock_quantity + 1"
    if "sales_tillsession" in tables:
        forbidden["sales_tillsession"] = "UPDATE sales_tillsession SET note = note"
    says = ("append-only", "newest row", "changes once")
    return [
        table
        for table, statement in forbidden.items()
        if _has_rows(table) and not any(each in refusal(statement) for each in says)
    ]


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
        return cursor.fetchone() is not None


def changed(now: Rows, newest: Rows, *, unfilled: bool = False) -> list[str]:
    """Where a row of now is not what it is at the newest stage, in the columns that both know.

    On the way forward a column may be still to be filled.
    """
    found = []
    for label in now.keys() - WRITTEN_AGAIN:
        then = {row["id"]: row for row in newest[label]}
        if [row["id"] for row in now[label]] != list(then):
            found.append(f"{label}: other rows")
        for row in now[label]:
            is_then = then.get(row["id"], {})
            known = {name for name in row if row[name] is not None or not unfilled} & is_then.keys() - AS_IT_WAS_TYPED
            found += [f"{label} {row['id']}: {name}" for name in known if row[name] != is_then[name]]
    return found


@override_settings(ALLOW_DATA_LOSS=True)
def test_an_old_shop_walks_back_and_forward_without_a_changed_row_or_a_trigger_missing(shop_with_a_past):
    make_the_past(25)
    walk = Walk()
    walk.go(len(walk.steps))
    newest = everything(but=OPENED)
    back = [(steps, False) for steps in reversed(walk.stops())]
    forward = [(steps, True) for steps in walk.stops()]
    for steps, is_forward in back + forward:
        walk.go(steps)
        where = f"after {steps} steps {'forward' if is_forward else 'back'}"
        assert append_only.missing() == [], where
        assert let_through() == [], where
        assert changed(everything(but=OPENED), newest, unfilled=is_forward) == [], where
    assert everything(but=OPENED) == newest


def test_what_the_walk_looks_for_is_seen(transactional_db):
    """The control: without the triggers rows can be changed, and a changed row is noticed."""
    trade(User.objects.create_user("amina"))
    newest = everything()
    assert let_through() == []
    with append_only.lifted():
        assert set(let_through()) == {*FACTS, "inventory_product", "sales_tillsession"}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sales_sale SET total = 1")
            cursor.execute("DELETE FROM sales_receiptprint")
    sale = newest["sales.Sale"][0]["id"]
    assert sorted(changed(everything(), newest)) == ["sales.ReceiptPrint: other rows", f"sales.Sale {sale}: total"]


STAYS = {
    "inventory.Product": ("id", "name", "buying_price", "selling_price", "stock_quantity", "created_at"),
    "customers.Customer": ("id", "name", "phone", "created_at"),
    "sales.Sale": ("id", "sold_at", "sold_on", "total", "customer_id"),
    "sales.SaleLine": ("id", "sale_id", "product_id", "quantity", "unit_price"),
}
"""What the oldest stage knows already."""


def what_stays() -> list[list[Any]]:
    rows = everything()
    return [[row[name] for name in names] for label, names in STAYS.items() for row in rows[label]]


def test_a_trading_shop_goes_back_only_when_it_is_forced_and_comes_forward_with_clean_books(shop_with_a_past):
    trade(User.objects.create_user("amina"))
    before, old = everything(), what_stays()
    assert [label for label, rows in before.items() if not rows] == []
    for app in APPS:
        with pytest.raises(CommandError, match="SMARTDUKA_ALLOW_DATA_LOSS=on"):
            call_command("migrate", app, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
    assert everything() == before

    with override_settings(ALLOW_DATA_LOSS=True):
        for app in ("smartduka", "sales", "customers", "inventory"):
            call_command("migrate", app, "0001", verbosity=0)
    assert append_only.missing() == []
    assert let_through() == []
    call_command("migrate", verbosity=0)
    assert what_stays() == old
    assert let_through() == []
    assert list(books.audit()) == []
