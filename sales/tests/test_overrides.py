"""Below the floor goes nothing but what an owner lets go for a reason, which stands in the diary."""

import uuid
from decimal import Decimal

import pytest

from inventory.models import Product
from sales import books, pricing
from sales.models import Sale
from smartduka.models import Event
from smartduka.tests.builders import NOON, a_line, a_sale, by_shillings, diary, paid, what_is_written

pytestmark = pytest.mark.django_db

REASON = "Crushed in the box"


@pytest.fixture
def bread(bread):
    Product.objects.filter(pk=bread.pk).update(floor_price=60)
    bread.refresh_from_db()
    return bread


@pytest.fixture
def cheap(a_document, bread):
    """Two breads at 40, the floor being 60."""

    def document(**fields):
        lines = [{"product": bread.pk, "quantity": "2", "unit_price": "40"}]
        return a_document(**{"lines": lines, "tenders": [{"type": "cash", "amount": "80"}], **fields})

    return document


class TestWithoutAReason:
    def test_an_owner_is_asked_for_it(self, till_of, amina, cheap):
        error = till_of(amina).refused(cheap(), status=422, code="price_below_floor")
        message = "Bread 400 g goes below its floor of 60: write why."
        assert error == {
            "code": "price_below_floor",
            "message": message,
            "fields": {"lines.0.unit_price": message, "override_reason": message},
        }

    @pytest.mark.parametrize("blank", [None, "", "   "])
    def test_nor_with_a_blank_one(self, till_of, amina, cheap, blank):
        error = till_of(amina).refused(cheap(override_reason=blank), status=422, code="price_below_floor")
        assert "override_reason" in error["fields"]


class TestWithAReason:
    def test_an_owner_sells_and_list_and_charged_price_are_kept(self, till_of, amina, cheap):
        assert till_of(amina).post(cheap(override_reason=REASON)).status_code == 201
        line = Sale.objects.get().lines.get()
        assert (line.list_price, line.unit_price, line.line_total) == (Decimal(65), Decimal(40), Decimal(80))
        assert list(books.audit()) == []

    def test_the_diary_has_the_sale_the_floor_the_price_and_why(self, till_of, amina, cheap, client):
        number = till_of(amina).post(cheap(override_reason=f"  {REASON} ")).json()["number"]
        assert diary() == [("overridden", f"{number} Bread 400 g", "price", "60", "40", "Amina")]
        event = Event.objects.get(kind="overridden")
        assert (event.reason, event.happened_at) == (REASON, NOON)
        client.force_login(amina)
        page = client.get("/events/", {"q": "crushed"}).content.decode()
        for shown in (f"{number} Bread 400 g", "Rule overridden: price", REASON, "60 → 40"):
            assert shown in page

    def test_each_line_below_its_floor_stands_there_and_no_other(self, till_of, amina, cheap, bread, sugar):
        lines = [
            {"product": bread.pk, "quantity": "2", "discount": "30.01"},
            {"product": bread.pk, "quantity": "2", "unit_price": "60"},
            {"product": sugar.pk, "amount": "20", "discount": "2"},
            {"product": sugar.pk, "quantity": "0.125"},
        ]
        tenders = [{"type": "cash", "amount": "500"}]
        answer = till_of(amina).post(cheap(lines=lines, tenders=tenders, override_reason=REASON))
        number = answer.json()["number"]
        assert [event[1:5] for event in diary()] == [
            (f"{number} Bread 400 g", "price", "60", "50"),
            (f"{number} Sugar", "price", "160", "144"),
        ]

    def test_goods_may_be_given_away(self, till_of, amina, cheap, bread):
        lines = [{"product": bread.pk, "quantity": "1", "unit_price": "0"}, {"product": bread.pk, "quantity": "1"}]
        assert till_of(amina).post(cheap(lines=lines, override_reason=REASON)).status_code == 201
        assert [event[3:5] for event in diary()] == [("60", "0")]

    def test_that_was_not_needed_nothing_is_recorded(self, till_of, amina, a_document):
        assert till_of(amina).post(a_document(override_reason=REASON)).status_code == 201
        assert diary() == []

    def test_a_sale_that_is_sent_again_is_recorded_once(self, till_of, amina, cheap):
        till, document = till_of(amina), cheap(override_reason=REASON)
        till.post(document)
        before = what_is_written()
        assert till.post(document).status_code == 200
        assert what_is_written() == before
        till.refused({**document, "override_reason": "Another"}, status=409, code="client_ref_reused")


class TestWhoMayNot:
    @pytest.mark.parametrize("who", ["otieno", "mwangi"])
    def test_is_refused_with_a_reason_as_without_one(self, request, till_of, cheap, who):
        till = till_of(request.getfixturevalue(who))
        without = till.refused(cheap(), status=422, code="price_below_floor")
        assert till.refused(cheap(override_reason=REASON), status=422, code="price_below_floor") == without
        assert "override_reason" not in without["fields"]

    @pytest.mark.parametrize("line", [{"discount": "30"}, {"unit_price": "1"}, {"unit_price": "0"}], ids=str)
    def test_is_refused_however_the_price_is_lowered(self, till_of, mwangi, cheap, bread, line):
        document = cheap(lines=[{"product": bread.pk, "quantity": "1", **line}], override_reason=REASON)
        till_of(mwangi).refused(document, status=422, code="price_below_floor")

    def test_would_sell_if_nobody_looked_at_who_it_is(self, till, cheap, monkeypatch):
        """The control: the right is what stands in the way."""
        everything = pricing.Rights(may_change_price=True, may_sell_below_floor=True, reason=REASON)
        monkeypatch.setattr("sales.checkout.Rights", lambda *_: everything)
        assert till.post(cheap(override_reason=REASON)).status_code == 201


def test_a_refusal_of_something_else_records_no_override(till_of, amina, cheap):
    document = cheap(override_reason=REASON, tenders=[{"type": "cash", "amount": "79"}])
    till_of(amina).refused(document, status=422, code="tenders_do_not_match")
    assert diary() == []


def test_the_price_charged_for_a_sum_is_that_of_what_it_truly_buys(sugar, amina):
    """20 at 120 buys 166.67 g, which is sold as 167 g: still at 120 a kilogram, and not at 119.76."""
    asked = by_shillings(sugar, "20", unit_price=Decimal(120))
    rights = {"may_change_price": True, "may_sell_below_floor": True, "override_reason": REASON}
    sale = a_sale([asked], [paid("20")], by=amina, **rights)
    assert sale.lines.get().quantity == 167
    assert [event[3:5] for event in diary()] == [("160", "120")]


class TestTheNote:
    def test_is_kept_with_the_sale(self, till, a_document):
        assert till.post(a_document(note="  For the wedding \N{PARTY POPPER} ")).status_code == 201
        assert Sale.objects.get().note == "For the wedding \N{PARTY POPPER}"

    def test_is_part_of_what_was_asked_for(self, till, a_document):
        document = a_document(note="For the wedding")
        till.post(document)
        assert till.post({**document, "note": " For the wedding"}).status_code == 200
        till.refused({**document, "note": "For the funeral"}, status=409, code="client_ref_reused")
        till.refused({**document, "note": None}, status=409, code="client_ref_reused")

    def test_of_a_sale_has_none_mostly(self, bread, otieno):
        assert a_sale([a_line(bread)], [paid("65")], by=otieno, client_ref=uuid.uuid4()).note == ""
