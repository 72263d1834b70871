"""The credit book in the browser: who there is, what they owe, and why."""

from collections.abc import Iterable
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from customers import book, ledger
from customers.forms import CustomerSearchForm, EditedCustomerForm, NewCustomerForm
from customers.models import Customer, LedgerEntry
from smartduka import money
from smartduka.forms import add_refusal
from smartduka.refusals import Refusal

CUSTOMERS_PER_PAGE = 50
ENTRIES_PER_PAGE = 25


@require_safe
@permission_required("customers.view_customer", raise_exception=True)
def customers(request: HttpRequest) -> HttpResponse:
    form = CustomerSearchForm(request.GET)
    words = form.words()
    found: Iterable[Customer] = Customer.objects.filter(is_active=not words["off"]).search(words["q"] or "")
    if words["owing"]:
        owed = LedgerEntry.objects.sums_by("customer", "amount")
        owing = found.filter(pk__in=[pk for pk, balance in owed.items() if balance > 0])
        found = sorted(owing, key=lambda customer: owed[customer.pk], reverse=True)
    page = Paginator(found, CUSTOMERS_PER_PAGE).get_page(request.GET.get("page"))
    balances = ledger.balances(list(page))
    for customer in page:
        customer.owed = balances.get(customer.pk, money.ZERO)
    context = {"form": form, "words": words, "page": page, "is_filtered": any(words.values())}
    return render(request, "customers/customers.html", context)


@require_safe
@permission_required("customers.view_customer", raise_exception=True)
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is and what is owed, and, for who may see it, the ledger from the newest entry on."""
    shown = get_object_or_404(Customer, pk=pk)
    balance = ledger.balance(shown)
    context = {"customer": shown, "balance": balance, "left": max(shown.credit_limit - balance, money.ZERO)}
    if request.user.has_perm("customers.view_ledgerentry"):
        entries = shown.entries.select_related("posted_by")
        context["page"] = page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
        _run_balance(shown, page)
    return render(request, "customers/customer.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("customers.add_customer", raise_exception=True)
def customer_add(request: HttpRequest) -> HttpResponse:
    may_give_credit = request.user.has_perm("customers.change_customer")
    form = NewCustomerForm(request.POST or None, may_give_credit=may_give_credit)
    if request.method == "POST" and form.is_valid():
        try:
            added = book.save(form.instance, by=request.user, fields=form.fields)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{added} is now a customer.")
            return redirect("customer", added.pk)
    return render(request, "customers/customer_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("customers.change_customer", raise_exception=True)
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer, pk=pk)
    name = customer.name
    form = EditedCustomerForm(request.POST or None, instance=customer)
    if form.kept(book.save, by=request.user):
        messages.success(request, f"What you changed about {customer} is kept.")
        return redirect("customer", pk)
    return render(request, "customers/customer_edit.html", {"form": form, "pk": pk, "name": name})


def _run_balance(customer: Customer, page: Page) -> None:
    """Give each entry of the page the balance after it, in one query."""
    entries: list[LedgerEntry] = list(page)
    if not entries:
        return
    balance: Decimal = customer.entries.filter(pk__lte=entries[0].pk).sum_of("amount")
    for entry in entries:
        entry.balance_after = balance
        balance -= entry.amount
