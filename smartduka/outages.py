"""The last word when a request fails: what stands in the way, in a sentence, and never a traceback."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

from smartduka.answers import problem
from smartduka.databases.outages import Outage, outage_of

SECONDS_TO_RETRY = 5

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 and what to do when the database cannot work just now, else 500; a page, or JSON for programs.

    This is Django's handler of last resort, and not a middleware, because a middleware sees no errors of the others:
    a database that is down fails already where the session is read.
    """
    error = sys.exc_info()[1]
    outage = outage_of(error)
    if outage is None:
        return _say_mistake(request)
    response = _say_outage(request, outage)
    response.headers["Retry-After"] = str(SECONDS_TO_RETRY)
    logger.error("%s at %s: %s", outage.name, request.path, str(error).strip())
    # Django would write a traceback for each request, and fill a full disk further.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _say_mistake(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        return problem(500, "internal", "Something went wrong in the program. It has been written down.")
    return defaults.server_error(request)


def _say_outage(request: HttpRequest, outage: Outage) -> HttpResponse:
    if _is_program(request):
        return problem(503, "unavailable", outage.value)
    # Rendered without the request, so that the page asks nothing of the database.
    context = {"outage": outage, "was_sent": request.method == "POST"}
    return HttpResponse(loader.get_template("503.html").render(context), status=503)


def _is_program(request: HttpRequest) -> bool:
    """Whether whoever asked reads JSON, such as the till's page."""
    accepts_json = "application/json" in request.headers.get("Accept", "")
    return accepts_json or request.content_type == "application/json" or request.path.endswith(".json")
