"""One random request: what it is, how it is made up, and how it is asked."""

import json
import random
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from smartduka.tests.fuzz import pages, values
from smartduka.tests.fuzz.addresses import path_to

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
OTHER_TYPES = [
    "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "y" * 300, f"{FORM}; charset=utf-16", f"{FORM}; charset=no-such",
    f"{JSON}; charset=no-such", "application/xml", "\udcff", "a/b;c",
]  # fmt: skip
BROKEN_JSON = [
    b"", b"{", b"[" * 100_000, b'{"a":' * 20_000, b"\xff\xfe", b'"\\ud800"', b"NaN", b'{"lines":[]}', b"null",
    b"1" * 10_000, b'{"a":1}{', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"client_ref":"x","client_ref":{}}',
]  # fmt: skip
QUERY_NAMES = [
    "q", "page", "category", "low", "off", "owing", "kind", "by", "since", "until", "next", "seen", "o", "p", "all",
    "e", "ot", "_popup", "_to_field", "_changelist_filters", "pp", "app_label", "model_name", "field_name", "term",
    "stock", "is_active__exact", "is_counted__exact", "category__id__exact", "supplier__id__exact", "reason__exact",
    "kind__exact", "posted_on__gte", "posted_on__lt", "sold_on__gte", "sold_on__day", "due_on__isnull",
    "tenders__type", "cashier__id__exact", "voided_sale__isempty", "groups__id__exact", "id__in", "id__exact", "pk",
    "name__regex", "name__iregex", "password__startswith", "sale__sold_on__gte", "type", "total__gt", "public_id",
    "client_ref",
    "permissions", "year", "format",
]  # fmt: skip
QUERIES = {
    "till/codes.json": ["?type=mpesa&code=QBC2DE3FG4", "?type=mpesa&code=x", "?type=cash&code=QBC2DE3FG4"],
    "till/customers.json": ["?q=wanj", "?q=0712"],
}
"""What a till asks."""
HEADERS = {
    "HTTP_REFERER": ["http://testserver/", "//evil.example", "\r\n", "javascript:1"],
    "HTTP_ACCEPT_LANGUAGE": ["sw", "ar;q=x", "*" * 600, "en-" + "x" * 300],
    "HTTP_IF_NONE_MATCH": ['"x"', "*", 'W/"', '"' * 99],
    "HTTP_IF_MODIFIED_SINCE": ["x", "Thu, 01 Jan 0000 00:00:00 GMT"],
    "HTTP_HX_REQUEST": ["true", "x"],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4", "::1", "x" * 400, "\x00"],
    "HTTP_X_FORWARDED_PROTO": ["https"],
    "HTTP_HOST": ["evil.example", "testserver:99999", "[::1", "\xff"],
    "HTTP_ACCEPT": ["application/json", "*/*;q=x"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_RANGE": ["bytes=-1"],
    "HTTP_X_CSRFTOKEN": ["x", "\xff" * 64],
}
METHODS = ["GET"] * 9 + ["POST"] * 10 + ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]


@dataclass
class Request:
    """As it was asked, so that it can be asked again: `Request(…).ask(client)`."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, client: Client) -> HttpResponse:
        return client.generic(self.method, self.path, self.body, self.content_type, **self.headers)


def made_up(route: str, client: Client, dice: random.Random, known: dict[str, Any]) -> Request:
    """A request to the route. A form is mostly filled as this person sees it."""
    path = path_to(route, dice, known["parts"])
    method = dice.choice(METHODS)
    headers = {name: dice.choice(HEADERS[name]) for name in HEADERS if dice.random() < 0.01}
    if method == "GET" or dice.random() < 0.1:
        path += query(route, dice)
    if method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return Request(method, path, headers=headers)
    return Request(method, path, *body(route, path, client, dice, known), headers=headers)


def query(route: str, dice: random.Random) -> str:
    if route in QUERIES and dice.random() < 0.7:
        return dice.choice(QUERIES[route])
    if dice.random() < 0.3:
        return ""
    if dice.random() < 0.1:
        raw = values.word(dice)[:3000].encode("utf-8", "surrogatepass")
        return "?" + "".join(map(chr, raw)).replace("#", "").replace("\r", "").replace("\n", "").replace("\t", "")
    asked = [(dice.choice(QUERY_NAMES), values.word(dice)[:3000]) for _ in range(dice.randrange(1, 4))]
    return "?" + urlencode(asked, encoding="utf-8", errors="surrogatepass")


def body(route: str, path: str, client: Client, dice: random.Random, known: dict[str, Any]) -> tuple[bytes, str]:
    chance = dice.random()
    if chance < 0.08:
        return dice.choice([b"", b"\xff" * 40, dice.randbytes(60), *BROKEN_JSON]), dice.choice(
            [FORM, JSON, *OTHER_TYPES]
        )
    if (route in known["documents"]) == (chance < 0.9):
        plausible = known["documents"].get(route, values.document)
        return as_json(plausible(dice) if dice.random() < 0.8 else values.document(dice), dice), JSON
    page = client.get(path)
    is_page = page.get("Content-Type", "").startswith("text/html") and not page.streaming
    fields = pages.read(page.content.decode()) if is_page else {}
    sent = urlencode(pages.filled(fields, dice), encoding="utf-8", errors="surrogatepass")
    return sent.encode(), FORM


def as_json(document: Any, dice: random.Random) -> bytes:
    """As a program sends it, which may leave surrogates and infinities in it."""
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 5])):
        document = values.mutated(dice, document)
    text = json.dumps(document, ensure_ascii=dice.random() < 0.7)
    return (
        re.sub("[\ud800-\udfff]", "?", text).encode()
        if dice.random() < 0.9
        else text.encode("utf-8", "surrogatepass")
    )
