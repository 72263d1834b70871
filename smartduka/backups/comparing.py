"""What a restore would take and bring back: the figures of a backup beside the shop as it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.models import Count, Q

from smartduka.backups.manifest import Manifest
from smartduka.counting import counted
from smartduka.databases import engines, schema
from smartduka.databases.figures import Figures

_COUNTED = {
    "sales.Sale": ("sale", "sales"),
    "sales.Return": ("return", "returns"),
    "sales.Payment": ("payment", "payments"),
    "inventory.GoodsReceipt": ("goods receipt", "goods receipts"),
    "inventory.Product": ("product", "products"),
    "customers.Customer": ("customer", "customers"),
    "auth.User": ("person who works here", "people who work here"),
}
"""What an owner counts by, and what one and several of it are called."""


@dataclass(frozen=True)
class Change:
    """One kind of rows: how many are in the backup and in the shop, and what a restore would do to them."""

    names: tuple[str, str]
    """Of one, and of several."""
    then: int
    now: int
    lost: int
    """Not in the backup: written since it was made, or by another shop."""

    @property
    def kind(self) -> str:
        return self.names[1].capitalize()

    @property
    def gained(self) -> int:
        """In the backup, and not in the shop any more."""
        return max(self.then - (self.now - self.lost), 0)

    @property
    def lost_in_words(self) -> str:
        return counted(self.lost, *self.names)


def changes(figures: Figures, *, is_of_this_shop: bool) -> Iterator[Change]:
    """Of every kind that is there now, or was there then. In the backup of another shop, nothing of this one is."""
    for label, names in _COUNTED.items():
        then, newest = figures.rows.get(label, 0), figures.newest.get(label, 0) if is_of_this_shop else 0
        is_lost = Q(pk__gt=newest)
        here = apps.get_model(label)._default_manager.aggregate(now=Count("pk"), lost=Count("pk", filter=is_lost))
        if then or here["now"]:
            yield Change(names, then, **here)


def obstacle(manifest: Manifest) -> str:
    """Why this backup cannot be restored here, as the rest of a sentence; nothing where it can, for all we know."""
    if unknown := schema.unknown(manifest.migrations):
        newer = ".".join(unknown[0])
        return f"a newer SmartDuka made it ({manifest.version}, {newer}); bring this one up to date first"
    if not manifest.fits(connection.vendor):
        theirs, ours = engines.NAMES[manifest.engine], engines.NAMES[connection.vendor]
        return (
            f"it is of {theirs}, and this shop is on {ours}; "
            "only a portable backup (backup --portable) goes from one to the other"
        )
    return ""
