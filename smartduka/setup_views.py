"""What an owner looks after: the people, the shop's settings, and the diary of who changed what."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from smartduka import events as diary
from smartduka import health, money, periods, shopkeeping
from smartduka import people as staff
from smartduka.backups.standing import standing
from smartduka.forms import add_refusal
from smartduka.models import Event, Shop
from smartduka.refusals import Refusal
from smartduka.search import matching
from smartduka.setup_forms import (
    EventSearchForm,
    NewPersonForm,
    PasswordForm,
    PersonForm,
    PersonSearchForm,
    ShopForm,
)

EVENTS_PER_PAGE = 50
PEOPLE_PER_PAGE = 50


@require_safe
def setup(request: HttpRequest) -> HttpResponse:
    """Where everything that is not trade begins; what somebody may not see is not there."""
    if not (request.user.is_staff or request.user.has_perm("inventory.change_category")):
        raise PermissionDenied
    sees_backups = request.user.has_perm("smartduka.view_shop")
    finding = health.of_backups(standing(settings.BACKUP_DIR, timezone.now())) if sees_backups else None
    return render(request, "smartduka/setup.html", {"backups": finding})


@require_safe
@permission_required("smartduka.view_event", raise_exception=True)
def events(request: HttpRequest) -> HttpResponse:
    form = EventSearchForm(request.GET)
    words = form.words()
    page = Paginator(_found_events(words), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    for event in page:
        event.label = diary.KINDS.get(event.kind, event.kind)
    context = {"form": form, "page": page, "is_filtered": any(words.values())}
    return render(request, "smartduka/events.html", context)


@require_safe
@permission_required("auth.view_user", raise_exception=True)
def people(request: HttpRequest) -> HttpResponse:
    form = PersonSearchForm(request.GET)
    words = form.words()
    there = User.objects.filter(is_active=not words["off"]).prefetch_related("groups").order_by("username")
    found = matching(there, words["q"] or "", "username", "first_name", "last_name")
    page = Paginator(found, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    for person in page:
        person.role = staff.role_of(person)
        person.may_be_changed = _may_touch(request, person)
    return render(request, "smartduka/people.html", {"form": form, "words": words, "page": page})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@permission_required("auth.add_user", raise_exception=True)
def person_add(request: HttpRequest) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if added := form.kept(staff.save, by=request.user):
        messages.success(request, f"{added.username} can log in now.")
        return redirect("people")
    return render(request, "smartduka/person_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@permission_required("auth.change_user", raise_exception=True)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    name = person.username
    form = PersonForm(request.POST or None, instance=person)
    if form.kept(staff.save, by=request.user):
        messages.success(request, f"What you changed about {person.username} is kept.")
        return redirect("people")
    return render(request, "smartduka/person_edit.html", {"form": form, "pk": pk, "name": name})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@permission_required("auth.change_user", raise_exception=True)
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    form = PasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            staff.set_password(person, form.cleaned_data["password"], by=request.user)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            if person == request.user:
                update_session_auth_hash(request, person)
            messages.success(request, f"{person.username} logs in with the new password from now on.")
            return redirect("people")
    return render(request, "smartduka/person_password.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
@permission_required("smartduka.change_shop", raise_exception=True)
def shop_settings(request: HttpRequest) -> HttpResponse:
    """How the shop counts, and the receipt that comes of it, also while it is only tried ("check")."""
    form = ShopForm(request.POST or None, instance=Shop.current())
    if "check" not in request.POST and form.kept(shopkeeping.save, by=request.user):
        messages.success(request, "The settings of the shop are kept.")
        return redirect("shop-settings")
    form.is_valid()
    return render(request, "smartduka/shop_settings.html", {"form": form, "sample": _sample(form.instance)})


def _sample(shop: Shop) -> dict[str, Decimal]:
    """What a basket of 232.75 comes to in this shop."""
    subtotal = Decimal("232.75")
    total = money.round_to_step(subtotal, shop.rounding_step)
    return {"subtotal": subtotal, "rounding": total - subtotal, "total": total}


def _found_events(words: dict[str, Any]) -> QuerySet[Event]:
    turns_at = Shop.current().day_turns_at
    found = Event.objects.select_related("by").search(words["q"] or "")
    if words["kind"]:
        found = found.filter(kind=words["kind"])
    if words["by"]:
        found = found.filter(by=words["by"])
    if words["since"]:
        found = found.filter(happened_at__gte=periods.day_bounds(words["since"], turns_at=turns_at)[0])
    if words["until"]:
        found = found.filter(happened_at__lt=periods.day_bounds(words["until"], turns_at=turns_at)[1])
    return found


def _person(request: HttpRequest, pk: int) -> User:
    person = get_object_or_404(User, pk=pk)
    if not _may_touch(request, person):
        raise PermissionDenied
    return person


def _may_touch(request: HttpRequest, person: User) -> bool:
    """Only a superuser changes a superuser."""
    return request.user.is_superuser or not person.is_superuser
