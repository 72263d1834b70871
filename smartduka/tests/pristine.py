"""After a test that commits, the database is at once as `migrate` left it: rows, triggers and numbers.

Django flushes instead: it lifts the triggers, empties each table, and makes permissions, roles and triggers again. Of
a test in a browser, and of one on a server, that was a good part. Here a SQLite in memory is put back by a copy, and
on a server the tables that were written to are emptied. After a test that touched what `migrate` makes,
it is flushed all the same.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from smartduka.databases import append_only

Restore = Callable[[TransactionTestCase], None]

MADE_BY_MIGRATE = (ContentType, Permission, Group, Group.permissions.through, MigrationRecorder.Migration)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, and how it is put back."""
    flush = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        restore = by_a_copy(flush) if connection.vendor == "sqlite" else by_emptying(flush)
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield


def by_a_copy(flush: Restore) -> Restore:
    in_use = connection.connection
    pristine = sqlite3.connect(":memory:", check_same_thread=False)
    in_use.backup(pristine)

    def restore(test: TransactionTestCase) -> None:
        if connection.connection is not in_use:
            flush(test)
            return
        pristine.backup(in_use)
        ContentType.objects.clear_cache()

    return restore


def by_emptying(flush: Restore) -> Restore:
    kept = {model._meta.db_table for model in MADE_BY_MIGRATE}
    made = rows_of(kept)

    def restore(test: TransactionTestCase) -> None:
        nonlocal made
        if append_only.missing() or rows_of(kept) != made:
            flush(test)
            made = rows_of(kept)
            return
        empty(written_to(set(connection.introspection.django_table_names(only_existing=True)) - kept))

    return restore


def rows_of(tables: set[str]) -> dict[str, list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = cursor.fetchall()
        return found


def written_to(tables: set[str]) -> list[str]:
    """Those that have rows."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


def empty(tables: list[str]) -> None:
    # With the numbers, MariaDB's tables are truncated too, and no trigger of theirs hinders that.
    with append_only.lifted() if tables and connection.vendor == "postgresql" else nullcontext():
        statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
        connection.ops.execute_sql_flush(statements)
