"""Bring the shop up to date after a new version of the program: check, backup, rehearsal, migrations, check."""

from argparse import ArgumentParser
from typing import Any

from smartduka import presence, risks, upgrading
from smartduka.management.telling import TellingCommand


class Command(TellingCommand):
    help = (
        "Bring the shop up to date: back it up, rehearse the migrations on a copy, then migrate and check the books."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--plan", action="store_true", help="only show what waits, what it does and what it risks"
        )
        parser.add_argument(
            "--despite-differences", action="store_true", help="also when check_books finds differences afterwards"
        )

    def handle(self, *, plan: bool, despite_differences: bool, **options: Any) -> None:
        presence.make_sure()
        waiting = risks.steps()
        if not waiting:
            self.tell("The shop is up to date: nothing waits.")
        elif plan:
            for line in upgrading.plan(waiting):
                self.tell(line)
        else:
            upgrading.bring_up_to_date(self.tell, despite_differences=despite_differences)
