"""Move the shop into another database."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.management.base import CommandError

from smartduka import moving, presence
from smartduka.databases import aliases, scratch
from smartduka.management.telling import TellingCommand

UNMOVED = "The shop is where it was, unchanged."


class Command(TellingCommand):
    help = (
        "Move a closed shop into an empty database, from any engine to any other, and hold every row against what it "
        "was. The shop that is moved is only read: it stays in charge until DATABASE_URL names the other one. "
        "Leave a password out of a URL, where others on this computer could read it: then it is asked for."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="source", metavar="URL", help="where the shop is, if not where DATABASE_URL says"
        )
        parser.add_argument("--to", dest="target", metavar="URL", required=True, help="an empty database")
        parser.add_argument(
            "--again",
            action="store_true",
            help="empty the target first, if a move that was cut short began to fill it",
        )

    def handle(self, *, source: str | None, target: str, again: bool, **options: Any) -> None:
        if source is None:
            presence.make_sure()
        self.tell("Close the shop first: what is sold meanwhile would not be moved.")
        scratch.sweep(settings.DATA_DIR, "sqlite:")
        try:
            old = _with_password(source) if source is not None else aliases.url_of()
            moved = moving.move(old, _with_password(target), folder=settings.DATA_DIR, again=again)
        except moving.NotMovedError as error:
            raise CommandError(f"{error}\n{UNMOVED}") from None
        except (KeyboardInterrupt, EOFError):
            raise CommandError(f"Stopped.\n{UNMOVED}", returncode=130) from None
        self.tell(f"All {moved.rows:,} rows are there, each as it was. Everybody logs in again.")
        if moved.is_behind:
            self.tell("It is as old as it was: open it with run.py, or run migrate and then check_books.")
        self.tell(f"Now write this line into .env, and open the shop:\nDATABASE_URL={moved.url}")


def _with_password(url: str) -> str:
    """The same, with a password that is asked for where an account is named without one, and somebody is there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # of which it is said later what it should be
    if not parts.username or parts.password is not None or not sys.stdin.isatty():
        return url
    place = parts.hostname or "this computer"
    password = getpass(f"Password of {parts.username} at {place} (Enter where none is needed): ")
    account, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{account}:{quote(password, safe='')}@{host}").geturl()
