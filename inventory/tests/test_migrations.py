"""Dirty goods of an old shop, carried through every stage, back, and forward again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import Product
from smartduka.tests.history import Go, history, migration, models_now, run

SKUS = {
    1: (None, "SKU-000001-3"),
    2: ("", "SKU-000002"),
    3: ("  \t", "SKU-000003-2"),
    4: ("sugar-1", "SKU-000004"),
    5: ("SUGAR-1", "SUGAR-1"),
    6: (" Sugar-1 ", "SKU-000006"),
    7: ("SUGAR-1", "SKU-000007"),
    8: ("bread", "BREAD"),
    9: ("\u00a0Bread\n", "SKU-000009"),
    10: ("\uff2d\uff29\uff2c\uff2b\uff3f\uff11", "MILK_1"),  # full-width
    11: ("café", "SKU-000011"),
    12: ("TEA 500", "SKU-000012"),
    13: ("sku-000001", "SKU-000001"),
    14: ("SKU-000001-2", "SKU-000001-2"),
    15: ("SKU-000015", "SKU-000015"),
    16: ("x" * 40, "X" * 40),
    17: ("㎏" * 40, "SKU-000017"),  # 80 letters, once folded
    18: ("tea_1.5-b", "TEA_1.5-B"),
    19: ("SKU-000003", "SKU-000003"),
    20: ("sku-000003 ", "SKU-000020"),
    21: ("\u3000Ugali\t", "UGALI"),
}
"""By primary key: the code as it was typed, and the code it becomes."""


@pytest.fixture
def go(transactional_db: None) -> Iterator[Go]:
    with history() as go:
        yield go


def create_product(apps: Apps, **fields: Any) -> None:
    usual = {"name": "Sugar 1 kg", "buying_price": "140", "selling_price": "160"}
    apps.get_model("inventory", "Product").objects.create(**usual | fields)


def create_dirty_codes(apps: Apps) -> None:
    for pk, (typed, _) in SKUS.items():
        create_product(apps, pk=pk, sku=typed)


def skus(apps: Apps) -> dict[int, str | None]:
    return dict(apps.get_model("inventory", "Product").objects.order_by("pk").values_list("pk", "sku"))


def test_dirty_codes_become_proper_and_unique_and_survive_going_back_and_forward(go, capsys):
    create_dirty_codes(go("inventory", "0003"))
    proper = {pk: sku for pk, (_, sku) in SKUS.items()}
    apps = go()
    assert skus(apps) == proper

    told = capsys.readouterr().out
    assert "3 products without a SKU were given one." in told
    assert "Product 4: SKU 'sugar-1' is now SKU-000004" in told
    assert r"Product 11: SKU 'caf\xe9' is now SKU-000011" in told
    assert "Product 5:" not in told

    category = apps.get_model("inventory", "Category").objects.get(name="Uncategorised")
    with pytest.raises(IntegrityError), transaction.atomic():
        create_product(apps, sku="BREAD", category=category)
    assert skus(apps) == proper

    assert skus(go("inventory", "0003")) == proper
    assert skus(go()) == proper
    assert "is now" not in capsys.readouterr().out


def test_going_back_is_refused_while_it_would_lose_typed_codes_unless_forced(go):
    create_dirty_codes(go("inventory", "0003"))
    apps = go("inventory", "0005")
    before = skus(apps)
    with pytest.raises(CommandError) as refusal:
        go("inventory", "0002")
    assert "lose the SKUs of 9 products, for example 'SUGAR-1'" in str(refusal.value)
    assert "SMARTDUKA_ALLOW_DATA_LOSS=on" in str(refusal.value)
    assert skus(go("inventory", "0005")) == before
    with override_settings(ALLOW_DATA_LOSS=True):
        apps = go("inventory", "0002")
    assert "sku" not in {field.name for field in apps.get_model("inventory", "Product")._meta.get_fields()}
    assert apps.get_model("inventory", "Product").objects.count() == len(SKUS)


def test_a_backfill_of_codes_that_stopped_half_way_ends_the_same_when_run_again(go):
    apps = go("inventory", "0003")
    drinks = apps.get_model("inventory", "Category").objects.create(name="Drinks")
    create_dirty_codes(apps)
    products = apps.get_model("inventory", "Product").objects
    products.filter(pk=1).update(category=drinks)
    apps = go("inventory", "0004")
    products, complete = apps.get_model("inventory", "Product").objects, skus(apps)
    for pk in range(11, 22):
        products.filter(pk=pk).update(sku=SKUS[pk][0], category=None)
    for _ in range(2):
        run(migration("inventory", "0004_fill_category_and_sku").fill)
        assert skus(apps) == complete
        assert products.get(pk=1).category.name == "Drinks"
        assert products.filter(category__name="Uncategorised").count() == 20


@given(
    typed=st.lists(
        st.none() | st.text("aA1- é", max_size=3) | st.sampled_from(["SKU-000002", "sku-000003", "SKU-000002-2"])
    ),
    stopped_after=st.integers(0, 20),
)
def test_codes_are_the_same_wherever_the_backfill_stopped(typed, stopped_after):
    backfill = migration("inventory", "0004_fill_category_and_sku")
    old = dict(enumerate(typed, start=1))
    new = backfill.decide(old)
    assert new.keys() == old.keys()
    assert len(set(new.values())) == len(new)
    assert all(backfill.PROPER.fullmatch(code) for code in new.values())
    assert backfill.decide({pk: new[pk] if pk <= stopped_after else old[pk] for pk in old}) == new


def create_dirty_shelf(apps: Apps) -> None:
    create_product(apps, pk=1, buying_price="12.34", stock_quantity=7)
    create_product(apps, pk=2, stock_quantity=0)
    create_product(apps, pk=3, buying_price="-5", selling_price="-0.01", stock_quantity=3)
    create_product(apps, pk=4, buying_price="99999999.99", stock_quantity=2_000_000_000)
    create_product(apps, pk=5, buying_price="0.01", stock_quantity=2_000_000_000)


OPENINGS = [
    (1, 7, 7, Decimal("12.34"), Decimal("86.38")),
    (3, 3, 3, Decimal(0), Decimal(0)),
    (5, 2_000_000_000, 2_000_000_000, Decimal("0.01"), Decimal("20000000.00")),
]
SHELF = [
    (1, 7, Decimal("12.34"), Decimal(160), Decimal("12.34")),
    (2, 0, Decimal(140), Decimal(160), Decimal(140)),
    (3, 3, Decimal(0), Decimal(0), Decimal(0)),
    (4, 0, Decimal("99999999.99"), Decimal(160), Decimal("99999999.99")),
    (5, 2_000_000_000, Decimal("0.01"), Decimal(160), Decimal("0.01")),
]


def openings(apps: Apps) -> list[tuple[Any, ...]]:
    rows = apps.get_model("inventory", "StockMovement").objects.filter(reason="opening").order_by("product")
    return list(rows.values_list("product", "quantity", "quantity_after", "unit_cost", "value"))


def shelf(apps: Apps) -> list[tuple[Any, ...]]:
    rows = apps.get_model("inventory", "Product").objects.order_by("pk")
    return list(rows.values_list("pk", "stock_quantity", "buying_price", "selling_price", "average_cost"))


def test_the_ledger_opens_with_what_is_on_the_shelf_and_so_again_after_going_back(go, capsys):
    create_dirty_shelf(go("inventory", "0001"))
    begun_at = timezone.now()
    apps = go()
    assert openings(apps) == OPENINGS
    assert shelf(apps) == SHELF
    for movement in apps.get_model("inventory", "StockMovement").objects.all():
        assert begun_at <= movement.posted_at <= timezone.now()
        assert movement.posted_on == timezone.localdate(movement.posted_at)
        assert movement.posted_by is None
    told = capsys.readouterr().out
    assert "Product 3: prices -5.00 and -0.01 are now 0.00 where below zero" in told
    assert "Product 4: a stock of 2000000000 cannot be; it is now 0" in told

    # No code was typed, so the way back is open to the very beginning.
    go("inventory", "0001")
    apps = go()
    assert openings(apps) == OPENINGS
    assert shelf(apps) == SHELF
    assert skus(apps) == {pk: f"SKU-00000{pk}" for pk in range(1, 6)}


def test_openings_are_posted_once_and_going_back_keeps_what_people_posted(go):
    create_dirty_shelf(go("inventory", "0001"))
    apps = go("inventory", "0010")
    movements = apps.get_model("inventory", "StockMovement").objects
    movements.filter(product=3).delete()
    for _ in range(2):
        run(migration("inventory", "0010_fill_opening_movements").fill)
        assert openings(apps) == OPENINGS

    counted = movements.get(product=1)
    counted.pk, counted.reason, counted.quantity, counted.quantity_after = None, "count", -2, 5
    counted.save()
    with pytest.raises(CommandError, match="lose 2 stock movements"):
        go("inventory", "0008")
    assert list(movements.order_by("pk").values_list("product", "quantity")) == [(1, 7), (1, -2)]
    assert openings(go("inventory", "0010")) == OPENINGS


# --- Words to search in ------------------------------------------------------------------------------------

NAMES = {
    1: ("Café №5", "cafe no5 sku-000001"),
    2: ("MAZIWA Fresh", "maziwa fresh sku-000002"),
    3: ("", " sku-000003"),
    4: ("ﷺ" * 120, ("صلى الله عليه وسلم" * 120)[:255]),
    5: ("100% O'Brien_", "100% o'brien_ sku-000005"),
    6: ("İstanbul Straße", "istanbul strasse sku-000006"),
}
"""By primary key: a name, and how it is searched."""


def search_texts(apps: Apps) -> dict[int, str]:
    return dict(apps.get_model("inventory", "Product").objects.order_by("pk").values_list("pk", "search_text"))


def test_the_words_of_goods_are_folded_as_the_living_shop_folds_them(go):
    apps = go("inventory", "0003")
    for pk, (name, _) in NAMES.items():
        create_product(apps, pk=pk, name=name)
    folded = {pk: text for pk, (_, text) in NAMES.items()}
    assert search_texts(go()) == folded
    assert {product.pk: product.search_text for product in Product.objects.all()} == folded
    go("inventory", "0012")
    assert search_texts(go()) == folded


def test_a_backfill_of_words_that_stopped_half_way_ends_the_same_when_run_again(go):
    apps = go("inventory", "0003")
    for pk, (name, _) in NAMES.items():
        create_product(apps, pk=pk, name=name)
    complete = search_texts(go("inventory", "0014"))
    models_now().get_model("inventory", "Product").objects.filter(pk__gt=3).update(search_text=None)
    for _ in range(2):
        run(migration("inventory", "0014_fill_product_search_text").fill)
        assert search_texts(models_now()) == complete
