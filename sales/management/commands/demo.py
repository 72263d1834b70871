"""Fill an empty shop with a demo."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from sales import books
from sales.demo import people
from sales.demo.trade import Trade
from sales.models import Sale, SaleLine
from smartduka import presence
from smartduka.databases.statistics import refresh_statistics
from smartduka.refusals import Refusal

_BAR = 30


class Command(BaseCommand):
    help = "Fill an empty shop with a demo: a catalogue, people, and days of trade that end today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_between(1, 366), default=14)
        parser.add_argument("--sales-per-day", type=_between(1, 2000), default=60, help="on average")
        parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same trade")

    def handle(self, *, days: int, sales_per_day: int, seed: int, **options: Any) -> None:
        presence.make_sure()
        # One transaction: a demo that was interrupted has left nothing behind, and can be started again.
        with transaction.atomic():
            try:
                people.refuse_a_shop_in_use()
            except Refusal as refusal:
                raise CommandError(refusal.message) from None
            trade = Trade(days=days, sales_per_day=sales_per_day, seed=seed, now=timezone.now())
            for done, day in enumerate(trade.run(), start=1):
                self.show(done, days, day)
            differences = list(books.audit())
            if differences:
                raise CommandError("\n".join(["The books of this demo do not tie out:", *differences]))
            people.keep_logins(trade.logins)
            transaction.on_commit(refresh_statistics)
        for role, login in trade.logins.items():
            self.stdout.write(f"  {role:<8} {login['username']:<10} {login['password']}")
        self.stdout.write(
            f"Made {days} {'day' if days == 1 else 'days'} of trade: "
            f"{Sale.objects.count():,} sales with {SaleLine.objects.count():,} lines. "
            "The books tie out."
        )

    def show(self, done: int, days: int, day: date) -> None:
        """A bar with the day on a terminal; in a log file, a line for each quarter."""
        percent = 100 * done // days
        if self.stderr.isatty():
            bar = ("#" * (_BAR * done // days)).ljust(_BAR)
            text, ending = f"\rTrading [{bar}] {percent:3}%  {day:%a %d %b %Y}", "\n" if done == days else ""
            self.stderr.write(text, style_func=str, ending=ending)
            self.stderr.flush()
        elif done * 4 // days > (done - 1) * 4 // days:
            self.stderr.write(f"Trading: {percent}%, {day:%a %d %b %Y}", style_func=str)


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"write a whole number from {least} to {most}.")
        return number

    return read
