"""A sale is undone, in the browser: goods come back, or all of it is void."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from sales import refunds, returns
from sales.forms import ReturnForm, VoidForm
from sales.models import PaymentCode, Return, Sale
from sales.refunds import ReturnedLine
from smartduka import money, vouchers
from smartduka.forms import add_refusal
from smartduka.models import Shop
from smartduka.refusals import Refusal


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_return", raise_exception=True)
def sale_return(request: HttpRequest, number: str) -> HttpResponse:
    sale = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    form = ReturnForm(sale, request.POST or None)
    form.offer_drawers(request.user)
    if form.is_bound and form.is_valid() and not form.only_asks:
        try:
            done = returns.take_back(sale.pk, form.lines, refund=form.refund, **_how(request, form))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(done))
            return redirect("sale", sale.number)
    context = {"sale": sale, "form": form, **(_foreseen(sale, form.lines) if form.lines else {})}
    return render(request, "sales/sale_return.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("sales.void_sale", raise_exception=True)
def sale_void(request: HttpRequest, number: str) -> HttpResponse:
    sale = get_object_or_404(Sale.objects.numbered(number).for_receipt())
    form = VoidForm(request.POST or None)
    form.offer_drawers(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            done = returns.void(sale.pk, refund=form.refund, **_how(request, form))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(done))
            return redirect("sale", sale.number)
    return render(request, "sales/sale_void.html", {"sale": sale, "form": form, **_foreseen(sale, None)})


def _foreseen(sale: Sale, lines: list[ReturnedLine] | None) -> dict[str, Any]:
    """What it will come to when these lines come back, or all of them, or why they cannot."""
    try:
        return {"due": refunds.due(sale, lines, customer=sale.customer, shop=Shop.current())}
    except Refusal as refusal:
        return {"refused": refusal.message}


def _how(request: HttpRequest, form: VoidForm) -> dict[str, Any]:
    """By whom and why goods come back now."""
    shop, words = Shop.current(), form.cleaned_data
    voucher = vouchers.of_now(shop, by=request.user, note=words["reason"])
    return {"shop": shop, "voucher": voucher, "client_ref": words["client_ref"]}


def _told(sale_return: Return) -> str:
    """What happened, and what to hand over now."""
    tenders = sale_return.tenders.all()
    off_account = -money.total(tender.amount for tender in tenders if tender.is_on_account)
    parts = [f"{money.show(off_account)} less is owed"] if off_account else []
    parts += [
        f"give {money.show(-tender.amount)} back ({tender.label})" for tender in tenders if not tender.is_on_account
    ]
    what = "The sale is void" if sale_return.is_void else "The goods are back"
    done = f"{sale_return.number}: {what}; {' and '.join(parts) or 'nothing is to be paid back'}."
    return " ".join([done, *_told_of_codes(sale_return)])


def _told_of_codes(sale_return: Return) -> Iterator[str]:
    """Which transaction codes of a sale that is void may be used again."""
    codes = PaymentCode.objects.filter(tender__sale=sale_return.voided_sale_id).select_related("tender")
    for code in codes if sale_return.is_void else ():
        by = code.tender.label
        name = f"{by} code {code.tender.reference}"
        if code.is_released:
            yield f"{name} may be used again."
        else:
            yield f"{name} stays used, as the money did not go back by {by}."
