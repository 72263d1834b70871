"""The files that belong to the books: whatever was uploaded."""

from pathlib import Path

from django.conf import settings

from smartduka.backups.archive import Archive, ArchiveWriter

_FOLDER = "media/"


def write(writer: ArchiveWriter) -> None:
    """Add every uploaded file."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            writer.add_file(_FOLDER + file.relative_to(root).as_posix(), file)


def restore(archive: Archive) -> None:
    """Put every file of a backup in its place, each whole or not at all. Files that it does not know stay."""
    root = Path(settings.MEDIA_ROOT)
    for name in archive.manifest.members:
        if name.startswith(_FOLDER):
            target = root / name.removeprefix(_FOLDER)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            part.unlink(missing_ok=True)
            archive.extract(name, part)
            part.replace(target)
