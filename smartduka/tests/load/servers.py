"""Servers that a test may maltreat."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection

from smartduka.tests.engines import mariadb, postgresql
from smartduka.tests.engines.servers import Daemon, NotFoundError, Server


@contextmanager
def own_server(**careless: Sequence[str]) -> Iterator[tuple[Server, Daemon]]:
    """A server that may be ended, and that keeps what it acknowledged unless its engine is told to be careless."""
    engines = {"postgresql": postgresql.private_server, "mysql": mariadb.private_server}
    if connection.vendor not in engines:
        pytest.skip("SQLite has no server")
    try:
        with engines[connection.vendor](*careless.get(connection.vendor, ())) as server:
            assert server.daemon
            yield server, server.daemon
    except NotFoundError as missing:
        pytest.skip(str(missing))
