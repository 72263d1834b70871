"""Every address of the project, found from the resolver, and paths that lead there."""

import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from smartduka.tests.fuzz import values

_ROUTE_PART = re.compile(r"<(?:(?P<kind>[^>:]+):)?(?P<name>[^>]+)>")
_REGEX_PART = re.compile(r"\(\?P<(?P<name>\w+)>(?P<inside>[^()]*)\)")


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Each pattern, its parts as in `path()`; those of `re_path()` are brought to that form."""
    for each in (resolver or get_resolver()).url_patterns:
        whole = before + _as_route(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, whole)
        elif isinstance(each, URLPattern):
            yield whole
        else:
            raise TypeError(f"{each!r} is a kind of address that nobody tries.")


def _as_route(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return str(pattern)
    if isinstance(pattern, RegexPattern):
        plain = _REGEX_PART.sub(r"<\g<name>>", str(pattern)).removeprefix("^").removesuffix("$")
        if not re.search(r"[\\()\[\]*+?|^$]", plain):
            return plain
    raise TypeError(f"{pattern!r} is a kind of address that nobody tries.")


def path_to(route: str, dice: random.Random, known: dict[str, list[str]]) -> str:
    """A path that leads there, mostly: its parts are `known`, by what stands before or by their name, or nasty."""

    def part(match: re.Match[str]) -> str:
        before = route[: match.start()].rstrip("/").rpartition("/")[2]
        candidates = known.get(match["name"]) or known.get(before) or known["other"] or ["1"]
        if dice.random() < 0.8:
            return quote(dice.choice(candidates))
        return quote(
            values.word(dice)[:2000].encode("utf-8", "surrogatepass"), safe="/" if dice.random() < 0.1 else ""
        )

    return "/" + _ROUTE_PART.sub(part, route)
