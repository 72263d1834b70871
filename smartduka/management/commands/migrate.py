"""Migrate, one at a time: a second `migrate` waits for the first, and then finds its work done."""

from typing import Any

from django.core.management.commands import migrate

from smartduka.databases.locks import exclusive


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive(options["database"]):
            super().handle(*args, **options)
