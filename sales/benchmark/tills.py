"""Tills at the other end of the wire: each a browser session with its own connection, cookies and clock."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlencode

from inventory.models import Product

T = TypeVar("T")

PATIENCE = 60
"""Seconds to wait for an answer."""
SECONDS_OF_SILENCE = 10
"""After so many a new line is taken, for the server hangs up after thirty."""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    kind: str
    body: bytes
    seconds: float

    def json(self) -> Any:
        if self.kind != "application/json":
            raise ValueError(f"This is no JSON: {self.text}")
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def outcome(self) -> str:
        """The code of a refusal in JSON, else the status."""
        return self.json()["error"]["code"] if self.status == 422 else str(self.status)


class Till:
    """One window of a browser, with a connection of its own."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._cookies = dict(cookies or {})
        self._asked_at = 0.0

    def log_in(self, username: str, password: str) -> None:
        self.get("/login/")
        answer = self.post_form("/login/", username=username, password=password)
        if answer.status != 302:
            raise PermissionError(f"{username} cannot log in: {answer.text}")

    def another(self) -> "Till":
        """Another window of the same browser."""
        return Till(self._port, self._cookies)

    def get(self, path: str) -> Answer:
        """A page. Like a browser, ask again when the line that was kept open turns out to be closed."""
        try:
            return self._ask("GET", path)
        except (OSError, http.client.HTTPException):
            return self._ask("GET", path)

    def post_form(self, path: str, **fields: Any) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self._cookies["csrftoken"], **fields})
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def sell(self, document: dict[str, Any]) -> Answer:
        return self._ask("POST", "/till/sales/", json.dumps(document), "application/json")

    def sell_for_sure(self, document: dict[str, Any], until: float) -> Answer:
        """Ask again and again, as the till's page does, until the shop's own words come back."""
        while time.monotonic() < until:
            try:
                answer = self.sell(document)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if answer.status != 503:
                return answer
            time.sleep(0.05)
        raise TimeoutError(f"No answer for {document['client_ref']}.")

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={word}" for name, word in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": kind, "X-CSRFToken": self._cookies["csrftoken"]}
        began = time.monotonic()
        if began - self._asked_at > SECONDS_OF_SILENCE:
            self._connection.close()
        self._asked_at = began
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        seconds = time.monotonic() - began
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, response.headers.get_content_type(), content, seconds)


def a_document(
    *products: Product, kind: str = "cash", amount: str | None = None, reference: str = "", **fields: Any
) -> dict[str, Any]:
    """What a till sends for one unit of each product, paid exactly unless an amount is named."""
    total = amount or str(sum(product.selling_price for product in products))
    return {
        "client_ref": str(uuid.uuid4()),
        "lines": [{"product": product.pk, "quantity": "1"} for product in products],
        "tenders": [{"type": kind, "amount": total, "reference": reference}],
        **fields,
    }


def at_once(*actions: Callable[[], T]) -> Sequence[T]:
    """What each action returns, when all start at the same moment, each in a thread of its own."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        start.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))
