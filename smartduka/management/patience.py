"""Long work beside an open shop, whose tills come first."""

import os
import signal
import sys

from django.core.management.base import BaseCommand

_NICE = 10
"""How far this process stands back where the processor is scarce; 0 is as everybody, 19 the most."""


def let_the_tills_come_first() -> None:
    """This process, and those that it starts, get what the others leave of the processor."""
    if sys.platform != "win32":
        os.nice(_NICE)


class PatientCommand(BaseCommand):
    """Stands back when it is started by itself, and can be broken off; not where another program calls it."""

    def run_from_argv(self, argv: list[str]) -> None:
        let_the_tills_come_first()
        # A shop that was started in the background passes on that Ctrl-C is not heard.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        super().run_from_argv(argv)
