"""The till: its page, its catalogue, and the door through which it sells."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect, ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from customers import ledger as customer_ledger
from customers.models import Customer
from sales import catalogue, checkout, wire
from smartduka import money
from smartduka.answers import json_body_required, json_permission_required, problem
from smartduka.forms import SearchForm
from smartduka.models import Shop
from smartduka.refusals import ClientRefReused, Refusal


@require_GET
@ensure_csrf_cookie
@permission_required("sales.add_sale", raise_exception=True)
def till(request: HttpRequest) -> HttpResponse:
    return render(request, "sales/till.html", {"shop": Shop.current()})


@require_GET
@gzip_page
@login_not_required
@json_permission_required("sales.add_sale")
def show_catalogue(request: HttpRequest) -> HttpResponse:
    """What the till sells, with an ETag, so that a till that has it already gets no body."""
    may_change_price = request.user.has_perm("sales.change_price")
    document = catalogue.document(Shop.current(), may_change_price=may_change_price)
    etag = f'"{document["version"]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    return get_conditional_response(request, etag=etag, response=JsonResponse(document, headers=headers))


@require_GET
@never_cache
@login_not_required
@json_permission_required("sales.add_sale")
def find_customers(request: HttpRequest) -> HttpResponse:
    """Up to twenty customers who match `q`, with what they owe."""
    asked = SearchForm(request.GET).words()["q"] or ""
    found = list(Customer.objects.active().search(asked)[:20])
    balances = customer_ledger.balances(found)
    return JsonResponse(
        {
            "customers": [
                {
                    "id": customer.pk,
                    "name": customer.name,
                    "phone": customer.phone_shown,
                    "balance": f"{balances.get(customer.pk, money.ZERO):.2f}",
                    "credit_limit": f"{customer.credit_limit:.2f}",
                }
                for customer in found
            ]
        }
    )


# Exempt outside and protected inside, so that a stranger is told to log in, and not that a token is missing.
@csrf_exempt
@require_POST
@login_not_required
@json_permission_required("sales.add_sale")
@json_body_required
@csrf_protect
def sell(request: HttpRequest) -> HttpResponse:
    """Ring up the sale in the body: 201 a new one, 200 the same one again, 4xx nothing written."""
    try:
        document = json.loads(request.body, parse_constant=_refuse_constant)
    except RequestDataTooBig:
        return problem(413, "invalid", "This sale is too large to be read.")
    except (ValueError, RecursionError):
        return problem(400, "invalid", "This is not a JSON document.")
    if not isinstance(document, dict):
        return problem(400, "invalid", "A sale is a JSON object.")
    try:
        asked = wire.read_sale(document)
        sale, is_new = checkout.complete_sale(
            asked,
            cashier=request.user,
            may_change_price=request.user.has_perm("sales.change_price"),
            shop=Shop.current(),
            now=timezone.now(),
        )
    except Refusal as refusal:
        status = 409 if isinstance(refusal, ClientRefReused) else 422
        return JsonResponse(wire.show_refusal(refusal), status=status)
    return JsonResponse(wire.show_sale(sale, asked), status=201 if is_new else 200)


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON.")
