"""Questions about sales."""

from typing import Self

from django.db.models import Exists, OuterRef, Q

from smartduka.ledger import LedgerQuerySet
from smartduka.references import primary_key


class SaleQuerySet(LedgerQuerySet):
    def numbered(self, number: str) -> Self:
        """The sale with this printed number; none when there is no such number."""
        try:
            return self.filter(pk=primary_key("S", number))
        except ValueError:
            return self.none()

    def with_is_void(self) -> Self:
        """Each sale with `was_voided`, without a query per sale."""
        from sales.models import Return

        return self.annotate(was_voided=Exists(Return.objects.filter(voided_sale=OuterRef("pk"))))

    def not_void(self) -> Self:
        return self.filter(void__isnull=True)

    def search(self, text: str) -> Self:
        """By printed number (or its digits), customer or M-Pesa code."""
        text = text.strip()
        if not text:
            return self
        digits = text.upper().removeprefix("S-")
        by_number = Q(pk=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else Q(pk__in=())
        return self.filter(
            by_number | Q(customer__name__icontains=text) | Q(tenders__reference=text.upper())
        ).distinct()
