"""What was sold, in the browser: the list, a receipt, and how a sale is undone."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from customers import ledger as customer_ledger
from sales import returns
from sales.forms import ReturnForm, VoidForm
from sales.models import Return, Sale
from smartduka import money, periods
from smartduka.forms import SearchForm, add_refusal
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.refusals import Refusal

SALES_PER_PAGE = 50


@require_safe
@permission_required("sales.view_sale", raise_exception=True)
def sales(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    words = form.words()["q"] or ""
    found = Sale.objects.search(words).for_list()
    page = Paginator(found, SALES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sales/sales.html", {"form": form, "words": words, "page": page})


@require_safe
@permission_required("sales.view_sale", raise_exception=True)
def sale(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, with everything that came back since."""
    shown = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    is_on_account = any(tender.is_on_account for tender in shown.tenders.all())
    context = {
        "sale": shown,
        "shop": Shop.current(),
        "balance": customer_ledger.balance(shown.customer) if is_on_account else None,
    }
    return render(request, "sales/receipt.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_return", raise_exception=True)
def sale_return(request: HttpRequest, number: str) -> HttpResponse:
    sale = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    form = ReturnForm(sale, request.POST or None)
    if request.method == "POST" and form.is_valid():
        shop, voucher = _write_on(request, form.cleaned_data["reason"])
        try:
            seen = form.cleaned_data["seen"]
            done = returns.take_back(sale.pk, form.lines, refund=form.refund, shop=shop, voucher=voucher, seen=seen)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(done))
            return redirect("sale", sale.number)
    return render(request, "sales/sale_return.html", {"sale": sale, "form": form})


@require_http_methods(["GET", "POST"])
@permission_required("sales.void_sale", raise_exception=True)
def sale_void(request: HttpRequest, number: str) -> HttpResponse:
    sale = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        shop, voucher = _write_on(request, form.cleaned_data["reason"])
        try:
            done = returns.void(sale.pk, refund=form.refund, shop=shop, voucher=voucher)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(done))
            return redirect("sale", sale.number)
    return render(request, "sales/sale_void.html", {"sale": sale, "form": form})


def _write_on(request: HttpRequest, reason: str) -> tuple[Shop, Voucher]:
    """The shop, and a voucher of this moment."""
    shop, now = Shop.current(), timezone.now()
    on = periods.shop_day(now, turns_at=shop.day_turns_at)
    return shop, Voucher(at=now, on=on, by=request.user, note=reason)


def _told(sale_return: Return) -> str:
    """What happened, and what to hand over now."""
    tenders = sale_return.tenders.all()
    off_account = -money.total(tender.amount for tender in tenders if tender.is_on_account)
    parts = [f"{money.show(off_account)} less is owed"] if off_account else []
    parts += [
        f"give {money.show(-tender.amount)} back ({tender.label})" for tender in tenders if not tender.is_on_account
    ]
    what = "The sale is void" if sale_return.is_void else "The goods are back"
    return f"{sale_return.number}: {what}; {' and '.join(parts) or 'nothing is to be paid back'}."
