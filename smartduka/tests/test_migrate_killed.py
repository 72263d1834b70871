"""The power fails in the middle of a backfill; `migrate` again ends as if it had not."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from smartduka.databases import append_only
from smartduka.databases.scratch import fresh_database, working_in
from smartduka.tests.builders import NOON
from smartduka.tests.history import models_now
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.django_db(transaction=True)

PAST = (("sales", "0002"), ("customers", "0002"), ("inventory", "0003"))
"""Where an old shop stands: blank and doubled SKUs, phones in any spelling, sales without cost."""

KILLED = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection

APPS = ("inventory", "customers", "sales")
left = int(sys.argv[1])
changes = 0

def count(execute, sql, params, many, context):
    global changes
    if sql.startswith(("UPDATE", "INSERT")) and any(f"{app}_" in sql[:40] for app in APPS):
        changes += 1
        if changes == left:
            execute(sql, params, many, context)
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with connection.execute_wrapper(count):
    call_command("migrate", verbosity=0)
print(changes)
"""
"""Migrates, and dies at once after so many changes of rows; 0 lives, and prints how many changes there were."""


def make_the_past(rows: int) -> None:
    for app, stage in PAST:
        call_command("migrate", app, stage, verbosity=0)
    append_only.lift()
    apps = models_now()

    def fill(app: str, model: str, **columns: Any) -> None:
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


def migrate(url: str, folder: Path, *, kill_after: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", KILLED, str(kill_after)]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the three apps, without the instants at which a migration ran."""
    apps, instants = models_now(), {"posted_at", "posted_on", "created_at", "sold_at", "received_at", "sold_on"}
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in ("inventory", "customers", "sales"):
            names = [field.attname for field in model._meta.concrete_fields if field.attname not in instants]
            found[model._meta.label] = list(model.objects.order_by("pk").values_list(*names))
    return found


def test_a_migration_that_was_killed_ends_the_same_when_it_is_run_again(tmp_path):
    rows = 600
    with fresh_database(tmp_path) as url, working_in(url):
        make_the_past(rows)
        connection.close()
        whole = migrate(url, tmp_path)
        assert whole.returncode == 0, whole.stderr
        changes, expected = int(whole.stdout.split()[-1]), everything()
    assert len(expected["inventory.StockMovement"]) > rows / 2
    kills = scaled(10)
    for kill in range(kills):
        with fresh_database(tmp_path) as url, working_in(url):
            make_the_past(rows)
            connection.close()
            instant = 1 + changes * (2 * kill + 1) // (2 * kills)
            assert migrate(url, tmp_path, kill_after=instant).returncode == -signal.SIGKILL
            again = migrate(url, tmp_path)
            assert again.returncode == 0, again.stderr
            assert everything() == expected, f"killed after {instant} of {changes} changes"
            assert append_only.missing() == []
