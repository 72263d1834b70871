"""Receipts in the browser: to look at, to print, to send."""

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from customers import ledger as customer_ledger
from sales import prints, receipts
from sales.models import Return, Sale
from smartduka.answers import json_permission_required
from smartduka.models import Shop


@require_safe
@permission_required("sales.view_sale", raise_exception=True)
def sale(request: HttpRequest, number: str) -> HttpResponse:
    """What was sold, with everything that came back since."""
    sale = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    receipt = receipts.of_sale(sale, Shop.current(), owed=_owed_after(sale))
    context = {"sale": sale, "receipt": receipt, "whatsapp": receipts.whatsapp(receipt, sale.customer)}
    return render(request, "sales/receipt.html", context)


@require_safe
@permission_required("sales.view_sale", raise_exception=True)
def sale_return(request: HttpRequest, number: str) -> HttpResponse:
    """What came back."""
    back = get_object_or_404(Return.objects.numbered(number).for_receipt())
    receipt = receipts.of_return(back, Shop.current(), owed=_owed_after(back))
    context = {"back": back, "receipt": receipt, "whatsapp": receipts.whatsapp(receipt, back.sale.customer)}
    return render(request, "sales/return_receipt.html", context)


@require_POST
@login_not_required
@json_permission_required("sales.view_sale")
def print_sale(request: HttpRequest, number: str) -> HttpResponse:
    """The page is about to print: whether that is the original, or a copy."""
    sale = get_object_or_404(Sale.objects.numbered(number))
    printed = prints.record(sale, at=timezone.now(), by=request.user)
    return JsonResponse({"ordinal": printed.ordinal, "is_original": printed.ordinal == prints.ORIGINAL}, status=201)


def _owed_after(cause: Sale | Return) -> Decimal | None:
    """What the customer owed then; None where no debt was touched."""
    entries = [tender.ledger_entry for tender in cause.tenders.all() if tender.ledger_entry]
    return customer_ledger.balance_after(entries[-1]) if entries else None
