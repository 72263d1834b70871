"""Sales through the shop's own door, and the same sales through the bare driver, by turns."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.test.client import Client
from django.test.utils import CaptureQueriesContext

from inventory.models import Product
from sales.benchmark.floor import BareTill
from sales.benchmark.goods import Duka
from sales.benchmark.tills import Answer, Till, a_document, at_once

T = TypeVar("T")
Basket = list[Product]

SLICES = 4
"""Shop and floor take turns, so that whatever else the machine does falls on both."""
WARM_UP = 10
"""Sales of each till before the clock starts: connections open, programs load."""


@dataclass(frozen=True)
class Figures:
    """What one number of tills reached; `queries` are the statements of one sale, its request included."""

    engine: str
    tills: int
    lines: int
    sales: int
    sales_per_s: float
    p50_ms: float
    p95_ms: float
    floor_per_s: float
    ratio_to_floor: float
    queries: int


class Benchmark:
    """A shop that is open on a database of its own, on `port` and at `url`."""

    def __init__(self, duka: Duka, *, port: int, url: str, lines: int) -> None:
        self._duka, self._port, self._url, self._lines = duka, port, url, lines
        self._random = random.Random(7)  # noqa: S311 – not a secret
        self._browsers = [self._logged_in(cashier.username) for cashier in duka.cashiers]
        self.written = 0

    def _logged_in(self, username: str) -> Till:
        browser = Till(self._port)
        browser.log_in(username, self._duka.password)
        return browser

    def run(self, tills: int, sales: int) -> Figures:
        """So many tills at once, each of which makes so many sales."""
        each = max(1, sales // SLICES)
        self._sell_barely(tills, WARM_UP)
        self._sell(tills, WARM_UP)
        times, seconds, bare_seconds = [], 0.0, 0.0
        for _ in range(SLICES):
            bare_seconds += self._sell_barely(tills, each)
            took, answers = self._sell(tills, each)
            seconds += took
            times += [answer.seconds * 1000 for answer in answers]
        return Figures(
            engine=connection.vendor,
            tills=tills,
            lines=self._lines,
            sales=len(times),
            sales_per_s=round(len(times) / seconds, 1),
            p50_ms=round(_at(times, 0.5), 2),
            p95_ms=round(_at(times, 0.95), 2),
            floor_per_s=round(len(times) / bare_seconds, 1),
            ratio_to_floor=round(bare_seconds / seconds, 3),
            queries=self._statements(),
        )

    def _sell(self, tills: int, each: int) -> tuple[float, list[Answer]]:
        """Every till in a new window, so that no worker of the server is left out by chance for long."""
        windows = [browser.another() for browser in self._browsers[:tills]]
        for window in windows:
            window.get("/healthz")
        seconds, answers = self._timed([partial(_ring_up, window) for window in windows], each)
        return seconds, [answer for row in answers for answer in row]

    def _sell_barely(self, tills: int, each: int) -> float:
        with ExitStack() as opened:
            connect = partial(BareTill, self._url)
            bare = [opened.enter_context(closing(connect(who.pk))) for who in self._duka.cashiers[:tills]]
            return self._timed([partial(_hand_over, till) for till in bare], each)[0]

    def _timed(self, sellers: Sequence[Callable[[list[Basket]], T]], each: int) -> tuple[float, Sequence[T]]:
        """All at once, so many baskets each: how many seconds it took, and what they return."""
        work = [partial(sell, [self._basket() for _ in range(each)]) for sell in sellers]
        began = time.monotonic()
        answers = at_once(*work)
        seconds = time.monotonic() - began
        self.written += len(sellers) * each
        return seconds, answers

    def _basket(self) -> Basket:
        return self._random.sample(self._duka.products, self._lines)

    def _statements(self) -> int:
        """The statements of the same request, counted where it is answered; BEGIN and COMMIT are among them."""
        client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        client.force_login(self._duka.cashiers[0])
        sent = {"content_type": "application/json", "secure": settings.HTTPS}
        with CaptureQueriesContext(connection) as captured:
            _refuse_failure(client.post("/till/sales/", a_document(*self._basket()), **sent).status_code)
        self.written += 1
        return len(captured)


def _ring_up(window: Till, baskets: list[Basket]) -> list[Answer]:
    answers = [window.sell(a_document(*basket)) for basket in baskets]
    for answer in answers:
        _refuse_failure(answer.status, answer.text)
    return answers


def _hand_over(till: BareTill, baskets: list[Basket]) -> None:
    for basket in baskets:
        till.sell(basket)


def _refuse_failure(status: int, text: str = "") -> None:
    if status != 201:
        raise RuntimeError(f"A sale was answered with {status}: {text}")


def _at(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]
