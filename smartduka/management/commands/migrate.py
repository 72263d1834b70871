"""Migrate, one at a time: a second `migrate` waits for the first, and then finds its work done.

What was a shop is never made a new one in silence.
"""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import DatabaseError

from smartduka import presence
from smartduka.databases.locks import exclusive


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--new-shop", action="store_true", help="Begin a new shop also where one was and its database is gone."
        )

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Ask before Django's own checks, for which SQLite would make a file where there is none."""
        presence.make_sure(options["database"], may_be_new=options["new_shop"])
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with exclusive(options["database"]):
                super().handle(*args, **options)
        except DatabaseError as error:
            presence.refuse_damaged(error, options["database"])
            raise
        presence.remember(options["database"])
