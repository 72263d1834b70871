"""How the shop stands with its backups: what the owner's page, the health page and `daily` ask."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps

from smartduka import events
from smartduka.backups import shelf
from smartduka.backups.shelf import Backup, ShelfError
from smartduka.databases.figures import Figures, newest
from smartduka.ledger import LedgerRow
from smartduka.models import Event, Shop

OLD_AFTER = timedelta(days=1)
ROOM_FOR = 3
"""So many more of the last one's size should find room: one is copied, tried out, and kept."""


@dataclass(frozen=True)
class Standing:
    """What lies on the shelf, and whether it is enough."""

    backups: list[Backup]
    """The newest first, what is damaged last."""
    last: Backup | None
    """The newest verified one of this shop. What is dated ahead of the clock is not known to be new."""
    is_behind: bool
    """Something was written down since then."""
    age: timedelta
    free: int
    """Bytes of room in the folder."""
    shop: str = ""
    """Its name, as backups have it."""
    obstacle: str = ""
    """Why the folder cannot be used, in a sentence with the cure."""

    @property
    def is_overdue(self) -> bool:
        """The last one is older than a day of trade: a day has passed, and something was written since."""
        return self.is_behind and (self.last is None or self.age > OLD_AFTER)

    @property
    def is_tight(self) -> bool:
        """There is too little room for the next ones."""
        return self.last is not None and self.free < ROOM_FOR * self.last.size

    @property
    def unusable(self) -> list[Backup]:
        """Damaged, foreign, of a newer SmartDuka, or for others to read: each tells its flaw."""
        return [backup for backup in self.backups if not backup.manifest]


def standing(folder: Path, now: datetime) -> Standing:
    try:
        shelf.check_writable(folder)
        backups, free = shelf.backups(folder), shutil.disk_usage(folder).free
    except (ShelfError, OSError) as error:
        return Standing([], None, is_behind=True, age=timedelta(0), free=0, obstacle=str(error))
    shop = shop_name()
    last = next((each for each in backups if each.is_of(shop) and each.is_verified and each.made_at <= now), None)
    figures = last.manifest.figures if last and last.manifest else None
    age = now - last.made_at if last else timedelta(0)
    return Standing(backups, last, is_behind(figures or Figures()), age, free, shop)


def shop_name() -> str:
    """As backups have it: empty while nobody has written the shop's settings."""
    return Shop.objects.values_list("name", flat=True).first() or ""


def is_behind(figures: Figures) -> bool:
    """Whether the books hold other facts than those of which the figures tell.

    Facts are only ever added, so the newest of each kind tells. Only in the books of another time, which a restore
    may have brought, is it an older one.
    """
    ledgers = [model for model in apps.get_models() if issubclass(model, LedgerRow) and model is not Event]
    return _news_in_diary(figures) or any(key != figures.newest.get(label) for label, key in newest(ledgers).items())


def _news_in_diary(figures: Figures) -> bool:
    """A price or a limit that changed; that somebody logged in is nothing to lose."""
    later = Event.objects.filter(pk__gt=figures.newest.get(Event._meta.label, 0))
    return later.exclude(kind__in=events.ROUTINE).exists()
