"""Restore a backup: the shop's books become what the file holds, whole or not at all."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from smartduka import periods
from smartduka.backups import archive, restoring
from smartduka.backups.troubles import in_sentences
from smartduka.management.telling import TellingCommand

WORD = "restore"


class Command(TellingCommand):
    help = "Restore a backup. Everything is checked first, and what is there now is kept as a backup too."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup: a path, or the name of one in BACKUP_DIR")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        parser.add_argument("--no-input", action="store_true", help="do not ask")
        parser.add_argument(
            "--despite-differences", action="store_true", help="also when check_books finds differences in it"
        )

    def handle(self, *, file: Path, dry_run: bool, no_input: bool, despite_differences: bool, **options: Any) -> None:
        with in_sentences():
            path = file if file.parent != Path() or file.exists() else settings.BACKUP_DIR / file
            if not (dry_run or no_input):
                self._ask(path)
            restored = restoring.restore(
                path,
                folder=settings.BACKUP_DIR,
                told=self.tell,
                dry_run=dry_run,
                despite_differences=despite_differences,
            )
        made_at = periods.show_instant(restored.manifest.made_at)
        if dry_run:
            self.tell(f"This backup of {made_at} can be restored. Nothing was changed.")
            return
        if restored.before:
            self.tell(f"What was there before is in {restored.before.path}")
        self.tell(f"The books are those of {made_at}. Everybody logs in again.")

    def _ask(self, path: Path) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to ask: add --no-input to restore all the same.")
        found = archive.glance(path)
        made_at = periods.show_instant(found.made_at)
        self.tell(f"A backup of {found.shop or 'a shop without a name'}, made {made_at}, {found.cause}.")
        if _answer(f"What was written since then leaves the books. Write {WORD} to go on: ") != WORD:
            raise CommandError("Nothing was changed.")


def _answer(question: str) -> str:
    """What was typed; nothing where the input ended instead, as by Ctrl-D."""
    try:
        return input(question).strip()
    except EOFError:
        return ""
