"""MariaDB: copied by its own programs; swapped by one statement that renames every table."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.db import OperationalError, connections

from smartduka.databases import aliases, append_only, engines, scratch
from smartduka.databases.native import (
    SECONDS_OF_PATIENCE,
    CopyFailedError,
    ProgramFailedError,
    in_a_sentence,
    kept_if_whole,
    new_private_file,
    programs,
    refuse_ties,
    shop_tables,
    sqllines,
)
from smartduka.databases.outages import Outage, outage_of
from smartduka.databases.statistics import refresh_statistics

member = "database.sql"

_DUMP, _CLIENT = ("mariadb-dump", "mysqldump"), ("mariadb", "mysql")
_ATTEMPT = 2  # seconds that a change of tables waits for those who use them, and that others wait behind it
_PAUSE = 0.02
_END = b"-- Dump completed"
_SAFE = b"/*M!999999\\- enable the sandbox mode */\n"
"""The first line of what the client program reads: no command to it works after this, and older ones pass over it."""
_INSTALL = "install MariaDB’s client programs, name their folder in DATABASE_PROGRAMS, or use --portable."
_CURES = {"Table definition has changed": "Something else changes the tables; try again in a moment."}


def dump(using: str, to: Path, *, without_rows: Sequence[str]) -> None:
    """No triggers: each would come with the name of the account that made it, which another server does not know."""
    with in_a_sentence(using, "Copying the database"):
        others = set(connections[using].introspection.table_names()) - set(shop_tables(using))
    options = [
        "--single-transaction",
        "--skip-lock-tables",
        "--skip-add-locks",
        "--skip-triggers",
        "--no-tablespaces",
    ]
    options += ["--skip-add-drop-table", "--hex-blob", "--default-character-set=utf8mb4", f"--result-file={to}"]
    # Not by naming the tables that are wanted: the program would then leave out nothing of them.
    options += [f"--ignore-table={_name(using)}.{table}" for table in sorted(others)]
    options += [f"--ignore-table-data={_name(using)}.{table}" for table in without_rows]
    with kept_if_whole(to), _account(using) as account:
        programs.run(_DUMP, [account, *options, _name(using)], install=_INSTALL, cures=_CURES)
        _refuse_strange(to)  # now, for nobody may try this copy out before it is needed


def load(using: str, source: Path) -> None:
    with source.open("rb") as copy:
        copy.seek(max(0, source.stat().st_size - 200))
        if _END not in copy.read():
            raise CopyFailedError("The copy of the database is not whole: its end is missing.")
    _refuse_strange(source)
    with _account(using) as account, source.open("rb") as statements:
        options = ["--batch", "--default-character-set=utf8mb4", "--max-allowed-packet=1G"]
        reading: list[BinaryIO] = [BytesIO(_SAFE), statements]
        programs.run(_CLIENT, [account, *options, _name(using)], install=_INSTALL, cures=_CURES, reading=reading)
    with in_a_sentence(using, "Loading the copy"):
        append_only.lift(using)


def swap(live: str, ready: str, *, at_last: Callable[[], None] = lambda: None) -> None:
    """The old tables go into a third database as the new ones come, in one statement, which the server keeps whole.

    Tables with triggers cannot go from one database to another. So there are none for a moment; after a kill, until
    `migrate` or the opening of the shop installs them.
    """
    with in_a_sentence(live, "Swapping the database"):
        refresh_statistics(ready)
        _patiently(ready, lambda: append_only.lift(ready))
        new = connections[ready].introspection.table_names()
        old = shop_tables(live, besides=new)
        refuse_ties(live, old)
        with scratch.fresh_database(Path(), aliases.url_of(live)) as aside:
            away = engines.configured(aside)["NAME"]
            moves = [(_name(live), away, table) for table in old]
            moves += [(_name(ready), _name(live), table) for table in new]
            try:
                _patiently(live, lambda: append_only.lift(live))
                _patiently(live, lambda: _rename(live, moves, at_last))
            finally:
                _patiently(live, lambda: append_only.install(live))


def _rename(using: str, moves: Sequence[tuple[str, str, str]], at_last: Callable[[], None]) -> None:
    """At once or not at all: what was written while it waited, nobody would have looked at."""
    renamed = ", ".join(f"`{there}`.`{table}` TO `{here}`.`{table}`" for there, here, table in moves)
    with connections[using].cursor() as cursor:
        cursor.execute("SET SESSION lock_wait_timeout = 0")
        at_last()
        cursor.execute(f"RENAME TABLE {renamed}")


def _patiently(using: str, work: Callable[[], None]) -> None:
    """Again and again, and not for long each time: whoever sells waits behind a change of the tables."""
    until = time.monotonic() + SECONDS_OF_PATIENCE
    with connections[using].cursor() as cursor:
        cursor.execute(f"SET SESSION lock_wait_timeout = {_ATTEMPT}")
    try:
        while True:
            try:
                return work()
            except OperationalError as error:
                if outage_of(error) is not Outage.BUSY or time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)
    finally:
        with connections[using].cursor() as cursor:
            cursor.execute("SET SESSION lock_wait_timeout = DEFAULT")


def _refuse_strange(copy: Path) -> None:
    with copy.open("rb") as lines:
        if strange := sqllines.strange_line(lines):
            raise ProgramFailedError(f"The copy holds a line that is not the shop’s: {strange!a}.")


@contextmanager
def _account(using: str) -> Iterator[str]:
    """The account of an open database as an option, in a file that only we may read."""
    given: dict[str, Any] = connections[using].get_connection_params()
    words = {"host": "host", "port": "port", "user": "user", "password": "password", "unix_socket": "socket"}
    lines = [f"{ours}={_quoted(str(given[theirs]))}" for theirs, ours in words.items() if given.get(theirs)]
    lines += [f"ssl-{name}={_quoted(str(path))}" for name, path in given.get("ssl", {}).items()]
    if not given.get("unix_socket"):
        lines.append("protocol=tcp")
    with TemporaryDirectory(prefix="smartduka-") as folder:
        file = Path(folder, "account.cnf")
        new_private_file(file)
        file.write_text("\n".join(["[client]", *lines, ""]), encoding="utf-8")
        yield f"--defaults-file={file}"


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _name(using: str) -> str:
    return str(connections[using].settings_dict["NAME"])
