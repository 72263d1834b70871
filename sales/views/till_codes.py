"""Transaction codes at the till: whether one was used, before the till takes money for it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sales import paymentcodes, wire
from smartduka.answers import json_permission_required
from smartduka.refusals import Refusal


@require_GET
@never_cache
@login_not_required
@json_permission_required("sales.add_sale")
def find(request: HttpRequest) -> HttpResponse:
    """What a code was used for, as a sentence; nothing while it is free."""
    try:
        kind, code = wire.read_code(request.GET)
    except Refusal as refusal:
        return JsonResponse(wire.show_refusal(refusal), status=422)
    return JsonResponse({"used": paymentcodes.say_used(kind, code)})
