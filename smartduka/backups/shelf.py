"""The folder in which the backups of a shop lie.

What a backup is and when it was made stands in its manifest. The dates of files are not believed: copying changes
them.
"""

import os
import re
import tempfile
import unicodedata
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import chain, count
from pathlib import Path

from smartduka.backups import archive, parts, retention
from smartduka.backups.flaws import BadBackupError
from smartduka.backups.manifest import Manifest

_OUR_NAMES = "smartduka-*.zip"
_ANCIENT = datetime.min.replace(tzinfo=UTC)


class ShelfError(Exception):
    """Why no backup can be written into a folder, in a sentence with the cure."""


@dataclass(frozen=True)
class Backup:
    """A file on the shelf, with its manifest where it has one that can be read."""

    path: Path
    size: int
    manifest: Manifest | None
    flaw: str = ""
    """Why it has none; of one that was just made, why the books in it do not tie out."""

    @property
    def made_at(self) -> datetime:
        return self.manifest.made_at if self.manifest else _ANCIENT

    @property
    def is_verified(self) -> bool:
        return self.manifest is not None and self.manifest.is_verified

    @property
    def has_checked_books(self) -> bool:
        return self.manifest is not None and self.manifest.has_checked_books

    def is_of(self, shop: str) -> bool:
        """By its name: one that was brought from another shop keeps nothing of this one."""
        return self.manifest is not None and self.manifest.shop == shop

    def fits(self, engine: str) -> bool:
        return self.manifest is not None and self.manifest.fits(engine)


def file_name(manifest: Manifest) -> str:
    """smartduka-20261120T104512Z-sqlite.zip, and for any engine smartduka-20261120T104512Z-sqlite-portable.zip."""
    made_at = manifest.made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    ending = "-portable" if manifest.kind == "portable" else ""
    return f"smartduka-{made_at}-{manifest.engine}{ending}.zip"


def new_path(folder: Path, manifest: Manifest) -> Path:
    """Where to write this backup: under its name, numbered when another one was made in the same second."""
    path = folder / file_name(manifest)
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(each for each in chain([path], numbered) if not each.exists() and not parts.part_of(each).exists())


def backups(folder: Path) -> list[Backup]:
    """All that lies there, the newest first, what is damaged last. Only manifests are read."""
    found = []
    for path in filter(_is_text, folder.glob("[!.]*.zip")):
        with suppress(OSError):  # it went meanwhile, or leads nowhere
            found.append(_looked_at(path))
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True)


def newest_verified(folder: Path, now: datetime, *, engine: str = "") -> Backup | None:
    """The newest one that was verified; one that is dated ahead of `now` only where there is no other.

    With an engine, of those that can be restored there.
    """
    verified = [each for each in backups(folder) if each.is_verified and (not engine or each.fits(engine))]
    timely = [backup for backup in verified if backup.made_at <= now]
    return next(iter(timely or verified), None)


def prune(folder: Path, zone: tzinfo, now: datetime) -> list[Path]:
    """Remove what need not be kept, and what killed programs left half written; tell which backups went.

    Of each shop that has backups there, as many are kept as if it had the folder to itself. A damaged backup stays
    where it is and counts for nothing, and one that a person gave another name is theirs. The newest verified one is
    read, whole, before any other goes: it may be the last good one.
    """
    parts.remove_orphans(folder, _OUR_NAMES)
    of_shops: dict[str, list[Backup]] = defaultdict(list)
    for backup in _of_ours(folder):
        if backup.manifest:
            of_shops[backup.manifest.shop].append(backup)
    spare = {path for of_one in of_shops.values() for path in _spare(of_one, zone, now)}
    return [path for path in sorted(spare) if _removed(path)]


def check_writable(folder: Path) -> None:
    """Make the folder, for its owner's eyes only, where it is missing. ShelfError: nothing can be written there."""
    if not _is_text(folder):
        raise ShelfError(f"{str(folder)!a} has a name that is no text. Name another one for the backups.")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except (FileExistsError, NotADirectoryError):
        raise ShelfError(f"{folder} is no folder. Name another one for the backups.") from None
    except FileNotFoundError:
        raise ShelfError(f"{folder.parent} is not there. Plug the stick in, or name another folder.") from None
    except OSError as error:
        if not folder.exists():
            raise ShelfError(f"{folder} is not there. Plug the stick in, or name another folder.") from error
        raise ShelfError(
            f"Nothing can be written into {folder} ({error.strerror}). See to that, or name another folder."
        ) from error


def _is_text(path: Path) -> bool:
    """Whether a name can be shown, and asked for; sticks from elsewhere have some that cannot."""
    return not any(unicodedata.category(sign) == "Cs" for sign in str(path))


def _looked_at(path: Path) -> Backup:
    size = path.stat().st_size
    try:
        return Backup(path, size, archive.glance(path))
    except BadBackupError as error:
        return Backup(path, size, None, error.flaw)


def _of_ours(folder: Path) -> list[Backup]:
    """Those that still have the name that they were written under."""

    def has_its_name(backup: Backup) -> bool:
        if not backup.manifest:
            return False
        name = Path(file_name(backup.manifest))
        return bool(re.fullmatch(rf"{re.escape(name.stem)}(-[0-9]+)?\.zip", backup.path.name))

    return [backup for backup in backups(folder) if has_its_name(backup)]


def _spare(newest_first: list[Backup], zone: tzinfo, now: datetime) -> set[Path]:
    """Of the backups of one shop, those that need not be kept."""
    sound = {backup.path: backup.manifest for backup in _without_rotten(newest_first, now) if backup.manifest}
    return sound.keys() - retention.kept(sound, zone, now)


def _without_rotten(newest_first: list[Backup], now: datetime) -> list[Backup]:
    """Without the verified ones at the top that can no longer be read whole."""
    sound = list(newest_first)
    for backup in newest_first:
        if backup.is_verified and backup.made_at <= now:
            if _is_whole(backup.path):
                break
            sound.remove(backup)
    return sound


def _is_whole(path: Path) -> bool:
    try:
        with archive.reading(path):
            return True
    except BadBackupError:
        return False


def _removed(path: Path) -> bool:
    """Whether it is gone; what somebody downloads just now stays on Windows, until the next time."""
    with suppress(OSError):
        path.unlink()
        return True
    return False
