"""Stock at the till: when the shelf holds more than the books, who may counts it on the spot."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from inventory import corrections
from inventory.corrections import StockMoved
from inventory.models import Product, StockMovement
from sales import wire
from sales.wirefields import Document
from smartduka import vouchers
from smartduka.answers import json_door, json_permission_required, problem
from smartduka.models import Shop
from smartduka.refusals import ClientRefReused, Refusal

COUNTED_AT_THE_TILL = "Counted at the till"


@require_GET
@never_cache
@login_not_required
@json_permission_required("inventory.count_stock")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What the books say of a shelf, and the newest movement that they know of, which a count sends back."""
    # In one statement, so that no movement is posted between the one and the other.
    newest = StockMovement.objects.filter(product=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    product = Product.objects.filter(pk=pk).annotate(seen=Subquery(newest)).first()
    if product is None:
        return problem(404, "not_found", "There is no such product.")
    return JsonResponse({"product": product.pk, "stock": product.stock_quantity, "seen": product.seen or 0})


@json_door("inventory.count_stock")
def count(request: HttpRequest, document: Document) -> HttpResponse:
    """Put what was counted into the books: 201, 200 for the same count again, 409 when the shelf moved meanwhile."""
    try:
        asked = wire.read_count(document)
        voucher = vouchers.of_now(Shop.current(), by=request.user, note=COUNTED_AT_THE_TILL)
        movement, is_new = corrections.count_once(
            asked.product_id, asked.counted, voucher, seen=asked.seen, client_ref=asked.client_ref
        )
    except Refusal as refusal:
        status = 409 if isinstance(refusal, StockMoved | ClientRefReused) else 422
        return JsonResponse(wire.show_refusal(refusal), status=status)
    shown = {"product": movement.product_id, "stock": movement.quantity_after}
    return JsonResponse(shown, status=201 if is_new else 200)
