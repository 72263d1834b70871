"""The list of what was sold, in the browser."""

from datetime import date, timedelta

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sales.forms import SaleSearchForm
from sales.models import Sale
from smartduka import periods
from smartduka.models import Shop

SALES_PER_PAGE = 50


@require_safe
@permission_required("sales.view_sale", raise_exception=True)
def sales(request: HttpRequest) -> HttpResponse:
    form = SaleSearchForm(request.GET)
    words = form.words()
    found = Sale.objects.search(words["q"] or "").sold(by=words["by"], since=words["since"], until=words["until"])
    page = Paginator(found.for_list(), SALES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "words": words, "page": page, "is_filtered": any(words.values()), "spans": _spans()}
    return render(request, "sales/sales.html", context)


def _spans() -> list[tuple[str, date | None, date | None]]:
    """The days that are looked for most: what they are called, the first and the last."""
    today = periods.shop_day(timezone.now(), turns_at=Shop.current().day_turns_at)
    yesterday, monday = today - timedelta(days=1), today - timedelta(days=today.weekday())
    return [
        ("All days", None, None),
        ("Today", today, today),
        ("Yesterday", yesterday, yesterday),
        ("This week", monday, today),
    ]
