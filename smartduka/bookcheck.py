"""Whether the books tie out, as the command `check_books` finds it: the ground itself knows no ledger."""

from io import StringIO

from django.core.management import CommandError, call_command
from django.db import transaction

from smartduka.counting import counted
from smartduka.databases import aliases


def differences() -> list[str]:
    """What does not tie out in the default database, a sentence each. CommandError where nobody could look."""
    said = StringIO()
    try:
        call_command("check_books", stdout=said, skip_checks=True)
    except CommandError:
        if not said.getvalue():
            raise
    return said.getvalue().splitlines()


def flaw_in(url: str, *, leaves_word: bool = True) -> str:
    """Why the books in this database do not tie out, and nothing when they do; its diary may tell of the check."""
    with aliases.working_in(url), transaction.atomic():
        found = differences()
        if not leaves_word:
            transaction.set_rollback(True)
    if not found:
        return ""
    return f"The books do not tie out in {counted(len(found), 'place', 'places, the first')}: {found[0]}"
