"""Long work that says how far it is."""

from django.core.management.base import BaseCommand


class TellingCommand(BaseCommand):
    """Says each step at once, also where no terminal but a file or another program listens."""

    def tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
