"""Serve the shop while developing, unless its database is gone, damaged, or newer than the code."""

from typing import Any

from whitenoise.runserver_nostatic.management.commands import runserver

from smartduka import presence


class Command(runserver.Command):
    def run(self, **options: Any) -> None:
        presence.make_sure()
        super().run(**options)
