"""Questions to the diary."""

from typing import Self

from smartduka.ledger import LedgerQuerySet
from smartduka.search import every_word


class EventQuerySet(LedgerQuerySet):
    def about(self, subject: str, fact: str) -> Self:
        """What was written of one fact of one subject, the newest first."""
        return self.filter(subject=subject[:160], fact=fact)

    def search(self, text: str) -> Self:
        """Every word somewhere in what was written."""
        return self.filter(every_word("search_text", text))
