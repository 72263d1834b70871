"""The till: its page, its catalogue, and the door through which it sells."""

from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from sales import catalogue, checkout, wire
from sales.wirefields import Document
from smartduka.answers import json_door, json_permission_required
from smartduka.models import Shop
from smartduka.refusals import ClientRefReused, Refusal


@require_GET
@gzip_page
@ensure_csrf_cookie
@permission_required("sales.add_sale", raise_exception=True)
def till(request: HttpRequest) -> HttpResponse:
    return render(request, "sales/till.html", {"shop": Shop.current()})


@require_GET
@gzip_page
@login_not_required
@json_permission_required("sales.add_sale")
def show_catalogue(request: HttpRequest) -> HttpResponse:
    """What the till sells, with an ETag, so that a till that has it gets no body. `?as=columns` is lighter."""
    may = {right: request.user.has_perm(permission) for right, permission in catalogue.RIGHTS.items()}
    read = catalogue.read(Shop.current(), may=may, in_columns=request.GET.get("as") == "columns")
    etag = f'"{read.version}"'
    headers = {"Content-Type": "application/json", "ETag": etag, "Cache-Control": "private, no-cache"}
    return get_conditional_response(request, etag=etag, response=HttpResponse(read.text, headers=headers))


@json_door("sales.add_sale")
def sell(request: HttpRequest, document: Document) -> HttpResponse:
    """Ring up the sale in the body: 201 a new one, 200 the same one again, 4xx nothing written."""
    try:
        asked = wire.read_sale(document)
        sale, is_new = checkout.complete_sale(
            asked,
            cashier=request.user,
            may_change_price=request.user.has_perm("sales.change_price"),
            may_sell_below_floor=request.user.has_perm("sales.sell_below_floor"),
            shop=Shop.current(),
            now=timezone.now(),
        )
    except Refusal as refusal:
        status = 409 if isinstance(refusal, ClientRefReused) else 422
        return JsonResponse(wire.show_refusal(refusal), status=status)
    return JsonResponse(wire.show_sale(sale, asked), status=201 if is_new else 200)
