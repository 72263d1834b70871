"""The benchmark sells for real, writes the same rows on both ways, and leaves nothing behind."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from pytest_django import DjangoDbBlocker

from inventory.models import Product, StockMovement
from sales.management.commands.benchmark import Command
from sales.models import Sale, SaleLine, Tender
from smartduka.databases import append_only
from smartduka.tests.builders import a_line, a_product, a_sale, paid

OF_EACH_SALE = {
    "client_ref", "fingerprint", "sold_at", "sold_on", "received_at", "posted_at", "posted_on",
    "reference", "product_name", "quantity_after",
}  # fmt: skip


def databases() -> set[str]:
    """The databases of this server, or the benchmark's folders on this disk."""
    if connection.vendor == "sqlite":
        return {path.name for path in Path(settings.DATA_DIR).glob("benchmark-*")}
    every = {"postgresql": "SELECT datname FROM pg_database", "mysql": "SHOW DATABASES"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(every)
        return {name for (name,) in cursor.fetchall() if name.startswith("smartduka_")}


def written(sale: Sale) -> list[list[dict[str, Any]]]:
    """The rows of a sale, without what is another in each sale; of keys, whether they are there."""

    def plain(row: models.Model) -> dict[str, Any]:
        columns = {field.column: field.value_from_object(row) for field in row._meta.concrete_fields}
        keys = {column for column in columns if column == "id" or column.endswith("_id")}
        told = {column: value for column, value in columns.items() if column not in keys | OF_EACH_SALE}
        return told | {column: columns[column] is not None for column in columns.keys() - told.keys()}

    parts = [SaleLine, Tender]
    rows = [[sale], *(list(part.objects.filter(sale=sale)) for part in parts)]
    rows.append(list(StockMovement.objects.filter(sale_line__sale=sale)))
    return [[plain(row) for row in some] for some in rows]


def test_a_run_measures_trade_and_is_gone_afterwards(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
):
    check, compared = Command.refuse_wrong_books, []

    def look(command: Command, sales: int) -> None:
        check(command, sales)
        # The first sale of all was written by the bare driver, the last one came in over HTTP.
        compared.extend([written(Sale.objects.earliest("pk")), written(Sale.objects.latest("pk"))])
        stock = Product.objects.aggregate(models.Sum("stock_quantity"))["stock_quantity__sum"]
        compared.append(200 * 100_000 - stock == 3 * sales)

    monkeypatch.setattr(Command, "refuse_wrong_books", look)
    out, err = StringIO(), StringIO()
    with django_db_blocker.unblock():
        before = databases()
        call_command("benchmark", "checkout", "--tills=1,2", "--sales=8", "--lines=3", stdout=out, stderr=err)
        assert databases() == before

    one, two = (json.loads(line) for line in out.getvalue().splitlines())
    assert (one["tills"], one["sales"], two["tills"], two["sales"]) == (1, 8, 2, 16)
    for figures in (one, two):
        assert (figures["engine"], figures["lines"]) == (connection.vendor, 3)
        assert 0 < figures["p50_ms"] <= figures["p95_ms"]
        assert figures["ratio_to_floor"] == pytest.approx(
            figures["sales_per_s"] / figures["floor_per_s"], rel=0.05, abs=0.001
        )
        assert 8 < figures["queries"] <= 18
    assert "Selling at 2 tills" in err.getvalue()
    bare, sold, all_left_the_shelf = compared
    assert bare == sold
    assert all_left_the_shelf


@pytest.mark.django_db(transaction=True)  # lifting triggers ends a transaction of MariaDB
class TestTheBooksAreChecked:
    def test_a_sale_that_is_missing_is_told(self, otieno):
        with pytest.raises(CommandError, match="1 sales were made, and 0 are in the books"):
            Command().refuse_wrong_books(1)

    def test_books_that_do_not_tie_out_are_told(self, amina):
        a_sale([a_line(a_product(stock="3", by=amina))], [paid("60")], by=amina)
        Command().refuse_wrong_books(1)
        with append_only.lifted():
            models.QuerySet(Sale).update(total=61)
        with pytest.raises(CommandError, match="its tenders add up to"):
            Command().refuse_wrong_books(1)


@pytest.mark.parametrize(
    "asked", [["--tills=0"], ["--tills=33"], ["--tills=one"], ["--tills="], ["--sales=0"], ["--lines=201"], ["dance"]]
)
def test_what_cannot_be_measured_is_refused(asked):
    with pytest.raises(CommandError):
        call_command("benchmark", "checkout" if asked[0].startswith("--") else "", *asked)
