"""Load fixtures: seed data for a shop that does not trade yet. A fact is no seed, and a fixture is no backup."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError

from smartduka import presence
from smartduka.ledger import LedgerRow

SEED_DATA = (
    "Fixtures are seed data for a shop that does not trade yet, not a backup: "
    "to bring a backup back, run `python manage.py restore`."
)


class Command(loaddata.Command):
    def handle(self, *fixture_labels: str, **options: Any) -> None:
        presence.make_sure(options["database"])
        try:
            super().handle(*fixture_labels, **options)
        except DatabaseError as error:
            raise CommandError(f"Nothing was loaded. {_reason(error)}. {SEED_DATA}") from error
        except (DeserializationError, ValueError) as error:
            raise CommandError(f"Nothing was loaded. {_reason(error)}.") from error

    def save_obj(self, obj: DeserializedObject) -> bool:
        """Save one row. Everything is taken back when it is a fact, which its ledger alone may write."""
        is_saved = super().save_obj(obj)
        if is_saved and isinstance(obj.object, LedgerRow):
            label = obj.object._meta.label
            raise CommandError(f"Nothing was loaded. {label} is written by the shop alone. {SEED_DATA}")
        return is_saved


def _reason(error: Exception) -> str:
    """Which file, and the first line of what is wrong with it; Django leaves out why a text cannot be read."""
    told = str(error).partition("\n")[0]
    return (f"{told}{error.__cause__}" if told.endswith(": ") else told).rstrip(".")
