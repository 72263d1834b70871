"""The history as a whole: how its files are written, and that large old shops come through it."""

import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.test import override_settings

from inventory.models import Supplier
from inventory.receipts import ReceiptLine, receive_goods
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, a_voucher, paid
from smartduka.tests.history import Go, history, migration

APPS = ("inventory", "customers", "sales", "smartduka")
SCALE = float(os.environ.get("SMARTDUKA_TEST_SCALE", "0.1"))
Guard = Callable[[Any, Any], None]


def stages() -> list[Migration]:
    published = MigrationLoader(None).disk_migrations
    return [published[key] for key in sorted(published) if key[0] in APPS]


def fills_rows(operation: Operation) -> bool:
    """Whether it writes on the way forward. What only speaks up on the way back is a guard."""
    return isinstance(operation, RunPython) and operation.code is not RunPython.noop


def is_guard(operation: Operation) -> bool:
    return isinstance(operation, RunPython) and not fills_rows(operation)


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_stage_has_a_telling_name():
    names = [stage.name for stage in stages()]
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z_]+", name) or "auto" in name] == []


def test_a_stage_fills_rows_or_changes_tables_but_never_both():
    kinds = {str(stage): {fills_rows(operation) for operation in stage.operations} for stage in stages()}
    assert [stage for stage, kind in kinds.items() if len(kind) != 1] == []


def test_every_stage_has_a_way_back():
    assert [str(stage) for stage in stages() for operation in stage.operations if not operation.reversible] == []


def test_a_guard_is_asked_before_anything_of_its_stage_is_undone():
    misplaced = [str(stage) for stage in stages() for operation in stage.operations[:-1] if is_guard(operation)]
    assert misplaced == []


def test_a_published_stage_never_leans_on_code_that_lives_on():
    ours = re.compile(rf"^\s*(from|import) ({'|'.join(APPS)})\b", re.MULTILINE)
    files = [Path(migration(stage.app_label, stage.name).__file__) for stage in stages()]
    assert [str(file) for file in files if ours.search(file.read_text(encoding="utf-8"))] == []


def guards() -> dict[str, Guard]:
    return {str(stage): stage.operations[-1].reverse_code for stage in stages() if is_guard(stage.operations[-1])}


def refusals() -> dict[str, str]:
    """What each guard says to going back from here; "" when it lets through."""
    said = {}
    for stage, guard in guards().items():
        try:
            guard(apps, SimpleNamespace(connection=connection))
            said[stage] = ""
        except CommandError as refusal:
            said[stage] = str(refusal)
    return said


@pytest.mark.django_db
def test_an_empty_shop_may_go_back_anywhere():
    assert set(refusals().values()) == {""}


def test_a_trading_shop_may_not_lose_anything_on_the_way_back_unless_forced(amina):
    bread = a_product(by=amina, stock="24", barcode="6161101234567")
    carton = a_pack(bread)
    supplier = Supplier.objects.create(name="Wholesaler")
    receive_goods([ReceiptLine(bread.pk, 12, Decimal(600), 12)], a_voucher(amina), supplier=supplier)
    wanjiku = a_customer("Wanjiku", limit="5000", notes="Pays on Fridays")
    a_sale([a_line(bread, pack=carton)], [paid("660", "on_account")], by=amina, customer=wanjiku)

    said = refusals()
    assert len(said) >= 12
    assert [stage for stage, sentence in said.items() if "SMARTDUKA_ALLOW_DATA_LOSS=on" not in sentence] == []
    with override_settings(ALLOW_DATA_LOSS=True):
        assert set(refusals().values()) == {""}


@pytest.fixture
def go(transactional_db: None) -> Iterator[Go]:
    with history() as go:
        yield go


def test_an_empty_shop_can_be_taken_down_to_nothing_and_set_up_again(go):
    for app in APPS:
        go(app, "zero")
    assert not [table for table in connection.introspection.table_names() if table.startswith(APPS)]
    assert not go().get_model("inventory", "Category").objects.exists()


def dirty_sku(pk: int) -> str | None:
    """Missing, blank, two ways of writing the same code, and one that cannot be written at all."""
    return (None, "", f" abc-{pk // 9} ", f"ABC-{pk // 9}", f"é{pk}")[pk * 7919 % 5]


def test_a_large_dirty_shop_goes_forward_back_and_forward_with_the_same_codes(go):
    pks = range(1, int(20_000 * SCALE) + 1)
    model = go("inventory", "0001").get_model("inventory", "Product")
    created = (model(pk=pk, name=f"No. {pk}", buying_price=10, selling_price=12, stock_quantity=pk % 3) for pk in pks)
    model.objects.bulk_create(created, batch_size=1000)
    model = go("inventory", "0003").get_model("inventory", "Product")
    model.objects.bulk_update([model(pk=pk, sku=dirty_sku(pk)) for pk in pks], ["sku"], batch_size=500)

    def codes() -> dict[int, str]:
        return dict(model.objects.values_list("pk", "sku"))

    apps_now = go()
    first = codes()
    assert len(set(first.values())) == len(pks)
    assert all(re.fullmatch(r"ABC-\d+|SKU-\d{6}", code) for code in first.values())
    movements = apps_now.get_model("inventory", "StockMovement").objects
    assert movements.filter(reason="opening").count() == sum(pk % 3 > 0 for pk in pks)
    go("inventory", "0003")
    assert codes() == first
    go()
    assert codes() == first
