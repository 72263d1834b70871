"""Receipts that were printed. Paper is money where goods are given out or taken back for it, so a sale has one
original: its first print. Every later one, and every one that was never told here, says that it is a copy.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from sales.models import ReceiptPrint, Sale
from smartduka.databases.retries import retried

ORIGINAL = 1


def record(sale: Sale, *, at: datetime, by: User) -> ReceiptPrint:
    """The receipt is about to be printed; of any that ask at once, one gets the `ORIGINAL`."""
    return retried(lambda: _record(sale, at, by))


def _record(sale: Sale, at: datetime, by: User) -> ReceiptPrint:
    with transaction.atomic():
        Sale.objects.select_for_update().get(pk=sale.pk)
        return ReceiptPrint.objects.create(sale=sale, ordinal=_printed(sale) + 1, printed_at=at, printed_by=by)


def _printed(sale: Sale) -> int:
    """How often it was printed so far."""
    return ReceiptPrint.objects.filter(sale=sale).aggregate(last=Max("ordinal"))["last"] or 0
