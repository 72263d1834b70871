"""After much has come in at once, the engine knows how much there is."""

import pytest
from django.db import connection

from inventory.models import Category
from smartduka.databases.statistics import refresh_statistics

KNOWN_ROWS = {
    "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = 'inventory_category' LIMIT 1",
    "postgresql": "SELECT reltuples FROM pg_class WHERE oid = 'inventory_category'::regclass",
    "mysql": "SELECT n_rows FROM mysql.innodb_table_stats"
    " WHERE database_name = DATABASE() AND table_name = 'inventory_category'",
}


@pytest.mark.django_db(transaction=True)
def test_the_engine_counts_its_tables_anew():
    Category.objects.bulk_create(Category(name=f"Shelf {number}") for number in range(40))

    refresh_statistics()

    with connection.cursor() as cursor:
        cursor.execute(KNOWN_ROWS[connection.vendor])
        known = cursor.fetchone()[0]
    assert int(str(known).split()[0].removesuffix(".0")) == 40
