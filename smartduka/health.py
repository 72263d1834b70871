"""Is the shop well? What an owner, or whoever helps, wants to see first."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from smartduka import events, periods
from smartduka.backups.standing import Standing, standing
from smartduka.counting import counted
from smartduka.databases import append_only, engines
from smartduka.terminal import typed

LEAST_FREE_BYTES = 500_000_000
BOOKS_WITHIN = timedelta(days=2)
"""How old the last check of the books may be."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `cure` says what to do when it is not well."""

    name: str
    state: str
    is_well: bool = True
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.state}" if self.is_well else f"{self.name}: NOT WELL, {self.state}. {self.cure}"


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order of what keeps a shop from selling."""
    yield _database()
    yield _migrations()
    yield _triggers()
    if connection.vendor == "sqlite":
        yield _journal()
    yield _disk()
    yield _books()
    yield of_backups(standing(settings.BACKUP_DIR, timezone.now()))


def database_answers() -> bool:
    """The one question that a stranger may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _database() -> Finding:
    version = ".".join(map(str, connection.get_database_version()))
    return Finding("Database", f"{connection.display_name} {version}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    state = f"{waiting} are waiting" if waiting else "up to date"
    return Finding("Migrations", state, not waiting, "Stop the shop and start run.py, which migrates.")


def _triggers() -> Finding:
    missing = append_only.missing()
    lack = counted(len(missing), "trigger is missing", "triggers are missing")
    state = lack if missing else "the database refuses to change a fact"
    return Finding("Append-only books", state, not missing, f"Run {typed('migrate')}, which installs them.")


def _journal() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0].upper()
    # A database in memory, as tests have it, keeps no journal on a disk.
    is_well = mode in (engines.SQLITE_JOURNAL_MODE, "MEMORY")
    cure = f"Stop the shop and start run.py, which sets {engines.SQLITE_JOURNAL_MODE}."
    return Finding("Journal", f"{mode}, SQLite {sqlite3.sqlite_version}", is_well, cure)


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    state = f"{free / 1e9:,.1f} GB free"
    return Finding("Disk", state, free >= LEAST_FREE_BYTES, "Make room on the disk of the data folder.")


def _books() -> Finding:
    now = timezone.now()
    last = events.last_check(now)
    by_hand, by_itself = typed("check_books"), "An open shop checks them every day by itself. To do it now"
    if last is None:
        return Finding("Books", "never checked", False, f"{by_itself}: {by_hand}")
    state = f"{last.after}, checked {periods.show_instant(last.happened_at)}"
    if last.after != events.CLEAN:
        return Finding("Books", state, False, f"Read what is listed by {by_hand}")
    is_fresh = last.happened_at > now - BOOKS_WITHIN
    return Finding("Books", state, is_fresh, f"{by_itself}: {by_hand}")


def of_backups(stand: Standing) -> Finding:
    """Whether the shop would outlive this computer, as far as the shelf of backups tells."""
    folder, age = settings.BACKUP_DIR, periods.show_age(stand.last.made_at) if stand.last else ""
    if stand.obstacle:
        return _unwell("none can be made", stand.obstacle)
    if stand.is_overdue:
        made = f"the last one is {age} old, and the shop has traded since" if age else "there is none"
        return _unwell(made, "Back up now.")
    if stand.is_tight:
        return _unwell(f"{stand.free / 1e6:,.0f} MB free, too little for the next ones", f"Make room in {folder}.")
    if unusable := stand.unusable:
        cure = f"Move it out of {folder}; if it is damaged, look after the disk."
        return _unwell(f"one cannot be used, {unusable[0].path.name}: {unusable[0].flaw}", cure)
    return Finding("Backup", f"{age} old, tried out" if age else "nothing is written yet that could be lost")


def _unwell(state: str, cure: str) -> Finding:
    return Finding("Backup", state, False, cure)
