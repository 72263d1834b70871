"""Answers in JSON, for programs that cannot read a login page."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.csrf import csrf_failure as html_csrf_failure
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

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


def json_object_required(view: View) -> View:
    """The view gets the object in the body: 413 for one that is too large, 400 for what is none."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            document = json.loads(request.body, parse_constant=_refuse_constant)
        except RequestDataTooBig:
            return problem(413, "invalid", "This is too large to be read.")
        except (ValueError, RecursionError):
            return problem(400, "invalid", "This is not a JSON document.")
        if not isinstance(document, dict):
            return problem(400, "invalid", "This is not a JSON object.")
        return view(request, document, *args, **kwargs)

    return reading


def json_door(permission: str) -> Callable[[View], View]:
    """A door through which programs write: POST, by who has the permission, with a token and a JSON object.

    Exempt from the token outside and asked for it inside, so that a stranger is told to log in, and not that a
    token is missing.
    """

    def decorate(view: View) -> View:
        inside = json_body_required(csrf_protect(json_object_required(view)))
        return csrf_exempt(require_POST(login_not_required(json_permission_required(permission)(inside))))

    return decorate


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page, or JSON for who sent JSON."""
    if request.content_type == "application/json":
        return problem(403, "csrf", "This page is too old: load it again.")
    return html_csrf_failure(request, reason=reason)


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON.")
