"""Restore a backup: look at all of it first, make it a database beside the shop's, and change the two in one step."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import Model

from smartduka import bookcheck, events, periods, presence, private
from smartduka.backups import archive, comparing, making, media, shelf
from smartduka.backups.archive import Archive
from smartduka.backups.blaming import blaming
from smartduka.backups.copying import copy_of
from smartduka.backups.flaws import BadBackupError
from smartduka.backups.manifest import Manifest
from smartduka.backups.shelf import Backup
from smartduka.databases import aliases, locks, native, schema, statistics
from smartduka.databases.figures import figures_of, newest
from smartduka.databases.native import CopyFailedError
from smartduka.databases.outages import Outage, outage_of
from smartduka.progress import Told
from smartduka.terminal import shown, typed

TRIES = 3
"""How often the safety backup is made, when somebody sells meanwhile."""


class StillSellingError(Exception):
    """Somebody sells while the books are to be changed for others, in a sentence."""


@dataclass(frozen=True)
class Restored:
    """What was restored, and the backup of what was there before; None where nothing was."""

    manifest: Manifest
    before: Backup | None


def restore(
    path: Path, *, folder: Path, told: Told, dry_run: bool = False, despite_differences: bool = False
) -> Restored:
    """Make the default database what this backup holds, whole or not at all; `folder` gets the safety backup.

    A backup of an older SmartDuka is brought up to date on the way. Whatever is wrong with one is a BadBackupError
    before anything is touched. A dry run does everything but the last step.
    """
    shelf.check_writable(folder)
    told("Reading the backup")
    with archive.reading(path) as backup:
        if obstacle := comparing.obstacle(backup.manifest):
            raise BadBackupError(path, obstacle)
        with copy_of(backup, folder, told=told) as url:
            _look_at(backup, url, told, despite_differences=despite_differences)
            if dry_run:
                return Restored(backup.manifest, None)
            with aliases.working_in(url):
                _write_down(backup)
            with locks.exclusive(), media.unpacked(backup) as put_media, aliases.beside(url) as ready:
                kept = _keep(folder, told)
                told("Putting the restored books in their place")
                native.of(connection.vendor).swap(DEFAULT_DB_ALIAS, ready, at_last=kept.refuse_news)
                presence.remember()
                put_media()
            statistics.refresh_statistics()
            return Restored(backup.manifest, kept.backup)


def _look_at(backup: Archive, url: str, told: Told, *, despite_differences: bool) -> None:
    """The copy holds what the manifest tells, can be brought up to date, and its books tie out."""
    manifest = backup.manifest
    with aliases.beside(url) as alias, blaming(backup.path, "its books cannot be read"):
        if manifest.figures:
            found = figures_of(schema.models(manifest.migrations), alias, told=told)
            if differing := list(found.differences(manifest.figures)):
                raise BadBackupError(backup.path, f"it does not hold what it tells: {differing[0]}")
        if schema.waiting(alias):
            told("Bringing the copy up to date")
            with blaming(backup.path, "it cannot be brought up to date"):
                schema.bring_up_to_date(alias)
    told("Checking the books of the copy")
    with blaming(backup.path, "its books cannot be checked"):
        flaw = bookcheck.flaw_in(url)
    if flaw and not despite_differences:
        raise BadBackupError(
            backup.path,
            f"its books are not sound. {flaw} To restore it all the same: "
            + typed("restore", shown(backup.path), "--despite-differences"),
        )


def _write_down(backup: Archive) -> None:
    """The restored books tell that they are."""
    made_at = periods.show_instant(backup.manifest.made_at)
    events.record(events.RESTORED, by=None, subject=backup.path.name, after=f"The books of {made_at}")


@dataclass(frozen=True)
class _Kept:
    """A backup of what is there, and the newest row of each table in it; nothing where nothing is there."""

    backup: Backup | None = None
    tables: Sequence[type[Model]] = ()
    newest: Mapping[str, Any] = field(default_factory=dict)

    def has_news(self) -> bool:
        """Whether something was written that the backup may not hold."""
        return newest(self.tables) != self.newest

    def refuse_news(self) -> None:
        if self.has_news():
            raise StillSellingError(
                "The shop is selling, and nothing was changed. "
                "Close it, or let the tills rest for a minute, then restore."
            )


def _keep(folder: Path, told: Told) -> _Kept:
    """A safety backup, into which nobody sold while it was made, as far as that can be had."""
    told("Keeping what is there now")
    try:
        for _ in range(TRIES):
            tables = schema.models(schema.applied())
            if not tables:
                return _Kept()
            before = newest(tables)
            backup = making.make(folder, cause="before restore", told=told, verify=False)
            kept = _Kept(backup, tables, before)
            if not kept.has_news():
                break
            backup.path.unlink()
    except (CopyFailedError, DatabaseError) as error:
        if outage_of(error.__cause__ if isinstance(error, CopyFailedError) else error) is not Outage.DAMAGED:
            raise
        told(f"The database is damaged; it is kept as {_set_aside()}")
        return _Kept()
    kept.refuse_news()
    return kept


def _set_aside() -> Path:
    """Copy a damaged file, and empty it, so that a sound database can be put into it.

    The copy is on the disk first. The file stays where it is: a till that has it open goes on in the restored books,
    not in a file that was moved away.
    """
    connection.close()
    file = Path(connection.settings_dict["NAME"])
    ending = f"-damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    there = [part for part in (file, Path(f"{file}-wal"), Path(f"{file}-journal")) if part.exists()]
    for part in there:
        with part.open("rb") as source, private.new(Path(f"{part}{ending}")) as kept:
            shutil.copyfileobj(source, kept)
            kept.flush()
            os.fsync(kept.fileno())
    # The journals first: what they hold would be played back into an empty file.
    for part in reversed(there):
        os.truncate(part, 0)
    return Path(f"{file}{ending}")
