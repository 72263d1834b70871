"""An old shop with dirty rows, and every row of a shop as the migrations know it."""

from collections.abc import Callable, Collection
from typing import Any

from django.core.management import call_command
from django.db.models import Model

from smartduka.databases import append_only
from smartduka.tests.builders import NOON
from smartduka.tests.history import models_now

APPS = ("inventory", "customers", "sales", "smartduka")

PAST = (("sales", "0002"), ("customers", "0002"), ("inventory", "0003"), ("smartduka", "0003"))
"""Where it stands: blank and doubled SKUs, phones in any spelling, sales without cost, a diary nobody can search."""

Rows = dict[str, list[dict[str, Any]]]
"""For each model, its rows by primary key, as column → content."""


def make_the_past(rows: int) -> None:
    """Take an empty database to the past, and put so many rows into each of its tables."""
    for app, stage in PAST:
        call_command("migrate", app, stage, verbosity=0)
    append_only.lift()
    apps = models_now()

    def fill(app: str, model: str, **columns: Callable[[int], Any]) -> None:
        every = apps.get_model(app, model).objects
        every.bulk_create(
            every.model(pk=pk, **{name: of(pk) for name, of in columns.items()}) for pk in range(1, rows + 1)
        )

    fill(
        "inventory", "Product",
        name=lambda pk: f"Good {pk}", buying_price=lambda pk: pk, selling_price=lambda pk: pk + 5,
        stock_quantity=lambda pk: pk % 7, sku=lambda pk: (None, "", f" a{pk} ", f"A{pk - 1}", "doubled")[pk % 5],
    )  # fmt: skip
    fill(
        "customers", "Customer",
        name=lambda pk: f"Customer {pk}", phone=lambda pk: ("", "0712 345 678", f"07{pk:08d}", "ask Juma")[pk % 4],
        created_at=lambda pk: NOON,
    )  # fmt: skip
    fill("sales", "Sale", total=lambda pk: pk * 2, sold_at=lambda pk: NOON)
    fill(
        "sales", "SaleLine",
        sale_id=lambda pk: pk, product_id=lambda pk: pk, quantity=lambda pk: 2, unit_price=lambda pk: pk,
    )  # fmt: skip
    fill(
        "smartduka", "Event",
        kind=lambda pk: "price_changed", subject=lambda pk: f"Café №{pk}", before=lambda pk: "60",
        after=lambda pk: "65", happened_at=lambda pk: NOON,
    )  # fmt: skip
    apps.get_model("smartduka", "Shop").objects.create(pk=1, name="Duka la Amina", rounding_step=5)


def everything(*, but: Collection[str] = ()) -> Rows:
    """Every row of the shop's own tables, without the columns of these names."""
    found = {}
    for model in _models():
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in but]
        found[model._meta.label] = list(model._base_manager.order_by("pk").values(*names))
    return found


def without_gaps(rows: Rows) -> Rows:
    """The same rows with their keys counted from 1: on a server, a row that was rolled back leaves a gap in them."""
    counted = {label: {row["id"]: n for n, row in enumerate(each, start=1)} for label, each in rows.items()}
    points_to = {model._meta.label: {"id": model._meta.label} | _foreign_keys(model) for model in _models()}
    return {
        label: [
            {name: counted.get(points_to[label].get(name), {}).get(value, value) for name, value in row.items()}
            for row in each
        ]
        for label, each in rows.items()
    }


def _models() -> list[type[Model]]:
    return [model for model in models_now().get_models() if model._meta.app_label in APPS]


def _foreign_keys(model: type[Model]) -> dict[str, str]:
    keys = [field for field in model._meta.concrete_fields if field.is_relation]
    return {key.attname: key.related_model._meta.label for key in keys}
