"""Move the shop into another database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from smartduka import moving
from smartduka.databases import scratch
from smartduka.management.telling import TellingCommand

UNMOVED = "The shop is where it was, unchanged."


class Command(TellingCommand):
    help = (
        "Move a closed shop into an empty database, from any engine to any other, and hold every row against what it "
        "was. The shop that is moved is only read: it stays in charge until DATABASE_URL names the other one."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="source", metavar="URL", required=True, help="where the shop is")
        parser.add_argument("--to", dest="target", metavar="URL", required=True, help="an empty database")
        parser.add_argument(
            "--again",
            action="store_true",
            help="empty the target first, if a move that was cut short began to fill it",
        )

    def handle(self, *, source: str, target: str, again: bool, **options: Any) -> None:
        self.tell("Close the shop first: what is sold meanwhile would not be moved.")
        scratch.sweep(settings.DATA_DIR, "sqlite:")
        try:
            moved = moving.move(source, target, folder=settings.DATA_DIR, again=again)
        except moving.NotMovedError as error:
            raise CommandError(f"{error}\n{UNMOVED}") from None
        except KeyboardInterrupt:
            raise CommandError(f"Stopped.\n{UNMOVED}", returncode=130) from None
        self.tell(f"All {moved.rows:,} rows are there, each as it was. Everybody logs in again.")
        if moved.is_behind:
            self.tell("It is as old as it was: open it with run.py, or run migrate and then check_books.")
        self.tell(f"Now write this line into .env, and open the shop:\nDATABASE_URL={moved.url}")
