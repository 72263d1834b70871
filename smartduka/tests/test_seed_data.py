"""Fixtures carry a shop's master data to an empty one, on every engine; and they are no backup, and say so."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import CommandError

from customers.models import Customer
from inventory.models import Category, Pack, Product, StockMovement, Supplier
from sales import books, sessions
from sales.drawer import Count
from sales.models import TillSession
from smartduka.management.commands import loaddata
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_pack, a_product, a_sale, a_voucher, paid, what_is_written

pytestmark = pytest.mark.django_db(transaction=True)

MASTER_DATA = (Group, User, Shop, Category, Supplier, Product, Pack, Customer)
NASTY = 'Ünga 🌽 "Jogoo" شاي\\n\'); --'

Dump = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def living_shop(amina: User, otieno: User, shop: Shop) -> None:
    """A shop that trades, with a row of each kind of master data, and one of them nasty."""
    Supplier.objects.create(name=NASTY, phone="+254712000111")
    flour = a_product(
        NASTY, sku="FLOUR", by=amina, stock="24", unit="kilogram", barcode="2000000000008", floor_price=55
    )
    bale = a_pack(flour, size=12_000, barcode="2000000000015")
    wanjiku = a_customer("Wanjiku", limit="5000", phone="+254712345678", notes=NASTY)
    a_sale([a_line(flour, pack=bale)], [paid("660", "on_account")], by=otieno, customer=wanjiku)
    User.objects.update(date_joined=datetime(2026, 6, 1, 8, 0, 0, 456, tzinfo=UTC))  # less than a millisecond past


@pytest.fixture
def dump(tmp_path: Path) -> Dump:
    def dump(*models: str, to: str = "shop.json") -> list[dict[str, Any]]:
        """What dumpdata writes into the file.

        It cuts an instant down to milliseconds, and leaves out ".000" only where there were no microseconds either:
        so such an instant is written in another way once it has come back.
        """
        file = tmp_path / to
        call_command("dumpdata", *models, natural_foreign=True, natural_primary=True, output=str(file), verbosity=0)
        return json.loads(file.read_text(encoding="utf-8").replace(".000Z", "Z"))

    return dump


def labels() -> list[str]:
    return [model._meta.label for model in MASTER_DATA]


def empty_the_shop() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert not Product.objects.exists()


def test_the_master_data_of_a_living_shop_are_the_same_in_an_empty_one(living_shop, dump, tmp_path):
    dumped = dump(*labels())
    assert {row["model"] for row in dumped} == {label.lower() for label in labels()}
    assert [row for row in dumped if "pk" in row and row["model"] != "smartduka.shop"] == []
    empty_the_shop()
    for _ in range(2):
        call_command("loaddata", str(tmp_path / "shop.json"), verbosity=0)
        assert dump(*labels(), to="again.json") == dumped
    flour = Product.objects.get(sku="FLOUR")
    assert (flour.name, flour.packs.get().barcode, flour.stock_quantity) == (NASTY, "2000000000015", 0)
    assert User.objects.get(username="otieno").check_password("karibu-duka")
    assert [group.name for group in User.objects.get(username="amina").groups.all()] == ["Owner"]
    assert list(books.audit()) == []


def test_what_was_loaded_can_trade_at_once(living_shop, dump, tmp_path):
    dump(*labels())
    empty_the_shop()
    call_command("loaddata", str(tmp_path / "shop.json"), verbosity=0)
    amina, flour = User.objects.get(username="amina"), Product.objects.get(sku="FLOUR")
    a_product("Salt", by=amina, stock="3")
    a_sale([a_line(Product.objects.get(name="Salt"))], [paid("60")], by=amina)
    assert a_pack(flour, "Half bale", size=6000).pk > Pack.objects.earliest("pk").pk


@pytest.mark.parametrize("is_closed", [False, True], ids=["open drawer", "counted drawer"])
def test_a_dump_of_a_trading_shop_does_not_bring_it_back_and_says_what_does(
    living_shop, amina, dump, tmp_path, is_closed
):
    if is_closed:
        sessions.close_session(TillSession.objects.get().pk, Count({}), a_voucher(amina))
    dump()
    empty_the_shop()
    before = what_is_written()
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. .* not a backup: .*manage.py restore"):
        call_command("loaddata", str(tmp_path / "shop.json"), verbosity=0)
    assert what_is_written() == before


def test_without_the_refusal_a_dump_would_bring_books_that_are_wrong(living_shop, dump, tmp_path, monkeypatch):
    """The control: nothing else stops it, and what it brings back is not the shop that was dumped."""
    dump()
    empty_the_shop()
    monkeypatch.setattr(loaddata, "LedgerRow", type(None))
    call_command("loaddata", str(tmp_path / "shop.json"), verbosity=0)
    assert StockMovement.objects.exists()
    assert list(books.audit()) != []


def test_a_dump_without_its_facts_is_loaded(living_shop, dump, tmp_path):
    dump("inventory")
    empty_the_shop()
    facts = ["inventory.StockMovement", "inventory.GoodsReceipt", "inventory.GoodsReceiptLine"]
    call_command("loaddata", str(tmp_path / "shop.json"), exclude=facts, verbosity=0)
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"model": "inventory.product", "fields": {"sku": "X"', r"bad\.json': Expecting"),
        ('[{"model": "inventory.crate", "fields": {}}]', "Invalid model identifier"),
        ('[{"model": "inventory.category", "fields": {"name": null}}]', "Could not load inventory.Category"),
        (
            '[{"model": "inventory.pack", "fields": {"product": ["NONE"], "name": "A", "size": 1}}]',
            "Problem installing",
        ),
    ],
    ids=["cut off", "unknown model", "no name", "no such product"],
)
def test_a_bad_fixture_is_refused_in_a_sentence_and_touches_nothing(content, reason, tmp_path):
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    before = what_is_written()
    with pytest.raises(CommandError, match=rf"^Nothing was loaded\. .*{reason}") as refusal:
        call_command("loaddata", str(tmp_path / "bad.json"), verbosity=0)
    assert "\n" not in str(refusal.value)
    assert what_is_written() == before
