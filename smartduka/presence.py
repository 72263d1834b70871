"""Is the shop where it was? Asked before anything is written to its database, and before it is served.

A database that is gone, emptied or damaged is never made a new shop in silence, and one that a newer SmartDuka
brought up to date is not served by an older. `shop.json` in the data folder records which databases held a shop, and
since when. Where that is gone with its folder, a verified backup tells that there was one.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, ProgrammingError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from smartduka import periods
from smartduka.backups import shelf
from smartduka.counting import counted
from smartduka.databases import schema, scratch
from smartduka.databases.outages import Outage, first_line, outage_of
from smartduka.databases.schema import Stage
from smartduka.terminal import shown, typed


def make_sure(using: str = DEFAULT_DB_ALIAS, *, may_be_new: bool = False) -> None:
    """CommandError, with the cure, where the shop is gone or damaged, or newer than this code. It costs one question.

    A database that does not answer just now is left to whoever asks it next: that is an outage, and may pass.
    """
    stages = _applied(using)
    if stages is None:
        return
    refuse_newer(stages)
    if not stages and not may_be_new and _was_there(using):
        is_on_server = connections[using].vendor != "sqlite"
        first = "If the database itself is gone, make an empty one of that name. " if is_on_server else ""
        raise CommandError(f"There was a shop in {_place(using)}, and now there is none. {first}{_cure(using)}")


def refuse_newer(stages: set[Stage]) -> None:
    """CommandError where one of these migrations is unknown here."""
    if newer := schema.unknown(stages):
        names = ", ".join(f"{app}.{name}" for app, name in newer[:3]) + (" …" if newer[3:] else "")
        raise CommandError(
            f"This database was brought up to date by a newer SmartDuka ({names} is unknown here): "
            "take that version again, or restore a backup that was made before."
        )


def refuse_damaged(error: DatabaseError, using: str = DEFAULT_DB_ALIAS) -> None:
    """CommandError, with the cure, where this error tells that the file is no database any more."""
    if outage_of(error) is Outage.DAMAGED:
        told = f"{_place(using)} is damaged ({str(error).strip()})."
        raise CommandError(f"{told} {_cure(using, first='move that file away, then ')}") from error


def told(error: DatabaseError) -> str:
    """What this error means to a person, with the cure; nothing when it tells of a mistake in the program."""
    try:
        make_sure()
    except CommandError as refusal:
        return str(refusal)
    if outage := outage_of(error):
        return f"{first_line(error)}. {outage.value}"
    if isinstance(error, OperationalError | ProgrammingError) and (waiting := schema.waiting()):
        cure = f"so bring the shop up to date first: {typed('upgrade')}"
        return f"{first_line(error)}. {counted(len(waiting), 'migration waits', 'migrations wait')}, {cure}"
    return ""


def remember(using: str = DEFAULT_DB_ALIAS) -> None:
    """Record that there is a shop in this database. A folder that cannot be written stops nobody from selling."""
    known = _record()
    if _is_passing(using) or _name(using) in known or not _applied(using):
        return
    known[_name(using)] = timezone.now().isoformat()
    with suppress(OSError):
        fresh = _record_file().with_suffix(".part")
        fresh.write_text(json.dumps({"shops": known}, indent=1) + "\n", encoding="utf-8")
        fresh.replace(_record_file())


def _applied(using: str) -> set[Stage] | None:
    """The migrations that were applied: none where there is no shop, None where nobody can tell just now."""
    connection = connections[using]
    # SQLite would make a file where there is none.
    if connection.vendor == "sqlite" and not _is_in_memory(connection) and _is_nothing(_file(using)):
        return set()
    try:
        return set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except DatabaseError as error:
        refuse_damaged(error, using)
        return set() if outage_of(error) in {None, Outage.ABSENT} else None


def _is_nothing(file: Path) -> bool:
    return not file.exists() or (file.is_file() and file.stat().st_size == 0)


def _was_there(using: str) -> bool:
    known = _record()
    if _is_passing(using):
        return False
    return _name(using) in known if known else _newest_backup() is not None


def _is_passing(using: str) -> bool:
    """Whether this database was never meant to last."""
    connection = connections[using]
    return _is_in_memory(connection) or Path(str(connection.settings_dict["NAME"])).name.startswith(scratch.PREFIX)


def _is_in_memory(connection: Any) -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def _name(using: str) -> str:
    """What the record knows a database by; not who may open it.

    A file in the data folder is named from there, so that the folder may move to another computer.
    """
    database = connections[using].settings_dict
    if connections[using].vendor == "sqlite":
        file = _file(using)
        inside = file.is_relative_to(settings.DATA_DIR)
        return str(file.relative_to(settings.DATA_DIR)) if inside else str(file)
    place = ":".join(str(database[key]) for key in ("HOST", "PORT") if database.get(key))
    return f"{connections[using].vendor}://{place}/{database['NAME']}"


def _place(using: str) -> str:
    """The same, as a person finds it."""
    return shown(_file(using)) if connections[using].vendor == "sqlite" else _name(using)


def _file(using: str) -> Path:
    return Path(str(connections[using].settings_dict["NAME"])).resolve()


def _record_file() -> Path:
    return Path(settings.DATA_DIR) / "shop.json"


def _record() -> dict[str, str]:
    """Database → since when there is a shop in it; nothing where the record is missing or torn."""
    try:
        known = json.loads(_record_file().read_text(encoding="utf-8"))["shops"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}


def _newest_backup(engine: str = "") -> shelf.Backup | None:
    return shelf.newest_verified(settings.BACKUP_DIR, timezone.now(), engine=engine)


def _cure(using: str, *, first: str = "") -> str:
    newest = _newest_backup(connections[using].vendor)
    if newest is None:
        found = f"No verified backup lies in {shown(settings.BACKUP_DIR)}. Restore one that you have elsewhere"
        path = "FILE"
    else:
        found = f"Restore the newest verified backup, of {periods.show_instant(newest.made_at)}"
        path = shown(newest.path)
    return f"{found}: {typed('restore', path)}. For a new shop instead: {first}{typed('migrate', '--new-shop')}"
