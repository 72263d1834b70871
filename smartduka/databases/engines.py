"""Which engines there are, and what the shop asks of each. The settings stand on it, so it needs no settings."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

Settings = dict[str, Any]
"""A database as Django's DATABASES has it."""

# WAL lets reports read while a till writes, but before SQLite 3.51.3 it can lose a commit when a checkpoint
# races with the reset of the log; TRUNCATE is slower and safe.
SQLITE_JOURNAL_MODE = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
SQLITE_OPTIONS: dict[str, Any] = {
    # A sale takes the write lock when it begins, instead of failing when it first writes.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: a sale that was acknowledged survives a power cut.
    "init_command": "PRAGMA synchronous = FULL;",
}
if SQLITE_JOURNAL_MODE == "TRUNCATE":
    # WAL is kept in the file, and `run.py` sets it while nobody else has the file open; every other mode has to be
    # asked for by each connection.
    SQLITE_OPTIONS["init_command"] += "PRAGMA journal_mode = TRUNCATE;"

MARIADB_OPTIONS: dict[str, Any] = {
    "charset": "utf8mb4",
    "isolation_level": "read committed",
    "init_command": "SET sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
}

_THIS_COMPUTER = {None, "", "localhost", "127.0.0.1", "::1"}

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}
"""What people call each engine, by what Django calls its vendor."""

_SCHEMES = {"smartduka.databases.sqlite": "sqlite", "django.db.backends.postgresql": "postgres"}


def complete(database: Settings) -> Settings:
    """The same database, with what the shop asks of its engine."""
    asked = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    match database["ENGINE"]:
        case "django.db.backends.sqlite3":
            return {**database, **asked, "ENGINE": "smartduka.databases.sqlite", "OPTIONS": SQLITE_OPTIONS}
        case "django.db.backends.mysql":
            import pymysql

            pymysql.install_as_MySQLdb()
            options = {**database.get("OPTIONS", {}), **MARIADB_OPTIONS}
            if database.get("HOST") in _THIS_COMPUTER and not any(name.startswith("ssl") for name in options):
                # PyMySQL would read the system's certificates for each connection, fifty times its other work.
                options["ssl_disabled"] = True
            return {**database, **asked, "OPTIONS": options}
        case "django.db.backends.postgresql":
            return {**database, **asked}
        case engine:
            raise ImproperlyConfigured(
                f"DATABASE_URL asks for {engine}. Write postgres://… or mysql://…, or leave it empty for SQLite."
            )


def configured(url: str) -> Settings:
    """The settings of the database at a URL; ValueError or ImproperlyConfigured when it is none."""
    return complete(dict(dj_database_url.parse(url)))


def url_of_file(name: str | Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{quote(str(name))}"


def url_of(database: Settings) -> str:
    """The URL that names a database: what stands behind DATABASE_URL in `.env`."""
    scheme, name = _SCHEMES.get(database["ENGINE"], "mysql"), str(database["NAME"])
    if scheme == "sqlite":
        return url_of_file(name)
    account = ":".join(quote(str(database[key]), safe="") for key in ("USER", "PASSWORD") if database.get(key))
    place = ":".join(quote(str(database[key]), safe="") for key in ("HOST", "PORT") if database.get(key))
    of_the_shop = complete({**database, "OPTIONS": {}})["OPTIONS"]
    own = {key: word for key, word in database.get("OPTIONS", {}).items() if of_the_shop.get(key) != word}
    if isinstance(own.get("ssl"), dict):  # what dj_database_url makes of `ssl-ca`
        own["ssl-ca"] = own.pop("ssl")["ca"]
    options = urlencode(own)
    return f"{scheme}://{account}{'@' if account else ''}{place}/{quote(name)}{'?' if options else ''}{options}"
