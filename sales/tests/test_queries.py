"""How many statements a sale costs. Counts are free of the noise of clocks; BEGIN and COMMIT are among them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Pack, Product
from sales import sessions
from sales.checkout import SaleRequest, complete_sale
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_line, a_pack, a_product, a_voucher, paid

pytestmark = pytest.mark.django_db(transaction=True)

# complete_sale: BEGIN, till session (locked), products (locked), sale, movements, stock, lines, tenders, COMMIT; and,
# where there is one, customer (locked), balance, ledger entry, transaction code.
PLAIN_SALE, FULLEST_SALE = 9, 13
# The request: session, user, permissions, shop; and, where there is one, packs.
PLAIN_REQUEST, FULLEST_REQUEST = PLAIN_SALE + 4, FULLEST_SALE + 5
CATALOGUE = 6  # session, user, permissions, shop, packs, products


@dataclass
class Shelf:
    products: list[Product]
    dozen: Pack

    def document(self, lines: int, *, customer: int | None) -> dict:
        """A cash sale of so many lines; with a customer also a pack, M-Pesa and a debt."""
        sold = [{"product": each.pk, "quantity": "1"} for each in self.products[:lines]]
        tenders = [{"type": "cash", "amount": "9000"}]
        if customer:
            sold[0]["pack"] = self.dozen.pk
            tenders += [{"type": "mpesa", "amount": "100", "reference": uuid.uuid4().hex[:10]}]
            tenders += [{"type": "on_account", "amount": "50"}]
        return {"client_ref": str(uuid.uuid4()), "customer": customer, "lines": sold, "tenders": tenders}

    def request(self, lines: int, *, customer: int | None) -> SaleRequest:
        sold = [a_line(each) for each in self.products[:lines]]
        tenders = [paid("9000")]
        if customer:
            sold[0] = a_line(self.products[0], pack=self.dozen)
            tenders += [paid("100", "mpesa", "QBC2DE3FG4"), paid("50", "on_account")]
        return SaleRequest(uuid.uuid4(), sold, tenders, customer_id=customer)


@pytest.fixture
def shelf(amina: User, otieno: User, shop: Shop) -> Shelf:
    """Goods, and till sessions that are open, as they are for every sale but the first."""
    for cashier in (amina, otieno):
        sessions.open_session(Decimal(0), a_voucher(cashier))
    products = [a_product(f"Goods {number}", stock="100", price="60", by=amina) for number in range(10)]
    return Shelf(products, a_pack(products[0]))


def statements(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries]


def test_begin_and_commit_are_counted(shelf, otieno):
    request = shelf.request(1, customer=None)
    sale = statements(lambda: sell(request, otieno))
    assert sale[0].startswith("BEGIN")
    assert sale[-1] == "COMMIT"


def sell(request: SaleRequest, cashier: User) -> None:
    complete_sale(request, cashier=cashier, may_change_price=False, shop=Shop(), now=NOON)


@pytest.mark.parametrize("lines", [1, 3, 10])
class TestASale:
    def test_of_any_length_for_cash_is_9_statements(self, shelf, otieno, lines):
        request = shelf.request(lines, customer=None)
        assert len(statements(lambda: sell(request, otieno))) == PLAIN_SALE

    def test_of_any_length_with_everything_is_13_statements(self, shelf, otieno, wanjiku, lines):
        request = shelf.request(lines, customer=wanjiku.pk)
        assert len(statements(lambda: sell(request, otieno))) == FULLEST_SALE

    @pytest.mark.parametrize("who", ["otieno", "amina"])
    def test_over_http_is_13_or_18_statements(self, request, till_of, shelf, wanjiku, lines, who):
        till = till_of(request.getfixturevalue(who))
        for customer, most in ((None, PLAIN_REQUEST), (wanjiku.pk, FULLEST_REQUEST)):
            document = shelf.document(lines, customer=customer)
            answers = []
            seen = statements(lambda: answers.append(till.post(document)))  # noqa: B023 – called at once
            assert answers[0].status_code == 201, answers[0].content
            assert len(seen) == most, "\n".join(seen)


def test_the_same_sale_again_costs_no_more_than_the_first_time(till, shelf, wanjiku):
    document = shelf.document(3, customer=wanjiku.pk)
    till.post(document)
    assert len(statements(lambda: till.post(document))) <= FULLEST_REQUEST


def test_the_catalogue_is_6_statements_however_many_goods_there_are(till, shelf, amina):
    assert len(statements(lambda: till.get("/till/catalogue.json"))) == CATALOGUE
    for number in range(20):
        a_pack(a_product(f"More {number}", category=f"Shelf {number}", by=amina))
    assert len(statements(lambda: till.get("/till/catalogue.json"))) == CATALOGUE


def test_customers_are_found_with_5_statements(till, wanjiku, juma):
    assert len(statements(lambda: till.get("/till/customers.json"))) == 5
