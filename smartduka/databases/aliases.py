"""Open databases, by the names under which Django knows them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from smartduka.databases import engines


@contextmanager
def working_in(url: str) -> Iterator[None]:
    """Django's default database is this one, in this thread and in those that start meanwhile.

    For programs that do one thing. A process that serves would serve out of it.
    """
    with _known_as(DEFAULT_DB_ALIAS, url):
        yield


@contextmanager
def beside(url: str, alias: str = "beside") -> Iterator[str]:
    """A database that is open under a name of its own, beside the default one: the name."""
    with _known_as(alias, url):
        yield alias


def url_of(using: str = DEFAULT_DB_ALIAS) -> str:
    """The URL of a database that is open."""
    return engines.url_of(connections[using].settings_dict)


def settings_of(url: str) -> engines.Settings:
    """The settings of the database at a URL, each with a value, as Django completes them."""
    return connections.configure_settings({DEFAULT_DB_ALIAS: engines.configured(url)})[DEFAULT_DB_ALIAS]


@contextmanager
def _known_as(alias: str, url: str) -> Iterator[None]:
    settings = settings_of(url)
    kept = (connections.settings[alias], connections[alias]) if alias in connections.settings else None
    connections.settings[alias] = settings
    connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        connections[alias].close()
        if kept:
            connections.settings[alias], connections[alias] = kept
        else:
            del connections.settings[alias]
            del connections[alias]
