"""A copy that belongs to no engine: a file of JSON lines for each model, as the applied migrations describe them."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import IO

from django.db import transaction
from django.db.models import Model

from smartduka.backups.archive import Archive, ArchiveWriter
from smartduka.backups.blaming import blaming
from smartduka.backups.flaws import BadBackupError
from smartduka.databases import append_only, rows, schema
from smartduka.databases.figures import Figures, Tally
from smartduka.databases.outages import first_line
from smartduka.databases.rows import Values
from smartduka.progress import Progress, Told

_FOLDER = "models/"
_LONGEST_ROW = 16 * 1024 * 1024
"""Bytes. A line that nobody ever ended would fill the memory."""


def member_of(model: type[Model]) -> str:
    return f"{_FOLDER}{model._meta.label}.jsonl"


def write(writer: ArchiveWriter, tables: Sequence[type[Model]], using: str, *, told: Told) -> Figures:
    """Every row of a database that stands still, and what came by."""
    tally, progress = Tally(), Progress(told, "Copied")
    for model in tables:
        with writer.open_member(member_of(model)) as sink:
            for some, lines in tally.passing(model, using):
                sink.write(lines)
                progress.add(len(some))
    progress.tell()
    return tally.figures()


def load(archive: Archive, using: str, *, told: Told) -> None:
    """Fill an empty database with what the archive holds, at the stage of its migrations."""
    stages = archive.manifest.migrations
    tables = schema.models(stages)
    _check_members(archive, tables)
    schema.bring_to(stages, using)
    # What `migrate` itself wrote, such as permissions, comes from the archive, keys included. The triggers would
    # refuse old facts, such as a drawer that is closed from the beginning.
    append_only.lift(using)
    progress = Progress(told, "Loaded")
    with blaming(archive.path, "its rows do not fit together"), transaction.atomic(using):
        rows.empty(tables, using)
        for model in tables:
            with archive.open(member_of(model)) as source:
                for some in _slices(archive, model, source):
                    rows.write(model, some, using)
                    progress.add(len(some))
    progress.tell()
    rows.count_on(tables, using)


def _check_members(archive: Archive, tables: Sequence[type[Model]]) -> None:
    """There is a member for each model, and for no other."""
    wanted = {member_of(model) for model in tables}
    found = {name for name in archive.manifest.members if name.startswith(_FOLDER)}
    if missing := wanted - found:
        raise BadBackupError(archive.path, f"it has no {min(missing)}")
    if unknown := found - wanted:
        raise BadBackupError(archive.path, f"it has {min(unknown)}, of which its migrations know nothing")


def _slices(archive: Archive, model: type[Model], source: IO[bytes]) -> Iterator[list[Values]]:
    lines = iter(partial(source.readline, _LONGEST_ROW), b"")
    try:
        while some := [rows.from_line(model, line) for line in islice(lines, rows.SLICE)]:
            yield some
    except (RecursionError, ValueError) as error:
        raise BadBackupError(archive.path, f"{member_of(model)} in it cannot be read: {first_line(error)}") from error
