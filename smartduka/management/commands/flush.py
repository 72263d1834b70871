"""Empty the database, which the triggers of the ledgers would otherwise refuse."""

from typing import Any

from django.core.management.commands import flush

from smartduka.databases import append_only


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with append_only.lifted(options["database"]):
            super().handle(**options)
