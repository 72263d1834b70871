"""What an engine knows of its own tables, on which it plans how to read them."""

from django.db import connections


def refresh_statistics(using: str = "default") -> None:
    """Count the tables anew, after many rows came in at once.

    Otherwise an engine goes on reading tables that were empty a minute ago from end to end, and connections that
    are kept go on with it for as long as they live.
    """
    connection = connections[using]
    if connection.vendor == "mysql":
        names = connection.introspection.django_table_names(only_existing=True)
        statement = "ANALYZE TABLE " + ", ".join(map(connection.ops.quote_name, names))
    else:
        statement = "ANALYZE"
    with connection.cursor() as cursor:
        cursor.execute(statement)
