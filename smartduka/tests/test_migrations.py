"""The history as a whole: what it refuses to lose on its way back, and that large old shops come through it."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import connection
from django.test import override_settings

from smartduka.tests.history import Go, history, history_of
from smartduka.tests.living_shop import trade
from smartduka.tests.migration_rules import is_guard
from smartduka.tests.old_shop import APPS
from smartduka.tests.scale import scaled

Guard = Callable[[Any, Any], None]


def guards() -> dict[str, Guard]:
    last = {str(stage): stage.operations[-1] for stage in history_of(*APPS)}
    return {stage: operation.reverse_code for stage, operation in last.items() if is_guard(operation)}


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
    trade(amina)
    said = refusals()
    assert len(said) >= 14
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
    pks = range(1, scaled(20_000) + 1)
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
