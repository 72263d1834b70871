"""PostgreSQL: copied by its own programs; swapped in one transaction, for which the server alone is needed."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import OperationalError, connections, transaction

from smartduka.databases import append_only
from smartduka.databases.native import (
    SECONDS_OF_PATIENCE,
    blueprint,
    in_a_sentence,
    kept_if_whole,
    programs,
    refuse_ties,
    shop_tables,
)

member = "database.dump"

_BUILT_IN = "smartduka_swap"
"""The schema in which the new tables are built; it is gone when the transaction ends, whichever way."""
_ATTEMPT = "500ms"
"""Shorter than a second, after which the server would look for a deadlock and might end a sale instead of us."""
_LOCK_NOT_AVAILABLE = "55P03"
_PLAIN = ("TABLE", "SEQUENCE", "DEFAULT", "CONSTRAINT", "INDEX", "FK CONSTRAINT")
"""What may come out of a copy; no functions and no triggers, which `append_only` installs."""
_INSTALL = "install PostgreSQL’s client programs, name their folder in DATABASE_PROGRAMS, or use --portable."
_CURES = {
    "server version mismatch": f"It is older than the server: {_INSTALL}",
    "unsupported version": f"It is older than the program that made the copy: {_INSTALL}",
    "unrecognized configuration parameter": f"It is newer than the server: {_INSTALL}",
    "lock timeout": "Something else holds the tables; try again in a moment.",
}


def dump(using: str, to: Path, *, without_rows: Sequence[str]) -> None:
    with in_a_sentence(using, "Copying the database"):
        schema, tables = _schema(using), shop_tables(using)
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={to}"]
    options += [f"--lock-wait-timeout={SECONDS_OF_PATIENCE}s"]
    options += [f"--table={_pattern(schema, table)}" for table in tables]
    options += [f"--exclude-table-data={_pattern(schema, table)}" for table in without_rows]
    with kept_if_whole(to):
        _run("pg_dump", using, *options)


def load(using: str, source: Path) -> None:
    with TemporaryDirectory() as folder:
        chosen = Path(folder, "chosen")
        contents = _run("pg_restore", None, "--list", str(source))
        chosen.write_text("\n".join(filter(_is_plain, contents.splitlines())), encoding="utf-8")
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", f"--use-list={chosen}"]
        _run("pg_restore", using, *options, str(source))


def swap(live: str, ready: str, *, at_last: Callable[[], None] = lambda: None) -> None:
    """The new tables are built beside the old ones, which tills use meanwhile; only to change places they wait."""
    with in_a_sentence(live, "Swapping the database"), transaction.atomic(live):
        tables = connections[ready].introspection.table_names()
        with _building(live), transaction.atomic(ready):
            blueprint.build(ready, live, tables)
        old = shop_tables(live, besides=tables)
        refuse_ties(live, old)
        _lock(live, old)
        at_last()
        with connections[live].cursor() as cursor:
            # Not CASCADE: what others built on the shop's tables is not ours to drop.
            if old:
                cursor.execute(f"DROP TABLE {_list(live, old)}")
            for table in tables:
                cursor.execute(f"ALTER TABLE {_BUILT_IN}.{_list(live, [table])} SET SCHEMA {_quoted_schema(live)}")
            cursor.execute(f"DROP SCHEMA {_BUILT_IN}")
        append_only.install(live)


@contextmanager
def _building(using: str) -> Iterator[None]:
    """Names mean what is in a schema of its own inside, and what they meant before afterwards."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path')")
        (kept,) = cursor.fetchone()
        cursor.execute(f"CREATE SCHEMA {_BUILT_IN}")
        cursor.execute(f"SET LOCAL search_path = {_BUILT_IN}")
        yield
        cursor.execute("SELECT set_config('search_path', %s, true)", [kept])


def _lock(using: str, tables: Sequence[str]) -> None:
    """All of the tables or none, again and again: so nobody who sells waits for us who waits for somebody else."""
    if not tables:
        return
    until = time.monotonic() + SECONDS_OF_PATIENCE
    while True:
        try:
            with transaction.atomic(using), connections[using].cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_ATTEMPT}'")
                cursor.execute(f"LOCK TABLE {_list(using, tables)} IN ACCESS EXCLUSIVE MODE")
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != _LOCK_NOT_AVAILABLE or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 – not a secret
        else:
            return


def _run(program: str, using: str | None, *arguments: str) -> str:
    """With the account of an open database, the password of which no list of processes shows."""
    environment, place = {}, []
    if using is not None:
        from psycopg.conninfo import make_conninfo
        from psycopg.pq import Conninfo

        known = {option.keyword.decode() for option in Conninfo.get_defaults()}
        given: dict[str, Any] = connections[using].get_connection_params()
        if given.get("password"):
            environment["PGPASSWORD"] = str(given["password"])
        given = {name: word for name, word in given.items() if name in known - {"password"}}
        place = [f"--dbname={make_conninfo('', **given)}"]
    return programs.run([program], [*place, *arguments], install=_INSTALL, cures=_CURES, environment=environment)


def _is_plain(entry: str) -> bool:
    """An entry of a copy's contents, such as `215; 1259 16389 TABLE public sales_sale owner`, and no comment."""
    _, _, told = entry.partition("; ")
    _, _, kind = told.partition(" ")
    _, _, kind = kind.partition(" ")
    return not entry.startswith(";") and kind.startswith(_PLAIN)


def _schema(using: str) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    return str(schema)


def _quoted_schema(using: str) -> str:
    return str(connections[using].ops.quote_name(_schema(using)))


def _pattern(schema: str, table: str) -> str:
    """A table as the options of pg_dump name it: in quotes, or they would be patterns."""
    return f'"{schema}"."{table}"'


def _list(using: str, tables: Sequence[str]) -> str:
    return ", ".join(map(connections[using].ops.quote_name, tables))
