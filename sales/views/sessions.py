"""The drawer: opened, looked into, paid in and out of, counted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from sales import sessions, tillreport
from sales.models import CashMovement, TillSession
from sales.session_forms import CashForm, CountForm, OpenForm, SessionListForm
from smartduka import money, vouchers
from smartduka.forms import add_refusal
from smartduka.models import Shop
from smartduka.refusals import Refusal

SESSIONS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_tillsession", raise_exception=True)
def mine(request: HttpRequest) -> HttpResponse:
    """The X report of one's own drawer; where none is open, the form that opens one."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words, voucher = form.cleaned_data, vouchers.of_now(Shop.current(), by=request.user)
        try:
            opened = sessions.open_session(words["opening_float"], voucher, client_ref=words["client_ref"])
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"{opened} is open, with a float of {money.show(opened.opening_float)}.")
        return redirect("till-session")
    if session := TillSession.objects.open().for_list().filter(cashier=request.user).first():
        return _report(request, session)
    last = TillSession.objects.filter(cashier=request.user).first()
    return render(request, "sales/session_open.html", {"form": form, "last": last})


@require_safe
@permission_required("sales.add_tillsession", raise_exception=True)
def listed(request: HttpRequest) -> HttpResponse:
    """The till sessions, of everybody for who may see them, else one's own."""
    found = TillSession.objects.for_list()
    form = SessionListForm(request.GET)
    words = form.words()
    if not request.user.has_perm("sales.view_tillsession"):
        found = found.filter(cashier=request.user)
        del form.fields["by"]
    elif words["by"]:
        found = found.filter(cashier=words["by"])
    if words["day"]:
        found = found.filter(opened_on=words["day"])
    page = Paginator(found, SESSIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sales/sessions.html", {"form": form, "page": page, "is_filtered": any(words.values())})


@require_safe
@permission_required("sales.add_tillsession", raise_exception=True)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """The X report of a drawer that is open, the Z report of one that was counted."""
    return _report(request, _session(request, number, may="sales.view_tillsession"))


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_tillsession", raise_exception=True)
def pay_in(request: HttpRequest, number: str) -> HttpResponse:
    return _pay(request, number, sessions.pay_in, {"title": "Pay in", "act": "Put it in"})


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_tillsession", raise_exception=True)
def pay_out(request: HttpRequest, number: str) -> HttpResponse:
    return _pay(request, number, sessions.pay_out, {"title": "Pay out", "act": "Take it out"})


@require_http_methods(["GET", "POST"])
@permission_required("sales.add_tillsession", raise_exception=True)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """The count sheet, and behind it the Z report."""
    session = _session(request, number, may="sales.change_tillsession")
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=words["note"])
        try:
            closed = sessions.close_session(session.pk, form.count, voucher, close_ref=words["client_ref"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{closed} is closed: {closed.verdict}.")
            return redirect("till-report", closed.number)
    elif not session.is_open:
        return redirect("till-report", session.number)
    return render(request, "sales/session_close.html", {"session": session, "form": form})


def _session(request: HttpRequest, number: str, *, may: str) -> TillSession:
    """One's own session, or anybody's for who has that permission."""
    session = get_object_or_404(TillSession.objects.numbered(number).for_list())
    if session.cashier != request.user and not request.user.has_perm(may):
        raise PermissionDenied
    return session


def _report(request: HttpRequest, session: TillSession) -> HttpResponse:
    is_own = session.cashier == request.user
    context = {
        "report": tillreport.of(session),
        "session": session,
        "shop": Shop.current(),
        "is_own": is_own,
        "may_act": session.is_open and (is_own or request.user.has_perm("sales.change_tillsession")),
        # Whoever counts a drawer must not know what should be in it.
        "shows_cash": not session.is_open or request.user.has_perm("sales.view_tillsession"),
    }
    return render(request, "sales/session.html", context)


def _pay(request: HttpRequest, number: str, move: Any, words: dict[str, str]) -> HttpResponse:
    session = _session(request, number, may="sales.change_tillsession")
    form = CashForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=cleaned["reason"])
        try:
            moved = move(session.pk, cleaned["amount"], voucher, client_ref=cleaned["client_ref"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(moved))
            return redirect("till-report", session.number)
    return render(request, "sales/session_pay.html", {"session": session, "form": form, **words})


def _told(moved: CashMovement) -> str:
    way = "paid in" if moved.amount > 0 else "paid out"
    return f"{money.show(abs(moved.amount))} {way}: {moved.reason}."
