"""The wire contract: what a till that speaks to POST /till/sales/ is answered, and what was written."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from customers import ledger as customer_ledger
from inventory.models import Product
from sales import books, returns
from sales.models import Sale
from sales.returns import Refund
from sales.tenders import CASH
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_customer, a_pack, a_voucher, what_is_written

pytestmark = pytest.mark.django_db

CODE = "QBC2DE3FG4"


def cash(amount: str) -> dict[str, str]:
    return {"type": "cash", "amount": amount}


def mpesa(amount: str, code: str = CODE) -> dict[str, str]:
    return {"type": "mpesa", "amount": amount, "reference": code}


def on_account(amount: str) -> dict[str, str]:
    return {"type": "on_account", "amount": amount}


class TestANewSale:
    def test_is_201_with_its_number_total_change_and_address(self, till, a_document):
        answer = till.post(a_document())
        sale = Sale.objects.get()
        assert answer.status_code == 201
        assert answer.json() == {
            "number": sale.number,
            "total": "65.00",
            "change": "35.00",
            "url": f"/sales/{sale.number}/",
        }
        assert (sale.cashier.username, sale.sold_at, sale.received_at) == ("otieno", NOON, NOON)
        assert list(books.audit()) == []

    def test_may_have_everything_at_once(self, till, a_document, bread, sugar, wanjiku):
        tray = a_pack(bread, "Tray of 6", size=6, price="360")
        answer = till.post(
            a_document(
                sold_at="2026-06-23T11:58:00+03:00",
                customer=wanjiku.pk,
                due_on="2026-06-30",
                lines=[
                    {"product": bread.pk, "pack": tray.pk, "quantity": "1", "unit_price": "360.00"},
                    {"product": bread.pk, "pack": None, "quantity": "2", "unit_price": None, "discount": "0.00"},
                    {"product": sugar.pk, "quantity": "1.250", "discount": None},
                ],
                tenders=[
                    mpesa("300"),
                    {"type": "card", "amount": "90.00", "reference": ""},
                    on_account("200"),
                    cash("500"),
                ],
            )
        )
        assert (answer.status_code, answer.json()["total"], answer.json()["change"]) == (201, "690.00", "400.00")
        sale = Sale.objects.get()
        assert [line.quantity_shown for line in sale.lines.all()] == ["1 × Tray of 6", "2", "1.25 kg"]
        assert sale.sold_at == NOON - timedelta(minutes=2)
        assert customer_ledger.balance(wanjiku) == Decimal("200.00")
        assert str(wanjiku.entries.get().due_on) == "2026-06-30"
        assert list(books.audit()) == []

    def test_is_told_rounded_as_it_was_paid(self, till, a_document, sugar):
        Shop.objects.create(rounding_step=5)
        lines = [{"product": sugar.pk, "quantity": "0.02"}]
        answer = till.post(a_document(lines=lines, tenders=[cash("5")]))
        assert (answer.status_code, answer.json()["total"], answer.json()["change"]) == (201, "5.00", "0.00")

    def test_is_also_taken_from_a_manager_at_another_price(self, till_of, amina, a_document, bread):
        Product.objects.update(floor_price=60)
        lines = [{"product": bread.pk, "quantity": "2", "unit_price": "63.00", "discount": "6"}]
        answer = till_of(amina).post(a_document(lines=lines, tenders=[cash("120")]))
        assert (answer.status_code, answer.json()["total"]) == (201, "120.00")


class TestTheSameSaleAgain:
    def test_is_200_with_the_same_body_and_writes_nothing(self, till, a_document):
        document = a_document(tenders=[cash("20"), mpesa("50")])
        first = till.post(document)
        before = what_is_written()
        again = till.post(document)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert what_is_written() == before

    @pytest.mark.parametrize(
        "spelled_otherwise",
        [
            {"tenders": [{"type": "cash", "amount": "100.0", "reference": None}]},
            {"sold_at": "2026-06-23T09:00:00Z"},
            {"customer": None, "due_on": None},
        ],
        ids=["amount", "offset", "nothing as null"],
    )
    def test_however_it_is_spelled(self, till, a_document, spelled_otherwise):
        first = a_document(sold_at="2026-06-23T12:00:00+03:00")
        assert till.post(first).status_code == 201
        assert till.post({**first, **spelled_otherwise}).status_code == 200

    def test_also_when_it_was_late_and_has_become_too_late(self, till, a_document):
        document = a_document(sold_at="2026-06-17T12:00:00+03:00")
        assert till.post(document).status_code == 201
        with time_machine.travel(NOON + timedelta(days=3), tick=False):
            assert till.post(document).status_code == 200

    def test_also_when_it_was_voided_meanwhile(self, till, a_document, amina):
        document = a_document(tenders=[mpesa("65")])
        first = till.post(document)
        void = {"refund": Refund(CASH), "shop": Shop.current(), "voucher": a_voucher(amina, note="Wrong goods")}
        returns.void(Sale.objects.get().pk, **void)
        again = till.post(document)
        assert (again.status_code, again.json()) == (200, first.json())

    @pytest.mark.parametrize(
        "other",
        [
            {"tenders": [{"type": "cash", "amount": "65"}]},
            {"tenders": [{"type": "card", "amount": "65"}]},
            {"sold_at": "2026-06-23T11:59:59+03:00"},
        ],
        ids=["money", "means", "time"],
    )
    def test_with_other_content_is_409(self, till, a_document, other):
        document = a_document()
        number = till.post(document).json()["number"]
        error = till.refused({**document, **other}, status=409, code="client_ref_reused")
        message = f"This was kept already as {number}, with other content. Open it anew for something else."
        assert (error["message"], error["fields"]) == (message, {"client_ref": message})

    def test_with_other_goods_is_409_even_when_there_are_none_left(self, till, a_document, bread):
        document = a_document()
        till.post(document)
        too_many = {**document, "lines": [{"product": bread.pk, "quantity": "99"}]}
        till.refused(too_many, status=409, code="client_ref_reused")


class TestARefusalIs422:
    def test_when_the_books_hold_too_little(self, till, a_document, bread):
        lines = [{"product": bread.pk, "quantity": "11"}]
        error = till.refused(a_document(lines=lines, tenders=[cash("715")]), status=422, code="insufficient_stock")
        assert error["message"] == "The books say 10 of Bread 400 g, and 11 are wanted."
        assert error["fields"] == {"lines.0.quantity": error["message"]}

    @pytest.mark.parametrize(
        ("tenders", "message"),
        [
            ([], "The total is 65, and 65 of it is missing."),
            ([cash("64.99")], "The total is 65, and 0.01 of it is missing."),
            ([mpesa("70")], "The total is 65, and 70 was given. Change is given only for cash that was needed."),
            (
                [mpesa("65"), cash("5")],
                "The total is 65, and 70 was given. Change is given only for cash that was needed.",
            ),
            ([cash("9999999999.99")] * 2, "This is more money than the books can hold."),
        ],
        ids=["nothing", "a cent", "change for M-Pesa", "cash not needed", "more than all money"],
    )
    def test_when_the_tenders_do_not_match(self, till, a_document, tenders, message):
        error = till.refused(a_document(tenders=tenders), status=422, code="tenders_do_not_match")
        assert (error["message"], error["fields"]) == (message, {"tenders": message})

    def test_when_an_mpesa_code_was_used_before(self, till, a_document):
        number = till.post(a_document(tenders=[mpesa("65")])).json()["number"]
        tenders = [cash("5"), mpesa("60", " qbc2de3fg4 ")]
        error = till.refused(a_document(tenders=tenders), status=422, code="reference_used")
        assert error["message"] == f"M-Pesa code {CODE} was used already, for {number} on 23 Jun 2026, 12:00."
        assert error["fields"] == {"tenders.1.reference": error["message"]}

    @pytest.mark.parametrize(
        "twice", [[mpesa("30"), mpesa("35")], [on_account("30"), {**on_account("35"), "reference": "B"}]]
    )
    def test_when_one_tender_stands_there_twice(self, till, a_document, wanjiku, twice):
        document = a_document(tenders=twice, customer=wanjiku.pk)
        error = till.refused(document, status=422, code="invalid")
        assert error["fields"] == {"tenders": "The same tender stands there twice."}

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ({"unit_price": "64.99"}, "price_below_floor"),
            ({"unit_price": "0"}, "price_below_floor"),
            ({"discount": "0.01"}, "price_below_floor"),
            ({"unit_price": "66"}, "invalid"),
        ],
        ids=["lower", "free", "discount", "higher"],
    )
    def test_when_a_cashier_changes_a_price(self, till, a_document, bread, line, code):
        lines = [{"product": bread.pk, "quantity": "1", **line}]
        error = till.refused(a_document(lines=lines, tenders=[cash("66")]), status=422, code=code)
        assert list(error["fields"]) == ["lines.0.unit_price"]

    def test_when_a_manager_goes_below_the_floor(self, till_of, mwangi, a_document, bread):
        Product.objects.update(floor_price=60)
        lines = [{"product": bread.pk, "quantity": "1", "unit_price": "59.99"}]
        document = a_document(lines=lines, tenders=[cash("60")])
        error = till_of(mwangi).refused(document, status=422, code="price_below_floor")
        assert error["message"] == "Bread 400 g may not be sold below 60."

    def test_when_nobody_is_named_for_the_debt(self, till, a_document):
        error = till.refused(a_document(tenders=[on_account("65")]), status=422, code="invalid")
        assert error["fields"] == {"customer": "Choose a customer to sell on account."}

    def test_when_the_debt_is_over_the_limit(self, till, a_document):
        zawadi = a_customer("Zawadi", limit="64.99")
        document = a_document(tenders=[on_account("65")], customer=zawadi.pk)
        error = till.refused(document, status=422, code="credit_limit")
        assert error["message"] == "Zawadi owes 0 of at most 64.99; 65 more is too much."
        assert list(error["fields"]) == ["customer"]

    def test_when_goods_or_their_pack_are_not_on_sale(self, till, a_document, bread, sugar):
        sack = a_pack(sugar, "Sack", size=50_000, price="7500")
        crate = a_pack(bread, "Crate", is_active=False)
        for pack in (sack, crate):
            lines = [{"product": bread.pk, "pack": pack.pk, "quantity": "1"}]
            error = till.refused(a_document(lines=lines), status=422, code="invalid")
            assert list(error["fields"]) == ["lines.0.pack"]
        Product.objects.update(is_active=False)
        error = till.refused(a_document(), status=422, code="invalid")
        assert error["fields"] == {"lines.0.product": "Bread 400 g is not on sale."}


class TestTheDoor:
    def test_a_stranger_is_told_to_log_in_and_is_not_sent_to_a_page(self, till, a_document):
        till.client.logout()
        assert till.refused(a_document(), status=401, code="login_required")["message"] == "Log in first."
        till.refused(a_document(), status=401, code="login_required", token="")

    def test_a_cashier_who_was_sent_away_is_a_stranger_at_once(self, till, a_document, otieno):
        assert till.post(a_document()).status_code == 201
        type(otieno).objects.filter(pk=otieno.pk).update(is_active=False)
        till.refused(a_document(), status=401, code="login_required")

    def test_who_may_not_sell_is_told_so(self, till_of, baraka, a_document):
        till_of(baraka).refused(a_document(), status=403, code="forbidden")

    @pytest.mark.parametrize("token", ["", "d" * 32, "c"])
    def test_without_the_csrf_token_nothing_is_sold(self, till, a_document, token):
        till.refused(a_document(), status=403, code="csrf", token=token)

    @pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
    def test_only_post_sells(self, till, method):
        answer = getattr(till.client, method)("/till/sales/")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
