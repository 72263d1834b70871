"""What a shop needs once a day, whenever it is open: a backup, and a look at the books."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from inventory.models import Product
from smartduka import events, first_owner, periods, presence
from smartduka.backups import shelf
from smartduka.backups.standing import shop_name
from smartduka.management.patience import PatientCommand
from smartduka.models import Shop

BOOKS_EVERY = timedelta(days=1)


class Command(PatientCommand):
    help = "What is due today: a verified backup, and a check of the books. As often as you like: it catches up."

    def handle(self, *args: Any, **options: Any) -> None:
        presence.make_sure()
        troubles = [*self._try(self._back_up), *self._try(self._check_books)]
        if troubles:
            raise CommandError("\n".join(troubles))

    def _try(self, work: Callable[[], None]) -> list[str]:
        """What stood in the way of a piece of work; the next one is done all the same."""
        try:
            work()
        except CommandError as trouble:
            return [str(trouble)]
        return []

    def _back_up(self) -> None:
        """Also when nothing was written since the last one: a backup a day is easy to understand."""
        if first_owner.is_awaited() and not Product.objects.exists():
            self.stdout.write("Nothing to back up yet: nobody works here, and nothing is sold here.")
        elif is_backed_up():
            self.stdout.write("Today's backup is there.")
        else:
            call_command("backup", "--cause=daily", stdout=self.stdout)

    def _check_books(self) -> None:
        now = timezone.now()
        last = events.last_check(now)
        if last is None or last.happened_at < now - BOOKS_EVERY:
            call_command("check_books", stdout=self.stdout, skip_checks=True)
            self.stdout.write("The books tie out.")
        elif last.after == events.CLEAN:
            self.stdout.write("The books were checked within a day, and tie out.")
        else:
            raise CommandError(f"The books did not tie out today: {last.after}. Run manage.py check_books.")


def is_backed_up() -> bool:
    """Whether the shelf holds today's backup.

    One that `daily` made counts even unverified: it was kept because only the books in it do not tie out, and another
    one would be no better.
    """
    shop, turns_at, now = shop_name(), Shop.current().day_turns_at, timezone.now()
    today = periods.shop_day(now, turns_at=turns_at)
    return any(
        backup.made_at <= now and periods.shop_day(backup.made_at, turns_at=turns_at) == today
        for backup in shelf.backups(settings.BACKUP_DIR)
        if backup.is_of(shop) and (backup.is_verified or (backup.manifest and backup.manifest.cause == "daily"))
    )
