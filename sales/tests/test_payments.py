"""Money that customers bring for their debts: it lowers them, once, and a mistake is answered by its opposite."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse as address_of

from customers import ledger as customer_ledger
from sales import payments, returns
from sales.models import Payment, PaymentCode
from sales.returns import Refund
from sales.tenders import MPESA
from smartduka.models import Shop
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON, a_line, a_sale, a_voucher, paid, what_is_written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books_that_tie_out")]

CODE = "QBC2DE3FG4"


@pytest.fixture
def debt(bread, wanjiku, otieno):
    """Wanjiku owes for two breads."""
    return a_sale([a_line(bread, "2")], [paid("130", "on_account")], customer=wanjiku, by=otieno)


@pytest.fixture
def pay(wanjiku, otieno):
    def pay(amount, kind="cash", reference="", note=""):
        return payments.receive_payment(wanjiku.pk, paid(amount, kind, reference), a_voucher(otieno, note=note))

    return pay


@pytest.fixture
def reverse(amina):
    return lambda payment: payments.reverse_payment(payment.pk, a_voucher(amina, note="Wrong customer"))


def refused(work, code="invalid") -> Refusal:
    before = what_is_written()
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code
    assert what_is_written() == before
    return caught.value


def test_a_payment_lowers_the_debt(debt, pay, wanjiku, otieno):
    payment = pay("100", "mpesa", CODE, note="Sent by her son")
    assert payment.number.startswith("P-")
    assert (payment.amount, payment.note) == (Decimal(100), "Sent by her son")
    assert (payment.received_at, payment.received_on, payment.received_by) == (NOON, NOON.date(), otieno)
    tender = payment.tenders.get()
    assert (tender.type, tender.amount, tender.reference) == ("mpesa", Decimal(100), CODE)
    entry = tender.ledger_entry
    assert (entry.kind, entry.amount, entry.reference) == ("payment", Decimal(-100), payment.number)
    assert customer_ledger.balance(wanjiku) == Decimal("30.00")


def test_more_than_is_owed_becomes_credit_that_buys_again(debt, pay, bread, wanjiku, otieno):
    pay("200")
    assert customer_ledger.balance(wanjiku) == Decimal("-70.00")
    a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
    assert customer_ledger.balance(wanjiku) == Decimal("-5.00")


def test_who_has_no_credit_may_pay_ahead_and_buy_for_that(bread, juma, otieno):
    payments.receive_payment(juma.pk, paid("100"), a_voucher(otieno))
    a_sale([a_line(bread)], [paid("65", "on_account")], customer=juma, by=otieno)
    assert customer_ledger.balance(juma) == Decimal("-35.00")


class TestATransactionCode:
    def test_of_a_sale_pays_no_debt(self, bread, otieno, pay):
        sale = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        refusal = refused(lambda: pay("65", "mpesa", CODE), "reference_used")
        assert refusal.message == f"M-Pesa code {CODE} was used already, for {sale.number} on 23 Jun 2026, 12:00."

    def test_of_a_payment_pays_no_sale(self, bread, otieno, pay):
        payment = pay("65", "mpesa", CODE)
        mpesa = [paid("65", "mpesa", CODE)]
        refusal = refused(lambda: a_sale([a_line(bread)], mpesa, by=otieno), "reference_used")
        assert refusal.message == f"M-Pesa code {CODE} was used already, for {payment.number} on 23 Jun 2026, 12:00."

    def test_of_a_payment_pays_no_other_debt(self, pay):
        pay("65", "mpesa", CODE)
        refused(lambda: pay("65", "mpesa", CODE), "reference_used")

    def test_is_free_once_its_payment_is_reversed(self, pay, reverse, bread, otieno):
        first = pay("65", "mpesa", CODE)
        reverse(first)
        sale = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        assert PaymentCode.objects.get(code=CODE).tender.sale == sale
        assert first.tenders.get().reference == CODE

    def test_is_free_for_a_payment_once_its_sale_is_void_and_the_money_went_back(self, pay, bread, otieno, amina):
        sale = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
        voucher = a_voucher(amina, note="Meant for her debt")
        back = Refund(MPESA, "RBC2DE3FG4")
        done = returns.void(sale.pk, refund=back, shop=Shop.current(), voucher=voucher)
        refusal = refused(lambda: pay("65", "mpesa", "RBC2DE3FG4"), "reference_used")
        assert f"was used already, for {done.number} on 23 Jun 2026, 12:00." in refusal.message
        assert refusal.fields == {"reference": refusal.message}
        assert pay("65", "mpesa", CODE).tenders.get().payment_code.code == CODE

    def test_does_not_matter_where_the_money_has_none(self, pay):
        pay("10", "bank", "SLIP 7")
        pay("10", "bank", "SLIP 7")
        assert not PaymentCode.objects.exists()


class TestAReversal:
    def test_brings_the_debt_back(self, debt, pay, reverse, wanjiku, amina):
        payment = pay("100", "mpesa", CODE)
        reversal = reverse(payment)
        assert (reversal.amount, reversal.reverses, reversal.note) == (Decimal(-100), payment, "Wrong customer")
        tender = reversal.tenders.get()
        assert (tender.type, tender.amount, tender.reference) == ("mpesa", Decimal(-100), CODE)
        assert (tender.ledger_entry.kind, tender.ledger_entry.amount) == ("reversal", Decimal(100))
        assert tender.ledger_entry.reverses == payment.tenders.get().ledger_entry
        assert customer_ledger.balance(wanjiku) == Decimal("130.00")
        assert Payment.objects.count() == 2

    def test_is_made_once(self, pay, reverse):
        payment = pay("100")
        reversal = reverse(payment)
        assert refused(lambda: reverse(payment)).message == f"{payment.number} is reversed already."
        assert refused(lambda: reverse(reversal)).message == "There is no such payment."

    def test_takes_a_debt_over_the_limit_if_it_must(self, pay, reverse, bread, wanjiku, otieno):
        payment = pay("100")
        type(wanjiku).objects.update(credit_limit=0)
        a_sale([a_line(bread)], [paid("65", "on_account")], customer=wanjiku, by=otieno)
        reverse(payment)
        assert customer_ledger.balance(wanjiku) == Decimal("65.00")


class TestARefusal:
    def test_to_pay_a_debt_with_a_debt(self, debt, pay):
        assert refused(lambda: pay("10", "on_account")).fields == {"type": "A debt cannot be paid on account."}

    @pytest.mark.parametrize("amount", ["0", "-1"])
    def test_to_pay_nothing(self, debt, pay, amount):
        assert refused(lambda: pay(amount)).fields == {"amount": "The amount must be more than zero."}

    def test_of_somebody_who_is_not_there(self, otieno):
        refusal = refused(lambda: payments.receive_payment(2**62, paid("10"), a_voucher(otieno)))
        assert refusal.message == "There is no such customer."

    def test_to_reverse_what_is_not_there(self, amina):
        refusal = refused(lambda: payments.reverse_payment(2**62, a_voucher(amina)))
        assert refusal.message == "There is no such payment."


class TestTheSamePaymentAgain:
    def test_is_received_once(self, debt, wanjiku, otieno):
        ref = uuid4()
        again = partial(payments.receive_payment, wanjiku.pk, paid("50"), a_voucher(otieno), client_ref=ref)
        first = again()
        before = what_is_written()
        assert again() == first
        assert what_is_written() == before
        assert customer_ledger.balance(wanjiku) == Decimal(80)

    def test_also_when_its_code_is_in_use_by_itself(self, debt, wanjiku, otieno):
        sent = paid("50", "mpesa", CODE)
        again = partial(payments.receive_payment, wanjiku.pk, sent, a_voucher(otieno), client_ref=uuid4())
        assert again() == again()

    @pytest.mark.parametrize(
        ("other", "note"),
        [
            (paid("60"), ""),
            (paid("50", "bank"), ""),
            (paid("50", "cash", "found"), ""),
            (paid("50", "mpesa", CODE), ""),
            (paid("50"), "hers"),
        ],
        ids=["amount", "means", "reference", "means and code", "note"],
    )
    def test_with_other_content_is_refused(self, debt, wanjiku, otieno, other, note):
        ref = uuid4()
        payments.receive_payment(wanjiku.pk, paid("50"), a_voucher(otieno), client_ref=ref)
        voucher = a_voucher(otieno, note=note)
        again = partial(payments.receive_payment, wanjiku.pk, other, voucher, client_ref=ref)
        refused(again, code="client_ref_reused")

    def test_of_another_customer_is_refused(self, debt, wanjiku, juma, otieno):
        ref = uuid4()
        payments.receive_payment(wanjiku.pk, paid("50"), a_voucher(otieno), client_ref=ref)
        other = partial(payments.receive_payment, juma.pk, paid("50"), a_voucher(otieno), client_ref=ref)
        refused(other, code="client_ref_reused")

    def test_from_the_page_pressed_twice_is_received_once(self, debt, wanjiku, otieno, browser_of):
        page = browser_of(otieno)
        address = address_of("customer-payment", args=[wanjiku.pk])
        form = page.get(address).context["form"]
        words = {
            "client_ref": str(form["client_ref"].value()),
            "amount": "50",
            "type": "cash",
            "csrfmiddlewaretoken": page.cookies["csrftoken"].value,
        }
        assert [page.post(address, words).status_code for _ in range(2)] == [302, 302]
        assert Payment.objects.count() == 1
