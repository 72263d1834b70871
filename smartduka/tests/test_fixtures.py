"""The master data in fixtures/ loads, loads again, and is what a duka could really sell."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

FIXTURES = settings.BASE_DIR / "fixtures"
LOADING_ORDER = ("categories", "suppliers", "catalogue", "customers")
BASE_UNITS = {"piece": 1, "kilogram": 1000, "litre": 1000, "metre": 1000}
LEDGER_FIELDS = {"stock_quantity", "average_cost", "last_sold_at"}

Fields = dict[str, Any]


def rows_of(name: str) -> list[Fields]:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def fields_of(name: str, model: str) -> list[Fields]:
    return [row["fields"] for row in rows_of(name) if row["model"] == model]


def goods() -> list[Fields]:
    return fields_of("catalogue", "inventory.product")


def packs_with_their_product() -> Iterator[tuple[Fields, Fields]]:
    product_by_sku = {product["sku"]: product for product in goods()}
    for pack in fields_of("catalogue", "inventory.pack"):
        yield pack, product_by_sku[pack["product"][0]]


def barcodes() -> list[str]:
    rows = rows_of("catalogue")
    return [row["fields"]["barcode"] for row in rows if row["fields"]["barcode"] is not None]


def has_right_check_digit(barcode: str) -> bool:
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(barcode))
    return sum(weighted) % 10 == 0


def load_all() -> None:
    call_command("loaddata", *LOADING_ORDER, verbosity=0)


def table_counts() -> Counter[str]:
    models = {row["model"] for name in LOADING_ORDER for row in rows_of(name)}
    return Counter({model: apps.get_model(model).objects.count() for model in models})


def test_every_fixture_file_is_among_those_tested():
    assert {path.stem for path in FIXTURES.iterdir()} == set(LOADING_ORDER)


@pytest.mark.django_db
def test_the_fixtures_load_twice_in_a_row_and_add_nothing_the_second_time():
    assert table_counts().total() == 0
    in_files = Counter(row["model"] for name in LOADING_ORDER for row in rows_of(name))

    load_all()
    assert table_counts() == in_files

    load_all()
    assert table_counts() == in_files


@pytest.mark.django_db
def test_loading_again_brings_back_the_price_of_the_file():
    load_all()
    product = apps.get_model("inventory.product").objects.get(sku="SUGAR-LOOSE")
    type(product).objects.filter(pk=product.pk).update(selling_price=Decimal("999.00"))

    load_all()

    product.refresh_from_db()
    assert product.selling_price == Decimal("160.00")


@pytest.mark.django_db
def test_every_loaded_row_is_valid_as_if_a_person_had_typed_it():
    load_all()
    for model in table_counts():
        for row in apps.get_model(model).objects.all():
            row.full_clean()


@pytest.mark.django_db
def test_loading_puts_nothing_on_the_shelf_and_no_one_in_debt():
    load_all()
    products = apps.get_model("inventory.product").objects
    assert set(products.values_list("stock_quantity", "average_cost", "last_sold_at")) == {
        (0, Decimal("0.0000"), None)
    }
    assert not apps.get_model("inventory.stockmovement").objects.exists()
    assert not apps.get_model("customers.ledgerentry").objects.exists()


def test_rows_are_known_by_natural_keys_and_carry_nothing_a_ledger_writes():
    for name in LOADING_ORDER:
        for row in rows_of(name):
            assert row.keys() == {"model", "fields"}, row
            assert not LEDGER_FIELDS & row["fields"].keys(), row


def test_there_is_enough_to_fill_a_shop():
    assert len(goods()) >= 110
    assert len(list(packs_with_their_product())) >= 25
    assert len(fields_of("customers", "customers.customer")) >= 20


def test_every_category_holds_goods_and_every_product_has_a_listed_category():
    listed = {category["name"] for category in fields_of("categories", "inventory.category")}
    assert {product["category"][0] for product in goods()} == listed


def test_skus_are_unique_and_well_formed():
    skus = [product["sku"] for product in goods()]
    assert len(skus) == len(set(skus))
    assert [sku for sku in skus if not re.fullmatch(r"[A-Z0-9._-]{1,40}", sku)] == []


def test_barcodes_are_in_store_numbers_with_a_right_check_digit():
    assert [code for code in barcodes() if not re.fullmatch(r"2\d{12}", code, re.ASCII)] == []
    assert [code for code in barcodes() if not has_right_check_digit(code)] == []


def test_a_wrong_digit_is_noticed():
    assert has_right_check_digit("4006381333931")
    assert not has_right_check_digit("4006381333932")
    assert not has_right_check_digit("4006381339331")


def test_no_barcode_is_on_two_products_or_packs():
    assert [code for code, times in Counter(barcodes()).items() if times > 1] == []


def test_nothing_may_be_sold_below_what_it_cost():
    for product in goods():
        floor = product["floor_price"] or product["selling_price"]
        buying, lowest, selling = map(Decimal, (product["buying_price"], floor, product["selling_price"]))
        assert 0 < buying <= lowest <= selling, product["sku"]


def test_a_pack_is_cheaper_than_its_pieces_and_never_below_the_floor_or_the_cost():
    for pack, product in packs_with_their_product():
        per_unit = Decimal(pack["selling_price"]) * BASE_UNITS[product["unit"]] / pack["size"]
        lowest = Decimal(product["floor_price"] or product["buying_price"])
        assert lowest <= per_unit < Decimal(product["selling_price"]), (product["sku"], pack["name"])


def test_a_pack_holds_more_than_one_base_unit_and_whole_units_only():
    for pack, product in packs_with_their_product():
        assert pack["size"] > 1, pack
        assert pack["size"] % BASE_UNITS[product["unit"]] == 0, pack


def test_loose_goods_are_measured_and_everything_measured_has_no_barcode():
    measured = {product["sku"] for product in goods() if product["unit"] != "piece"}
    assert {product["sku"] for product in goods() if product["name"].endswith(", loose")} <= measured
    assert {product["unit"] for product in goods()} == set(BASE_UNITS)
    assert [p["sku"] for p in goods() if p["sku"] in measured and p["barcode"]] == []


def test_thresholds_of_measured_goods_are_in_base_units():
    measured = [product for product in goods() if product["unit"] != "piece"]
    assert [p["sku"] for p in measured if p["low_stock_threshold"] < BASE_UNITS[p["unit"]]] == []


def test_airtime_and_services_are_not_counted_and_everything_else_is():
    not_counted = {product["sku"] for product in goods() if not product["is_counted"]}
    assert not_counted == {"AIRTIME-20", "AIRTIME-50", "AIRTIME-100", "PHONE-CHARGING", "PHOTOCOPY"}


def test_phones_are_kenyan_mobile_numbers_and_no_one_shares_one():
    people = fields_of("customers", "customers.customer") + fields_of("suppliers", "inventory.supplier")
    phones = [person["phone"] for person in people if person["phone"] is not None]
    assert [phone for phone in phones if not re.fullmatch(r"\+254[17]\d{8}", phone, re.ASCII)] == []
    assert len(phones) == len(set(phones)) < len(people)


def test_wanjiku_has_a_limit_and_juma_pays_cash():
    limits = {c["name"]: c["credit_limit"] for c in fields_of("customers", "customers.customer")}
    assert limits["Wanjiku"] == "5000.00"
    assert limits["Juma"] == "0.00"
    assert all(Decimal(0) <= Decimal(limit) <= Decimal(20000) for limit in limits.values())
