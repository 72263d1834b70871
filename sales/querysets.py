"""Questions about sales."""

from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

from customers.models import Customer
from smartduka.ledger import LedgerQuerySet
from smartduka.references import primary_key
from smartduka.search import every_word


class NumberedQuerySet(LedgerQuerySet):
    """Rows with a printed number, which begins with the `prefix`."""

    prefix = ""

    def numbered(self, number: str) -> Self:
        """The row with this printed number; none when there is no such number."""
        try:
            return self.filter(pk=primary_key(self.prefix, number))
        except ValueError:
            return self.none()


class TillSessionQuerySet(NumberedQuerySet):
    prefix = "Z"

    def open(self) -> Self:
        return self.filter(open_for__isnull=False)

    def for_list(self) -> Self:
        """Newest first, with all that a list or a report shows of each."""
        return self.select_related("cashier", "closed_by").order_by("-pk")


class ReturnQuerySet(NumberedQuerySet):
    prefix = "R"

    def for_receipt(self) -> Self:
        """With all that the receipt of a return shows."""
        from sales.models import Tender

        tenders = Tender.objects.select_related("ledger_entry").order_by("pk")
        return self.select_related("returned_by", "sale__customer").prefetch_related(
            Prefetch("tenders", tenders), "lines__sale_line"
        )


class SaleQuerySet(NumberedQuerySet):
    prefix = "S"

    def with_is_void(self) -> Self:
        """Each sale with `was_voided`, without a query per sale."""
        from sales.models import Return

        return self.annotate(was_voided=Exists(Return.objects.filter(voided_sale=OuterRef("pk"))))

    def for_list(self) -> Self:
        """Newest first, with all that a list shows of each."""
        return self.with_is_void().select_related("cashier", "customer").prefetch_related("tenders").order_by("-pk")

    def for_receipt(self) -> Self:
        """With all that a receipt shows; each line knows how much of it came back as `returned`."""
        from sales.models import ReceiptPrint, Return, SaleLine, Tender

        lines = SaleLine.objects.annotate(returned=Coalesce(Sum("return_lines__quantity"), 0)).order_by("pk")
        came_back = Return.objects.prefetch_related("lines__sale_line").order_by("pk")
        tenders = Tender.objects.select_related("ledger_entry").order_by("pk")
        return (
            self.with_is_void()
            .annotate(was_printed=Exists(ReceiptPrint.objects.filter(sale=OuterRef("pk"))))
            .select_related("cashier", "customer")
            .prefetch_related(Prefetch("tenders", tenders), Prefetch("lines", lines), Prefetch("returns", came_back))
        )

    def search(self, text: str) -> Self:
        """By printed number (or its digits), that of a return, customer, or the code or slip number of a payment."""
        from sales.models import Return, Tender

        text = text.strip()
        if not text:
            return self
        digits = text.upper().removeprefix("S-")
        by_number = Q(pk=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else Q(pk__in=())
        # Not by joins: the database would read every sale with its customer and its tenders.
        by_customer = Q(customer__in=Customer.objects.filter(every_word("search_text", text)))
        by_code = Q(
            pk__in=Tender.objects.filter(reference__in=(text, text.upper()), sale__isnull=False).values("sale")
        )
        by_return = Q(pk__in=Return.objects.numbered(text.upper()).values("sale"))
        return self.filter(by_number | by_customer | by_code | by_return)

    def sold(self, *, by: int | None = None, since: date | None = None, until: date | None = None) -> Self:
        """By this cashier, from the first of the shop's days until the last; whatever is None does not matter."""
        wanted = {"cashier": by, "sold_on__gte": since, "sold_on__lte": until}
        return self.filter(**{name: value for name, value in wanted.items() if value is not None})
