"""Counted on the spot: the shelf holds more than the books, and who may do so says how much."""

import uuid
from decimal import Decimal

import pytest

from inventory.models import Product, StockMovement
from sales import books
from sales.tests.conftest import COUNTS
from smartduka.tests.builders import a_line, a_product, a_sale, paid, what_is_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(till_of, mwangi):
    """The till at which the manager stands."""
    return till_of(mwangi)


def a_count(till, product, counted: str, **fields):
    """A count as the till sends it, after a look at what the books say."""
    seen = till.get(f"/till/stock/{product.pk}/").json()["seen"]
    return {"client_ref": str(uuid.uuid4()), "product": product.pk, "counted": counted, "seen": seen, **fields}


class TestWhatTheBooksSay:
    def test_is_told_in_base_units_with_the_newest_movement(self, till, sugar):
        newest = StockMovement.objects.get(product=sugar).pk
        answer = till.get(f"/till/stock/{sugar.pk}/")
        assert (answer.status_code, answer.json()) == (200, {"product": sugar.pk, "stock": 50_000, "seen": newest})
        assert "no-store" in answer.headers["Cache-Control"]

    def test_of_goods_that_never_moved_is_nothing(self, till, amina):
        tea = a_product("Tea", by=amina)
        assert till.get(f"/till/stock/{tea.pk}/").json() == {"product": tea.pk, "stock": 0, "seen": 0}

    @pytest.mark.parametrize("key", ["0", "999999", str(2**63), "9" * 60])
    def test_of_goods_that_are_not_there_is_404(self, till, key):
        answer = till.get(f"/till/stock/{key}/")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


class TestACount:
    def test_is_201_and_the_sale_goes_on(self, till, a_document, bread, mwangi):
        wanted = a_document(
            lines=[{"product": bread.pk, "quantity": "12"}], tenders=[{"type": "cash", "amount": "780"}]
        )
        till.refused(wanted, status=422, code="insufficient_stock")
        answer = till.post(a_count(till, bread, "14"), COUNTS)
        assert (answer.status_code, answer.json()) == (201, {"product": bread.pk, "stock": 14})
        movement = StockMovement.objects.first()
        assert (movement.reason, movement.quantity, movement.note, movement.posted_by) == (
            "count",
            4,
            "Counted at the till",
            mwangi,
        )
        assert till.post(wanted).status_code == 201
        bread.refresh_from_db()
        assert bread.stock_quantity == 2
        assert list(books.audit()) == []

    @pytest.mark.parametrize(("counted", "stock"), [("5.000", 5000), ("0.125", 125), ("0", 0), ("50", 50_000)])
    def test_is_in_units(self, till, sugar, counted, stock):
        answer = till.post(a_count(till, sugar, counted), COUNTS)
        assert (answer.status_code, answer.json()["stock"]) == (201, stock)
        assert Product.objects.get(pk=sugar.pk).stock_quantity == stock

    def test_of_goods_that_never_moved(self, till, amina):
        tea = a_product("Tea", by=amina)
        assert till.post(a_count(till, tea, "3"), COUNTS).status_code == 201

    def test_that_is_sent_again_is_200_and_writes_nothing(self, till, bread, otieno):
        document = a_count(till, bread, "14")
        first = till.post(document, COUNTS)
        a_sale([a_line(bread, "2")], [paid("130")], by=otieno)
        before = what_is_written()
        again = till.post({**document, "counted": "14.000"}, COUNTS)
        assert (again.status_code, again.json()) == (200, first.json())
        assert what_is_written() == before

    def test_that_is_sent_again_with_another_number_is_409(self, till, bread):
        document = a_count(till, bread, "14")
        till.post(document, COUNTS)
        till.refused({**document, "counted": "15"}, COUNTS, status=409, code="client_ref_reused")

    def test_of_a_shelf_that_moved_meanwhile_is_409(self, till, bread, otieno):
        document = a_count(till, bread, "14")
        a_sale([a_line(bread, "2")], [paid("130")], by=otieno)
        error = till.refused(document, COUNTS, status=409, code="stock_moved")
        assert error["message"].startswith("While you counted, the stock of Bread 400 g moved: the books now say 8.")

    def test_of_what_is_not_counted_is_422(self, till, amina):
        airtime = a_product("Airtime", is_counted=False, by=amina)
        error = till.refused(a_count(till, airtime, "3"), COUNTS, status=422, code="invalid")
        assert error["fields"] == {"product": "The stock of Airtime is not counted."}

    @pytest.mark.parametrize(
        ("field", "given"),
        [
            *(("client_ref", given) for given in (None, 1, "", "x", "00000000-0000-9000-7000-000000000000")),
            *(("product", given) for given in (None, 0, -1, True, "1", 1.0, 2**63 - 1, 2**63, 10**40, [], {})),
            *(("counted", given) for given in (None, 5, 5.0, "", "-1", "x", "0.5", "1e3", "9" * 5000, "2000000001")),
            *(("seen", given) for given in (None, -1, True, False, "0", 0.0, 2**63, 10**40, [], {})),
        ],
        ids=lambda given: f"{given!r:.20}",
    )
    def test_of_another_shape_is_422_and_the_field_is_named(self, till, bread, field, given):
        document = {**a_count(till, bread, "14"), field: given}
        error = till.refused(document, COUNTS, status=422, code="invalid")
        assert list(error["fields"]) == [field]

    def test_keeps_the_average_cost(self, till, bread):
        till.post(a_count(till, bread, "14"), COUNTS)
        assert Product.objects.get(pk=bread.pk).average_cost == Decimal("50.0000")


def test_a_cashier_counts_nothing(till_of, otieno, bread):
    till = till_of(otieno)
    document = {"client_ref": str(uuid.uuid4()), "product": bread.pk, "counted": "14", "seen": 1}
    till.refused(document, COUNTS, status=403, code="forbidden")
    assert till.get(f"/till/stock/{bread.pk}/").status_code == 403
