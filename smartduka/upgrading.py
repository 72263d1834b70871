"""Bring a shop up to date without risking it: a backup first, a rehearsal on a copy of it, then the shop itself."""

import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from smartduka import bookcheck, presence, roles
from smartduka.backups import archive, making, shelf
from smartduka.backups.copying import copy_of
from smartduka.backups.shelf import Backup
from smartduka.backups.troubles import in_sentences
from smartduka.counting import counted
from smartduka.databases import aliases, append_only, engines, figures, schema, scratch
from smartduka.databases.outages import first_line, outage_of
from smartduka.management.commands import migrate
from smartduka.progress import Told
from smartduka.risks import Step, steps
from smartduka.terminal import Phase, shown, typed

SHOWN = 5
"""Differences in the books that are told one by one."""


def bring_up_to_date(told: Told, *, despite_differences: bool = False) -> None:
    """Apply what waits, with care where there is a shop, and put in place what only `migrate` does.

    CommandError says what stands in the way. It is called while nobody else has the database open.
    """
    presence.make_sure()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA journal_mode = {engines.SQLITE_JOURNAL_MODE}")
    waiting = steps()
    if waiting and schema.applied():
        _upgrade(waiting, told, despite_differences=despite_differences)
    elif waiting:
        with Phase(f"Setting up the database ({counted(len(waiting), 'migration')})"):
            schema.bring_up_to_date()
    # What `migrate` does at its end, also where it was killed before, or where the code alone is new.
    if append_only.missing():
        append_only.install()
    roles.sync_groups()
    presence.remember()


def plan(waiting: Sequence[Step]) -> list[str]:
    """What waits and what it risks, as lines for a person."""
    risks = sorted({step.risk for step in waiting})
    meanings = [f"  {risk.name.lower()}: {risk.meaning}" for risk in risks]
    wait = counted(len(waiting), "migration waits", "migrations wait")
    return [f"{wait}:", *(f"  {step}" for step in waiting), "Of these words,", *meanings]


def _upgrade(waiting: Sequence[Step], told: Told, *, despite_differences: bool) -> None:
    for line in plan(waiting):
        told(line)
    with in_sentences():
        _check()
        tables = schema.models(schema.applied())
        before = figures.newest(tables)
        backup = making.make(settings.BACKUP_DIR, cause="before upgrade", told=told)
        known = _rehearse(backup, told, despite_differences=despite_differences)
        if figures.newest(tables) != before:
            raise CommandError("Somebody works in the shop: close it, and start again. Nothing was changed.")
    told("Bringing the shop up to date")
    get_back = f"Nothing is lost: {typed('restore', shown(backup.path))} brings the shop back"
    try:
        _migrate(told, tells_changes=True)
    except StoppedError as stopped:
        raise CommandError(f"{stopped}, though it went well on a copy. {get_back}, up to date.") from stopped
    differences = _differences_after(get_back)
    if differences - known:
        raise CommandError(f"{_listed(differences - known)}\nThe books do not tie out any more. {get_back}.")
    found = counted(len(differences), "difference")
    books = f"{found} in its books, as on the copy" if differences else "its books tie out"
    told(f"The shop is up to date; {books}. Its backup from before is {shown(backup.path)}")


def _check() -> None:
    """The program is sound, and may make a database in which to rehearse."""
    call_command("check", databases=["default"], stdout=StringIO())
    shelf.check_writable(settings.BACKUP_DIR)
    try:
        with scratch.fresh_database(settings.BACKUP_DIR, aliases.url_of()):
            pass
    except scratch.NoScratchError as error:
        around = f"{typed('backup', '--no-verify')} and then {typed('migrate')}"
        raise CommandError(f"{error} To go without: {around}") from error


def _rehearse(backup: Backup, told: Told, *, despite_differences: bool) -> set[str]:
    """Do on a copy what will be done to the shop; the differences in its books afterwards, if they were accepted."""
    told("Rehearsing on a copy")
    as_it_was = f"The shop is as it was, and a backup of it is {shown(backup.path)}"
    with (
        archive.reading(backup.path) as held,
        copy_of(held, settings.BACKUP_DIR, told=lambda _: None) as url,
        aliases.working_in(url),
    ):
        before = _differences_before()
        try:
            _migrate(told, tells_changes=False)
        except StoppedError as stopped:
            raise CommandError(
                f"{stopped}, tried on a copy. {as_it_was}. Go on with the SmartDuka that you had."
            ) from stopped
        after = _differences_after(as_it_was)
    if after - before and not despite_differences:
        raise CommandError(
            f"{_listed(after - before)}\nAfterwards the books would not tie out. {as_it_was}. "
            f"To go on all the same: {typed('upgrade', '--despite-differences')}"
        )
    return after


def _differences_before() -> set[str]:
    """Where the tables are too old for the questions of `check_books`, none is known."""
    try:
        return set(bookcheck.differences())
    except DatabaseError as error:
        if outage_of(error):
            raise
        return set()


def _differences_after(cure: str) -> set[str]:
    try:
        return set(bookcheck.differences())
    except DatabaseError as error:
        raise CommandError(f"The books cannot be checked afterwards ({first_line(error)}). {cure}.") from error


def _listed(differences: set[str]) -> str:
    rest = [f"and {len(differences) - SHOWN} more"] if len(differences) > SHOWN else []
    return "\n".join([*sorted(differences)[:SHOWN], *rest])


# --- The migrations themselves -----------------------------------------------------------------------------


class StoppedError(Exception):
    """Which migration failed, and why."""


class _Timed(migrate.Command):
    """Tells how long each migration took, and knows at which one it stopped."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told
        self.at = "migrate"

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            self.at, self._began = str(migration), time.monotonic()
        elif action == "apply_success":
            self._told(f"  {migration} {time.monotonic() - self._began:.1f} s")


def _migrate(told: Told, *, tells_changes: bool) -> None:
    timed, said = _Timed(told), StringIO()
    try:
        with redirect_stdout(said):
            call_command(timed, verbosity=0, interactive=False, skip_checks=True)
    except Exception as error:
        raise StoppedError(f"{timed.at} fails ({first_line(error)})") from error
    finally:
        for line in said.getvalue().splitlines() if tells_changes else ():
            if line.strip():
                told(f"  {line.strip()}")
