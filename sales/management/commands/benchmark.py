"""Measure how fast the shop sells."""

import json
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sales import books
from sales.benchmark.checkout import Benchmark
from sales.benchmark.goods import KINDS, a_full_duka
from sales.models import Sale
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.open_shops import open_shop

MOST_TILLS = 32


class Command(BaseCommand):
    help = (
        "Sell through the shop's own HTTP door, and write the same sales through the bare driver, by turns: one line "
        "of JSON for each number of tills. It works in a database of its own on the engine of DATABASE_URL, beside "
        "the shop's and never in it, whose user must be allowed to create one; afterwards that is gone. A shop that "
        "is open meanwhile goes on, slower."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["checkout"], help="what to measure")
        parser.add_argument(
            "--tills", type=_numbers(MOST_TILLS), default=[1, 4, 8], help="how many sell at once (1,4,8)"
        )
        parser.add_argument("--sales", type=_number(100_000), default=400, help="sales of each till (400)")
        parser.add_argument("--lines", type=_number(KINDS), default=5, help="lines of each sale (5)")

    def handle(self, *, tills: list[int], sales: int, lines: int, **options: Any) -> None:
        try:
            with self.opened(max(tills), lines) as benchmark:
                for count in tills:
                    self.tell(f"Selling at {count} {'till' if count == 1 else 'tills'}")
                    self.stdout.write(json.dumps(asdict(benchmark.run(count, sales))))
                    self.stdout.flush()
                self.tell("Checking the books")
                self.refuse_wrong_books(benchmark.written)
        except DatabaseError as error:
            raise CommandError(f"The database does not let itself be measured: {error}") from error

    @contextmanager
    def opened(self, tills: int, lines: int) -> Iterator[Benchmark]:
        """A full shop that is open, on the disk on which the shop's own data live."""
        with (
            tempfile.TemporaryDirectory(prefix="benchmark-", dir=settings.DATA_DIR) as folder,
            fresh_database(Path(folder)) as url,
            working_in(url),
        ):
            self.tell("Filling a shop of its own")
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            duka = a_full_duka(tills)
            self.tell("Opening it")
            with open_shop(url, Path(folder)) as shop:
                yield Benchmark(duka, port=shop.port, url=url, lines=lines)

    def refuse_wrong_books(self, written: int) -> None:
        """What was measured was trade: every sale is there, and the books tie out."""
        differences = list(books.audit())
        if Sale.objects.count() != written:
            differences.append(f"{written} sales were made, and {Sale.objects.count()} are in the books.")
        if differences:
            raise CommandError("\n".join(differences))

    def tell(self, step: str) -> None:
        self.stderr.write(f"{step} …", style_func=str)


def _numbers(most: int) -> Any:
    read = _number(most)
    return lambda words: [read(word) for word in words.split(",")]


def _number(most: int) -> Any:
    def read(word: str) -> int:
        if not (word.isascii() and word.isdigit() and 1 <= int(word) <= most):
            raise ArgumentTypeError(f"write a whole number from 1 to {most}.")
        return int(word)

    return read
