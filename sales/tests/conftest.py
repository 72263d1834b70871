"""A till at the other end of the wire, the goods it sells, and their way back."""

import json
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from inventory.models import Product
from sales import books, returns
from sales.models import Return, Sale
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH, TenderType
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_product, a_user, a_voucher, what_is_written

SALES = "/till/sales/"
CUSTOMERS = "/till/customers/"
COUNTS = "/till/counts/"
_TOKEN = "c" * 32


class Till:
    """One browser, as far as the till's JSON goes."""

    def __init__(self, client: Client) -> None:
        self.client = client
        client.cookies["csrftoken"] = _TOKEN

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(path, headers=headers)

    def post(
        self, body: Any, to: str = SALES, *, content_type: str = "application/json", token: str = _TOKEN
    ) -> HttpResponse:
        """Send a document, or a text or bytes as they are."""
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"X-CSRFToken": token} if token else {}
        # Said twice, because the client leaves it out for an empty body.
        return self.client.post(to, sent, content_type=content_type, headers=headers, CONTENT_TYPE=content_type)

    def refused(self, body: Any, to: str = SALES, *, status: int, code: str, **kwargs: Any) -> dict[str, Any]:
        """The error of the answer, once it is shown that it has the promised form, and that nothing was written."""
        before = what_is_written()
        answer = self.post(body, to, **kwargs)
        assert answer.headers["Content-Type"] == "application/json", answer.content
        document = answer.json()
        assert (answer.status_code, document["error"]["code"]) == (status, code), document
        assert document.keys() == {"error"}
        assert document["error"].keys() == {"code", "message", "fields"}
        for sentence in (document["error"]["message"], *document["error"]["fields"].values()):
            assert sentence[0].isupper(), sentence
            assert sentence.endswith((".", "?")), sentence
        assert what_is_written() == before
        return document["error"]


def tendered(sale_return: Return) -> list[tuple[str, Decimal]]:
    """How the money went back, in the order in which it was written."""
    return [(tender.type, tender.amount) for tender in sale_return.tenders.all()]


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon, on the day on which the builders fill the shelves."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def till_of(noon: None, browser_of: Callable[[User], Client]) -> Callable[[User], Till]:
    return lambda user: Till(browser_of(user))


@pytest.fixture
def till(till_of: Callable[[User], Till], otieno: User) -> Till:
    """The till at which Otieno stands."""
    return till_of(otieno)


@pytest.fixture
def mwangi(db: None) -> User:
    """He sets prices and counts, and does not own the shop."""
    return a_user("Mwangi", "Manager")


@pytest.fixture
def take_back(amina: User) -> Callable[..., Return]:
    """Take base units of the sale's lines back, by their position, for cash."""

    def take_back(
        sale: Sale,
        *quantities: int,
        damaged: bool = False,
        refund: TenderType = CASH,
        code: str = "",
        note: str = "Stale",
        **kwargs: Any,
    ) -> Return:
        lines = [
            ReturnedLine(line.pk, quantity, damaged)
            for line, quantity in zip(sale.lines.all(), quantities, strict=False)
            if quantity
        ]
        voucher = a_voucher(amina, note=note)
        return returns.take_back(
            sale.pk, lines, refund=Refund(refund, code), shop=Shop.current(), voucher=voucher, **kwargs
        )

    return take_back


@pytest.fixture
def void(amina: User) -> Callable[..., Return]:
    """Void a sale, for cash."""

    def void(
        sale: Sale, note: str = "Rung up twice", refund: TenderType = CASH, code: str = "", **kwargs: Any
    ) -> Return:
        voucher = a_voucher(amina, note=note)
        return returns.void(sale.pk, refund=Refund(refund, code), shop=Shop.current(), voucher=voucher, **kwargs)

    return void


@pytest.fixture
def books_that_tie_out(db: None) -> Iterator[None]:
    """After the test, whatever it did."""
    yield
    assert list(books.audit()) == []


@pytest.fixture
def bread(amina: User) -> Product:
    return a_product("Bread 400 g", stock="10", price="65", cost="50", by=amina)


@pytest.fixture
def sugar(amina: User) -> Product:
    return a_product("Sugar", stock="50", price="160", cost="130", unit="kilogram", by=amina)


@pytest.fixture
def a_document(bread: Product) -> Callable[..., dict[str, Any]]:
    """What a till sends for one bread, paid with a hundred; other fields as they are given."""

    def document(**fields: Any) -> dict[str, Any]:
        return {
            "client_ref": str(uuid.uuid4()),
            "lines": [{"product": bread.pk, "quantity": "1"}],
            "tenders": [{"type": "cash", "amount": "100"}],
            **fields,
        }

    return document
