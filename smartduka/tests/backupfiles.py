"""Backups made for tests: good ones, and what a bad hand can make of one."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from smartduka.backups import archive, container
from smartduka.backups.flaws import BadBackupError
from smartduka.backups.manifest import Manifest, Member
from smartduka.databases.figures import Figures

MADE_AT = datetime(2026, 11, 20, 10, 45, 12, 345678, tzinfo=UTC)
BOOKS = {"database.sqlite3": b"SQLite format 3\0" + bytes(range(256)) * 40, "media/chai.txt": "Chai ☕".encode()}


def a_manifest(**changes: Any) -> Manifest:
    told = {
        "kind": "native",
        "version": "0.5.0",
        "engine": "sqlite",
        "engine_version": "3.45.1",
        "made_at": MADE_AT,
        "shop": "Duka la Amina – محل",
        "cause": "by hand",
        "migrations": (("inventory", "0001_initial"), ("sales", "0001_initial")),
        "figures": Figures(
            rows={"sales.Sale": 13, "inventory.Product": 2},
            sums={"sales.Sale.total": "1234567890123.45"},
            newest={"sales.Sale": 13},
            digests={"sales.Sale": "ab" * 32},
        ),
        "is_verified": True,
        "has_checked_books": True,
    }
    return Manifest(**told | changes)


def a_backup(path: Path, members: Mapping[str, bytes] = BOOKS, **changes: Any) -> Manifest:
    """A good one, written as the shop writes it: its manifest."""
    with archive.writing(path) as writer:
        for name, content in members.items():
            with writer.open_member(name) as stream:
                stream.write(content)
        return writer.finish(a_manifest(**changes))


@contextmanager
def forging(path: Path) -> Iterator[zipfile.ZipFile]:
    """An empty ZIP file to be filled by hand, which gets a true seal: whoever forges one knows how it is made."""
    with path.open("w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as forged:
            yield forged
            forged.comment = container.OPEN_SEAL
        container.seal(stream)


def reseal(path: Path, content: bytes) -> None:
    """A file of these bytes, with a true seal in place of the one that they end with."""
    stream = BytesIO(content)
    container.seal(stream)
    path.write_bytes(stream.getvalue())


def forge(path: Path, members: Mapping[str, bytes] = BOOKS, manifest: object = None, told_of: Any = None) -> None:
    """A file of these members and this manifest (a JSON value, or bytes), or one that tells of `told_of`."""
    if manifest is None:
        manifest = as_json(members_of(members if told_of is None else told_of))
    with forging(path) as forged:
        for name, content in members.items():
            forged.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        forged.writestr("manifest.json", manifest if isinstance(manifest, bytes) else json.dumps(manifest))


def as_json(members: Mapping[str, Member]) -> dict[str, Any]:
    """What a good manifest of these members tells, to be changed."""
    told: dict[str, Any] = json.loads(a_manifest(members=members).to_json())
    return told


def members_of(content: Mapping[str, bytes]) -> dict[str, Member]:
    return {name: Member(len(each), hashlib.sha256(each).hexdigest()) for name, each in content.items()}


def refused(path: Path) -> str:
    """What is said of a file that must be refused; nothing of it is handed out, and nothing beside it changes."""
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(BadBackupError) as refusal, archive.reading(path):
        pytest.fail("It was handed out.")
    assert sorted(path.parent.rglob("*")) == before
    assert str(refusal.value) == f"{path} cannot be used as a backup: {refusal.value.flaw}. Nothing was touched."
    return refusal.value.flaw


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
