"""Customers at the till: found by what is typed, and added in place."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from customers import book
from customers import ledger as customer_ledger
from customers.models import Customer
from sales import wire
from sales.wirefields import Document
from smartduka import money
from smartduka.answers import json_door, json_permission_required
from smartduka.forms import SearchForm
from smartduka.refusals import Refusal


@require_GET
@never_cache
@login_not_required
@json_permission_required("sales.add_sale")
def find(request: HttpRequest) -> HttpResponse:
    """Up to twenty customers who match `q`, with what they owe."""
    asked = SearchForm(request.GET).words()["q"] or ""
    found = list(Customer.objects.active().search(asked)[:20])
    balances = customer_ledger.balances(found)
    shown = [wire.show_customer(each, balances.get(each.pk, money.ZERO)) for each in found]
    return JsonResponse({"customers": shown})


@json_door("customers.add_customer")
def add(request: HttpRequest, document: Document) -> HttpResponse:
    """Somebody new, cash only: 201; the same name and phone again, 200 with the customer there is."""
    try:
        name, phone = wire.read_customer(document)
        customer, is_new = book.introduce(name, phone, by=request.user)
    except Refusal as refusal:
        return JsonResponse(wire.show_refusal(refusal), status=422)
    shown = wire.show_customer(customer, customer_ledger.balance(customer))
    return JsonResponse({"customer": shown}, status=201 if is_new else 200)
