"""Backups that tell of the shop of a test, without the work of making one: their books cannot be restored."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from smartduka.backups import shelf
from smartduka.databases.figures import Figures, newest
from smartduka.models import Shop
from smartduka.tests.backupfiles import a_backup, a_manifest
from smartduka.tests.builders import a_line, a_product, a_sale, paid


def a_backup_of_now(folder: Path, *, age: timedelta = timedelta(0), **changes: Any) -> Path:
    """A verified backup with the figures of the shop as it is, on the shelf, made so long ago."""
    shelf.check_writable(folder)
    told = {
        "made_at": timezone.now() - age,
        "shop": Shop.objects.values_list("name", flat=True).first() or "",
        "engine": connection.vendor,
        "migrations": (),
        "figures": figures_now(),
        **changes,
    }
    path = shelf.new_path(folder, a_manifest(**told))
    a_backup(path, **told)
    return path


def something_sold(name: str, *, by: User) -> None:
    """One of a new product, for 65 shillings."""
    product = a_product(name, stock="5", price="65", by=by)
    a_sale([a_line(product)], [paid("65")], by=by)


def figures_now() -> Figures:
    kinds = [model for model in apps.get_models() if model._meta.label != "sessions.Session"]
    keys = {label: key for label, key in newest(kinds).items() if key is not None}
    return Figures(rows={kind._meta.label: kind._base_manager.count() for kind in kinds}, newest=keys)


def page_of(client: Client, address: str = "/backups/") -> str:
    """What stands there, in one line."""
    return " ".join(client.get(address).content.decode().split())
