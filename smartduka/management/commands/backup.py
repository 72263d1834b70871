"""Make a backup of the books, while the shop sells."""

from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction
from pathlib import Path
from typing import Any, get_args

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from smartduka import presence
from smartduka.backups import making, shelf
from smartduka.backups.manifest import Cause
from smartduka.backups.shelf import Backup
from smartduka.backups.troubles import in_sentences
from smartduka.databases import schema
from smartduka.management.patience import PatientCommand
from smartduka.management.telling import TellingCommand


class Command(TellingCommand, PatientCommand):
    help = "Make a backup of the books, while the shop sells, and see that it can be restored."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=_folder, help="another folder than BACKUP_DIR, such as one on a stick")
        parser.add_argument("--portable", action="store_true", help="for every engine, instead of the one in use")
        parser.add_argument(
            "--verify",
            action=BooleanOptionalAction,
            default=True,
            help="restore it into a scratch database, and check the books there",
        )
        parser.add_argument("--cause", choices=get_args(Cause), default="by hand", help="what it is made for")

    def handle(self, *, to: Path | None, portable: bool, verify: bool, cause: Cause, **options: Any) -> None:
        folder = (to or settings.BACKUP_DIR).absolute()
        presence.make_sure()
        with in_sentences():
            if not schema.applied():
                raise CommandError("There is no shop in the database yet, and nothing to back up.")
            is_new = not folder.exists()
            shelf.check_writable(folder)
            if to and is_new:
                self.tell(f"{folder} was not there, and was made. If it should be a stick, plug that in first.")
            backup = making.make(folder, cause=cause, is_portable=portable, verify=verify, told=self.tell)
            for gone in shelf.prune(folder, timezone.get_current_timezone(), timezone.now()):
                self.tell(f"Removed {gone.name}, which is not needed any more")
        self.tell(f"{backup.path}, {backup.size / 1e6:,.1f} MB")
        if backup.flaw:
            raise CommandError(
                f"The backup is kept, but the books in it are not sound, as in the shop. {backup.flaw}"
            )
        self.tell(_verdict(backup))


def _folder(word: str) -> Path:
    """What is typed as `--to "$STICK"` is nothing where nobody said which stick."""
    if not word:
        raise ArgumentTypeError("it is empty; name a folder, such as /media/stick")
    return Path(word)


def _verdict(backup: Backup) -> str:
    if not backup.is_verified:
        return "It was not tried out."
    if not backup.has_checked_books:
        return (
            "It was tried out: restored beside the shop, row by row. Its books are checked by the upgrade that waits."
        )
    return "It was tried out: restored beside the shop, where its books tie out."
