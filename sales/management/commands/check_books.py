"""Audit the books."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sales import books
from smartduka import events, presence
from smartduka.counting import counted


class Command(BaseCommand):
    help = "Audit both ledgers, every sale, return, payment and tender. Silent and 0 when clean, else a list and 1."

    def handle(self, *args: Any, **options: Any) -> None:
        presence.make_sure()
        differences = 0
        for sentence in books.audit():
            self.stdout.write(sentence)
            differences += 1
        events.books_checked(differences)
        if differences:
            raise CommandError(f"The books do not tie out: {counted(differences, 'difference')}.", returncode=1)
