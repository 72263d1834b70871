"""The front door: logging in, the first owner, and whether the shop is well."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.auth.views import LoginView
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from smartduka import first_owner, health
from smartduka.forms import FirstOwnerForm, add_refusal
from smartduka.refusals import Refusal


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """Django's own; in a shop without people it leads to the page for the first owner."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if first_owner.is_awaited():
            return redirect("welcome")
        return super().get(request, *args, **kwargs)


@never_cache
@login_not_required
@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Name the shop and become its owner, once, with the code that the terminal shows."""
    if not first_owner.is_awaited():
        return redirect("login")
    form = FirstOwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            owner = first_owner.welcome(form.save(commit=False), code=words["code"], shop_name=words["shop_name"])
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            login(request, owner, backend="smartduka.permissions.OneQuestionBackend")
            return redirect("today")
    has_code = first_owner.code_file().exists()
    return render(request, "smartduka/welcome.html", {"form": form, "has_code": has_code})


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers, else 503. Strangers learn nothing else; an owner is told every finding."""
    try:
        is_well = health.database_answers()
        findings = list(health.findings()) if is_well and request.user.has_perm("smartduka.view_shop") else []
    except Error:
        is_well, findings = False, []
    words, status = ("ok", 200) if is_well else ("unavailable", 503)
    lines = [words, *map(str, findings)]
    return HttpResponse("\n".join(lines), status=status, content_type="text/plain; charset=utf-8")


@require_safe
@permission_required("smartduka.view_shop", raise_exception=True)
def show_health(request: HttpRequest) -> HttpResponse:
    """What `/healthz` keeps to itself, for the owner."""
    findings = list(health.findings())
    context = {"findings": findings, "is_well": all(finding.is_well for finding in findings)}
    return render(request, "smartduka/health.html", context)
