"""What a database is made of, by its own account: the migrations that were applied to it, and their models."""

from collections.abc import Iterable
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

Stage = tuple[str, str]
"""A migration: its app and its name."""

TRANSIENT = ("sessions", "axes")
"""The apps whose rows are of the moment: who is logged in where, and whose door is closed. No copy has them."""


def applied(using: str = "default") -> list[Stage]:
    """The migrations that were applied; none where there is no shop yet."""
    return sorted(MigrationRecorder(connections[using]).applied_migrations())


def unknown(stages: Iterable[Stage]) -> list[Stage]:
    """Those that this code does not know, because a newer SmartDuka applied them."""
    return sorted(set(stages) - set(MigrationLoader(None).disk_migrations))


def waiting(using: str = "default") -> list[Stage]:
    """The migrations that this code has and the database has not, in their order."""
    executor = MigrationExecutor(connections[using])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def bring_to(stages: Iterable[Stage], using: str = "default") -> None:
    """Make an empty database what it was when just these migrations had been applied, without what follows them.

    Permissions, groups and triggers are not there: whoever fills it brings the first two, and installs the others.
    """
    MigrationExecutor(connections[using]).migrate(_newest(set(stages)))


def bring_up_to_date(using: str = "default") -> None:
    """Apply every migration that this code has."""
    call_command("migrate", database=using, verbosity=0, interactive=False, skip_checks=True)


def models(stages: Iterable[Stage]) -> list[type[Model]]:
    """The tables as these migrations left them, each after those that it refers to; the transient ones are left out.

    So a shop can be read before it is brought up to date.
    """
    return list(_models(tuple(sorted(stages))))


@lru_cache(maxsize=4)
def _models(stages: tuple[Stage, ...]) -> list[type[Model]]:
    """Models of the past are made one by one, which takes a third of a second."""
    loader = MigrationLoader(None)
    state = loader.project_state([stage for stage in stages if stage in loader.graph.nodes])
    found = state.apps.get_models(include_auto_created=True)
    lasting = {model: None for model in found if model._meta.managed and model._meta.app_label not in TRANSIENT}
    return list(TopologicalSorter({model: _parents(model, lasting) for model in lasting}).static_order())


def transient_tables(using: str = "default") -> list[str]:
    """The tables whose rows no copy has."""
    theirs = {model._meta.db_table for app in TRANSIENT for model in apps.get_app_config(app).get_models()}
    return sorted(theirs.intersection(connections[using].introspection.table_names()))


def _parents(model: type[Model], among: Iterable[type[Model]]) -> set[type[Model]]:
    related: set[Any] = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return {parent for parent in related if parent in among and parent is not model}


def _newest(stages: set[Stage]) -> list[Stage]:
    """Of each app the stages that no other stage of it stands on."""
    graph = MigrationLoader(None).graph
    children = {stage: {child.key for child in graph.node_map[stage].children} for stage in stages}
    return sorted(
        stage for stage, after in children.items() if not {each for each in after if each[0] == stage[0]} & stages
    )
