"""Walks the test database through the stages of its history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from smartduka.databases import append_only

Go = Callable[..., Apps]


@contextmanager
def history() -> Iterator[Go]:
    """`go("inventory", "0003")` migrates there, forward or back, and answers the models of that time.

    `go()` migrates to the newest stage, where the database is left afterwards, empty, whatever happened.
    """
    try:
        yield _go
    finally:
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        call_command("migrate", verbosity=0)


def _go(*target: str) -> Apps:
    call_command("migrate", *target, verbosity=1 if target == () else 0)
    if target:
        append_only.lift()  # a test makes the past that a migration will find
    return models_now()


def models_now() -> Apps:
    """The models as the applied migrations describe them."""
    loader = MigrationLoader(connection)
    applied = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    return loader.project_state(applied).apps


def history_of(*apps: str) -> list[Migration]:
    """The published stages of these apps, in an order in which they can be applied."""
    graph = MigrationLoader(None).graph
    keys = {key: None for head in graph.leaf_nodes() for key in graph.forwards_plan(head)}
    return [graph.nodes[key] for key in keys if key[0] in apps]


def migration(app: str, name: str) -> ModuleType:
    return import_module(f"{app}.migrations.{name}")


def run(function: Callable[[Apps, Any], None]) -> None:
    """Call a function of a RunPython once more, at the stage where the database is."""
    function(models_now(), SimpleNamespace(connection=connection))
