"""What every request goes through: a name for the log, and pages that leave nothing behind."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")


def request_id() -> str:
    """The id of the request that is being answered; "-" outside of one."""
    return _request_id.get()


def name_requests(get_response: Answer) -> Answer:
    """Give each request an id, which the log, the error page and the answer carry.

    A proxy in front may have given one already, in X-Request-ID.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = _request_id.set(given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8))
        try:
            response = get_response(request)
            response.headers["X-Request-ID"] = request_id()
            return response
        finally:
            _request_id.reset(token)

    return middleware


def leave_nothing_behind(get_response: Answer) -> Answer:
    """Pages with data stay out of every cache: the next person at this computer must not leaf back to them.

    A view that says itself how it may be kept, such as the till's catalogue, is left alone.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def client_address(request: HttpRequest) -> str:
    """The address a request came from: what the proxy in front says last, or the other end of the line."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


class WithRequestId(logging.Filter):
    """Put the request's id into every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id()
        return True
