"""Answers in JSON, for programs that cannot read a login page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.csrf import csrf_failure as html_csrf_failure

View = Callable[..., HttpResponse]


def problem(status: int, code: str, message: str) -> JsonResponse:
    """An error in the form of every error of the till."""
    return JsonResponse({"error": {"code": code, "message": message, "fields": {}}}, status=status)


def json_permission_required(permission: str) -> Callable[[View], View]:
    """401 for a stranger and 403 for who may not, as JSON. The view is `login_not_required` to get here."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return problem(401, "login_required", "Log in first.")
            if not request.user.has_perm(permission):
                return problem(403, "forbidden", "You may not do this.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def json_body_required(view: View) -> View:
    """415 for any other body. Stands before `csrf_protect`, which would read a form and stumble over a bad one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.content_type != "application/json":
            return problem(415, "invalid", "Send it as application/json.")
        return view(request, *args, **kwargs)

    return guarded


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page, or JSON for who sent JSON."""
    if request.content_type == "application/json":
        return problem(403, "csrf", "This page is too old: load it again.")
    return html_csrf_failure(request, reason=reason)
