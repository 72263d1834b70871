"""Make a backup: copy the books while the shop sells, restore the copy beside them, and see that it ties out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from django.db import connection

import smartduka
from smartduka import bookcheck
from smartduka.backups import archive, media, portable, shelf
from smartduka.backups.archive import Archive, ArchiveWriter
from smartduka.backups.copying import copy_of
from smartduka.backups.manifest import Cause, Engine, Manifest
from smartduka.backups.shelf import Backup
from smartduka.databases import aliases, native, schema, scratch
from smartduka.databases.figures import Figures, figures_of
from smartduka.databases.native import ProgramFailedError
from smartduka.databases.snapshots import snapshot
from smartduka.progress import Told


class UnsoundCopyError(Exception):
    """The copy does not hold what the books hold, in a sentence. It is not kept."""


def make(folder: Path, *, cause: Cause, told: Told, is_portable: bool = False, verify: bool = True) -> Backup:
    """A new backup of the default database on the shelf.

    Where the engine's own programs fail, it is a portable one, which needs none. Verified, it was restored into a
    scratch database, and its books tied out there; those of an older stage are checked once they were brought up to
    date, by whoever does that. A copy that cannot be restored is not kept (UnsoundCopyError, CopyFailedError). One
    whose books do not tie out is kept, unverified, with its flaw: it holds what the shop's own books hold.
    """
    shelf.check_writable(folder)
    if not is_portable:
        try:
            return _make(folder, cause, told, is_portable=False, verify=verify)
        except ProgramFailedError as error:
            told(f"{error} So this backup is a portable one.")
    return _make(folder, cause, told, is_portable=True, verify=verify)


def _make(folder: Path, cause: Cause, told: Told, *, is_portable: bool, verify: bool) -> Backup:
    manifest, flaw = _manifest(cause, is_portable=is_portable), ""
    is_behind = bool(schema.waiting())
    target = shelf.new_path(folder, manifest)
    with archive.writing(target) as writer:
        figures = (_copy_portably if is_portable else _copy_natively)(writer, folder, told)
        media.write(writer)
        if verify:
            figures, flaw = _verified(writer.preview(manifest), figures, folder, told, is_behind=is_behind)
        told("Writing it to the disk")
        is_verified = verify and not flaw
        books = is_verified and not is_behind
        manifest = writer.finish(replace(manifest, figures=figures, is_verified=is_verified, has_checked_books=books))
    return Backup(target, target.stat().st_size, manifest, flaw)


def _manifest(cause: Cause, *, is_portable: bool) -> Manifest:
    return Manifest(
        kind="portable" if is_portable else "native",
        version=smartduka.__version__,
        engine=cast(Engine, connection.vendor),
        engine_version=".".join(map(str, connection.get_database_version())),
        made_at=datetime.now(UTC),
        shop=_shop_name(),
        cause=cause,
        migrations=tuple(schema.applied()),
    )


def _shop_name() -> str:
    """As the shop is called, also where its table has not all of today's columns yet."""
    shop = next((model for model in schema.models(schema.applied()) if model._meta.label == "smartduka.Shop"), None)
    return (shop._base_manager.values_list("name", flat=True).first() or "") if shop else ""


def _copy_natively(writer: ArchiveWriter, folder: Path, told: Told) -> None:
    told("Copying the books")
    engine = native.of(connection.vendor)
    with scratch.fresh_file(folder) as file:
        engine.dump("default", file, without_rows=schema.transient_tables())
        writer.add_file(engine.member, file)


def _copy_portably(writer: ArchiveWriter, folder: Path, told: Told) -> Figures:
    told("Copying the books")
    with snapshot("default", folder) as alias:
        return portable.write(writer, schema.models(schema.applied(alias)), alias, told=told)


def _verified(
    preview: Archive, expected: Figures | None, folder: Path, told: Told, *, is_behind: bool
) -> tuple[Figures, str]:
    """The figures of the copy once it is restored, and why its books do not tie out."""
    with copy_of(preview, folder, told=told) as url:
        with aliases.beside(url) as alias:
            figures = figures_of(schema.models(preview.manifest.migrations), alias, told=told)
        if expected and (differing := list(figures.differences(expected))):
            raise UnsoundCopyError(f"The copy is not what was copied: {differing[0]}.")
        if is_behind:
            return figures, ""
        told("Checking the books of the copy")
        return figures, bookcheck.flaw_in(url)
