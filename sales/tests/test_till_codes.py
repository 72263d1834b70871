"""A transaction code is asked about before money is taken for it."""

import pytest

from sales import payments, returns
from sales.returns import Refund
from sales.tenders import MPESA
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_sale, a_voucher, paid

pytestmark = pytest.mark.django_db

CODE = "QBC2DE3FG4"


def ask(till, code: str = CODE, kind: str = "mpesa"):
    return till.client.get("/till/codes.json", {"type": kind, "code": code})


def test_a_code_that_nobody_used_is_free(till):
    answer = ask(till)
    assert (answer.status_code, answer.json()) == (200, {"used": None})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("typed", [CODE, " qbc2de3fg4 "])
def test_a_code_that_is_in_use_names_the_first_sale_and_its_time(till, bread, otieno, typed):
    sale = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
    used = f"M-Pesa code {CODE} was used already, for {sale.number} on 23 Jun 2026, 12:00."
    assert ask(till, typed).json() == {"used": used}
    assert ask(till, "QBC2DE3FG5").json() == {"used": None}


def test_a_code_that_paid_a_debt_names_that(till, wanjiku, otieno):
    payment = payments.receive_payment(wanjiku.pk, paid("20", "mpesa", CODE), a_voucher(otieno))
    assert f"for {payment.number} on" in ask(till).json()["used"]


def test_a_code_whose_money_was_sent_back_is_free_again(till, bread, otieno, amina):
    sale = a_sale([a_line(bread)], [paid("65", "mpesa", CODE)], by=otieno)
    voucher = a_voucher(amina, note="Rung up twice")
    sent_back = Refund(MPESA, "QBC2DE3FG9")
    undone = returns.void(sale.pk, refund=sent_back, shop=Shop.current(), voucher=voucher)
    assert ask(till).json() == {"used": None}
    assert f"for {undone.number} on" in ask(till, "QBC2DE3FG9").json()["used"]


@pytest.mark.parametrize(
    ("kind", "code", "field"),
    [
        *(("mpesa", code, "code") for code in ("", " ", "QBC2DE3FG", "QBC2DE3FG45", "QBC2 DE3FG", "QBC2DE3FG\0")),
        *(("mpesa", code, "code") for code in ("é" * 10, "x" * 5000, "\N{ARABIC-INDIC DIGIT ONE}" * 10)),
        ("cash", CODE, "type"),
        ("", CODE, "type"),
        ("cheque", CODE, "type"),
        ("\0", CODE, "type"),
    ],
    ids=lambda given: f"{given!r:.14}",
)  # fmt: skip
def test_a_code_of_another_shape_is_422_and_the_field_is_named(till, kind, code, field):
    answer = ask(till, code, kind)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == (422, "invalid", [field])


@pytest.mark.parametrize("query", ["", "?type=mpesa", f"?code={CODE}"])
def test_half_a_question_is_422(till, query):
    assert till.get(f"/till/codes.json{query}").status_code == 422
