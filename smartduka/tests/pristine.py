"""After a test that commits, the SQLite in memory is at once as `migrate` left it: rows, triggers and numbers.

Django flushes instead, and so it does on the other engines: it lifts the triggers, empties each table, and makes
permissions, roles and triggers again. Of a test in a browser, that was a good part.
"""

import sqlite3
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; on SQLite with a copy of how it was at first."""
    if connection.vendor != "sqlite":
        yield
        return
    with django_db_blocker.unblock():
        in_use = connection.connection
        pristine = sqlite3.connect(":memory:", check_same_thread=False)
        in_use.backup(pristine)
    flush = TransactionTestCase._fixture_teardown

    def restore(test: TransactionTestCase) -> None:
        if connection.connection is not in_use:
            flush(test)
            return
        pristine.backup(in_use)
        ContentType.objects.clear_cache()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield
    pristine.close()
