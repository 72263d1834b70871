"""A backup made into a database again, beside the shop's, where it can be looked at and brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from smartduka.backups import portable
from smartduka.backups.archive import Archive
from smartduka.databases import aliases, append_only, native, scratch
from smartduka.databases.native import CopyFailedError
from smartduka.progress import Told

_WITHOUT_WAITING = {
    "sqlite": ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = MEMORY"),
    "postgresql": ("SET synchronous_commit = off",),
    "mysql": (),
}
"""Nothing is lost with a scratch database. Each wait for the disk would be one for the tills that sell meanwhile."""


@contextmanager
def copy_of(archive: Archive, folder: Path, *, told: Told) -> Iterator[str]:
    """The URL of a scratch database that holds what the backup holds, at the stage at which it was made.

    It is on the engine of the default database; a native backup must be of the same. The folder is its workshop.
    """
    server = aliases.url_of()
    scratch.sweep(folder, server)
    with scratch.fresh_database(folder, server) as url, aliases.beside(url) as alias:
        _wait_for_no_disk(alias)
        if archive.manifest.kind == "portable":
            portable.load(archive, alias, told=told)
        else:
            told("Unpacking")
            engine = native.of(archive.manifest.engine)
            with scratch.fresh_file(folder) as file:
                archive.extract(engine.member, file)
                told("Restoring it beside the shop")
                try:
                    engine.load(alias, file)
                except CopyFailedError as error:
                    raise type(error)(f"{archive.path} was not restored: {error} Nothing was touched.") from error
        append_only.install(alias)
        yield url


def _wait_for_no_disk(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        for statement in _WITHOUT_WAITING[connections[alias].vendor]:
            cursor.execute(statement)
