"""How many statements it costs the till to ask, to add somebody and to count; BEGIN and COMMIT are among them."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from sales.tests.conftest import COUNTS, CUSTOMERS
from smartduka.tests.builders import a_line, a_sale, paid

pytestmark = pytest.mark.django_db(transaction=True)

WHO = 3
"""Session, user, permissions: what every request of the till costs."""


@pytest.fixture
def till(till_of, amina):
    """The owner's, who may do everything."""
    return till_of(amina)


def cost(ask: Callable[[], HttpResponse]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code in (200, 201)
    return len(captured) - WHO


def test_a_code_is_looked_up_in_1_statement(till, bread, otieno):
    a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG4")], by=otieno)
    for code in ("QBC2DE3FG4", "QBC2DE3FG5"):
        assert cost(lambda: till.get(f"/till/codes.json?type=mpesa&code={code}")) == 1  # noqa: B023 – called at once


def test_the_books_of_a_shelf_are_1_statement(till, bread):
    assert cost(lambda: till.get(f"/till/stock/{bread.pk}/")) == 1


def test_somebody_new_costs_7_statements_and_the_second_time_3(till):
    zawadi = {"name": "Zawadi", "phone": "0722 000 333"}
    assert cost(lambda: till.post(zawadi, CUSTOMERS)) == 7  # phone, name, BEGIN, customer, diary, COMMIT, balance
    assert cost(lambda: till.post(zawadi, CUSTOMERS)) == 3  # phone, name, balance


def test_a_count_costs_8_statements(till, bread):
    seen = till.get(f"/till/stock/{bread.pk}/").json()["seen"]
    count = {"client_ref": str(uuid.uuid4()), "product": bread.pk, "counted": "14", "seen": seen}
    # unit, shop, BEGIN, product (locked), newest movement, movement, stock, COMMIT
    assert cost(lambda: till.post(count, COUNTS)) == 8


@pytest.mark.parametrize("lines", [1, 3])
def test_overrides_cost_1_statement_however_many_there_are(till, a_document, bread, lines):
    def document(**fields):
        sold = [{"product": bread.pk, "quantity": "1", **fields}] * lines
        return a_document(lines=sold, override_reason="Stale", tenders=[{"type": "cash", "amount": f"{65 * lines}"}])

    till.post(document())  # opens the till session
    plain = cost(lambda: till.post(document()))
    tenders = [{"type": "cash", "amount": f"{40 * lines}"}]
    assert cost(lambda: till.post({**document(unit_price="40"), "tenders": tenders})) == plain + 1
