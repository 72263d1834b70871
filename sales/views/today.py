"""The owner's first page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from inventory.models import Product
from sales import summaries
from sales.models import Sale
from smartduka import periods
from smartduka.models import Shop


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """How the day goes, for who may see it; everybody else lands where they work."""
    if not request.user.has_perm("sales.view_today"):
        if not request.user.has_perm("sales.add_sale"):
            raise PermissionDenied
        return redirect("till")
    shop = Shop.current()
    day = periods.shop_day(timezone.now(), turns_at=shop.day_turns_at)
    low_stock = Product.objects.active().low_stock()
    context = {
        "shop": shop,
        "summary": summaries.of_day(day),
        "owed": summaries.owed_to_shop(),
        "low_stock": low_stock.order_by("name", "pk")[:8],
        "low_stock_count": low_stock.count(),
        "nothing_sold_yet": not Sale.objects.exists(),
    }
    return render(request, "sales/today.html", context)
