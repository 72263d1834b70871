"""The database has the last word: around every door of Python, it refuses what cannot be true of a sale."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import ProtectedError

from sales import payments, prints, returns, sessions
from sales.models import Return, Sale
from sales.returns import Refund, ReturnedLine
from sales.tenders import CASH, MPESA
from smartduka.models import Shop
from smartduka.tests.builders import NOON, a_line, a_pack, a_sale, a_voucher, paid, what_is_written
from smartduka.tests.forgery import TWICE, forge, refused, rules_of

pytestmark = pytest.mark.django_db

# The rule, the row that is copied, and what is changed in the copy.
Case = tuple[str, str, dict[str, Any] | Callable[[SimpleNamespace], dict[str, Any]]]
UNLINKED = {"movement_id": None}

CHECKS: list[Case] = [
    ("sale_total_not_negative", "sale", {"total": -1}),
    ("sale_total_not_negative", "sale", {"subtotal": -1}),
    ("sale_line_quantity_positive", "line", {**UNLINKED, "quantity": 0}),
    ("sale_line_quantity_positive", "line", {**UNLINKED, "priced_per": 0}),
    ("sale_line_amounts_not_negative", "line", {**UNLINKED, "unit_price": -1}),
    ("sale_line_amounts_not_negative", "line", {**UNLINKED, "discount": -1}),
    ("sale_line_amounts_not_negative", "line", {**UNLINKED, "line_total": -1}),
    ("sale_line_amounts_not_negative", "line", {**UNLINKED, "line_cost": -1}),
    ("sale_line_asked_amount_fits", "line", {**UNLINKED, "asked_amount": 0, "line_total": 0}),
    ("sale_line_asked_amount_fits", "line", {**UNLINKED, "asked_amount": 194}),
    ("sale_line_asked_amount_fits", "line", lambda rows: {**UNLINKED, "asked_amount": 195, "pack_id": rows.tray.pk}),
    ("return_total_not_negative", "sale_return", {"total": -1}),
    ("return_total_not_negative", "sale_return", {"subtotal": -1}),
    ("return_has_a_reason", "sale_return", {"reason": ""}),
    ("return_voids_its_own_sale", "sale_return", lambda rows: {"voided_sale_id": rows.other_sale.pk}),
    ("return_line_quantity_positive", "return_line", {**UNLINKED, "quantity": 0, "returned_before": 2}),
    ("return_line_not_more_than_sold", "return_line", {**UNLINKED, "quantity": 2, "returned_before": 2}),
    ("return_line_amount_not_negative", "return_line", {**UNLINKED, "amount": -1, "returned_before": 1}),
    ("return_line_amount_not_negative", "return_line", {**UNLINKED, "cost": -1, "returned_before": 1}),
    ("payment_sign_fits", "payment", {"amount": 0}),
    ("payment_sign_fits", "payment", {"amount": -1}),
    ("payment_sign_fits", "payment", lambda rows: {"reverses_id": rows.payment.pk}),
    ("tender_has_one_cause", "tender", {"sale_id": None}),
    ("tender_has_one_cause", "tender", lambda rows: {"sale_return_id": rows.sale_return.pk}),
    ("tender_has_one_cause", "tender", lambda rows: {"payment_id": rows.payment.pk}),
    ("tender_amount_not_zero", "tender", {"amount": 0}),
    ("payment_code_released_when_empty", "code", lambda rows: {"code": None, "tender_id": rows.tender.pk}),
    ("receipt_print_counts_from_one", "receipt_print", {"ordinal": 0}),
    (
        "payment_code_released_when_empty",
        "code",
        lambda rows: {"code": "RBC2DE3FG4", "tender_id": rows.tender.pk, "released_at": NOON},
    ),
    ("till_session_open_or_closed", "session", {"closed_at": NOON}),
    ("till_session_open_or_closed", "session", {"counted": 0}),
    ("till_session_open_or_closed", "session", lambda rows: {"open_for_id": rows.voucher.by.pk}),
    ("till_session_cash_not_negative", "session", {"opening_float": -1}),
    ("cash_movement_amount_not_zero", "cash", {"amount": 0}),
    ("cash_movement_has_a_reason", "cash", {"reason": ""}),
]

ONCE: list[Case] = [
    ("a client_ref is one sale", "sale", {}),
    ("a client_ref is one return", "sale_return", {}),
    ("a sale is voided once", "void", {"client_ref": "00000000-0000-4000-8000-000000000000"}),
    ("a movement belongs to one sale line", "line", {}),
    ("a movement belongs to one return line", "return_line", {"returned_before": 1}),
    ("return_line_chain", "return_line", UNLINKED),
    ("a payment is reversed once", "reversal", {}),
    ("a ledger entry belongs to one tender", "debt", {}),
    ("receipt_print_once", "receipt_print", {}),
    ("payment_code_used_once", "code", lambda rows: {"tender_id": rows.tender.pk}),
    ("a tender has one code", "code", {"code": "RBC2DE3FG4"}),
    ("a person has one drawer open", "session", {"client_ref": "00000000-0000-4000-8000-000000000000"}),
    ("a client_ref moves cash once", "cash", {}),
]


@pytest.fixture
def rows(bread, wanjiku, otieno, amina) -> SimpleNamespace:
    """One of everything that can happen at a till."""
    mixed = [paid("20"), paid("75", "mpesa", "QBC2DE3FG4"), paid("100", "on_account")]
    sale = a_sale([a_line(bread, "3")], mixed, customer=wanjiku, by=otieno)
    other_sale = a_sale([a_line(bread)], [paid("65")], by=otieno)
    voided = a_sale([a_line(bread)], [paid("65")], by=otieno)
    line, voucher = sale.lines.get(), a_voucher(amina, note="Stale")
    how = {"refund": Refund(CASH), "shop": Shop.current(), "voucher": voucher}
    sale_return = returns.take_back(sale.pk, [ReturnedLine(line.pk, 1)], **how)
    payment = payments.receive_payment(wanjiku.pk, paid("10"), voucher)
    tender, mpesa, debt = sale.tenders.all()
    return SimpleNamespace(
        voucher=voucher,
        session=sale.till_session,
        cash=sessions.pay_in(sale.till_session_id, Decimal(20), voucher),
        sale=sale,
        other_sale=other_sale,
        line=line,
        tray=a_pack(bread, "Tray of 6", size=6, price="360"),
        receipt_print=prints.record(sale, at=NOON, by=otieno),
        tender=tender,
        code=mpesa.payment_code,
        debt=debt,
        sale_return=sale_return,
        return_line=sale_return.lines.get(),
        void=returns.void(voided.pk, **how),
        payment=payment,
        reversal=payments.reverse_payment(payment.pk, voucher),
    )


def changes_of(case: Any, rows: SimpleNamespace) -> dict[str, Any]:
    return case(rows) if callable(case) else case


@pytest.mark.parametrize(("rule", "row", "changes"), CHECKS)
def test_what_cannot_be_true_of_a_row_is_refused(rows, rule, row, changes):
    before = what_is_written()
    with refused(rule):
        forge(getattr(rows, row), **unique(row), **changes_of(changes, rows))
    assert what_is_written() == before


def unique(row: str) -> dict[str, Any]:
    """What must differ in a copy for no other reason than that it is a second row."""
    has_ref = row in ("sale", "sale_return")
    return {"client_ref": "00000000-0000-4000-8000-000000000000"} if has_ref else {}


@pytest.mark.parametrize(("rule", "row", "changes"), ONCE, ids=[rule for rule, *_ in ONCE])
def test_what_happens_once_is_refused_twice(rows, rule, row, changes):
    before = what_is_written()
    with refused(TWICE):
        forge(getattr(rows, row), **changes_of(changes, rows))
    assert what_is_written() == before


def test_every_rule_of_the_till_is_seen_to_hold():
    assert {rule for rule, *_ in CHECKS + ONCE if "_" in rule and " " not in rule} == rules_of("sales")


def test_a_released_code_may_be_empty_many_times(rows, otieno, bread):
    for code in ("RBC2DE3FG4", "SBC2DE3FG4"):
        sale = a_sale([a_line(bread)], [paid("65", "mpesa", code)], by=otieno)
        voucher = a_voucher(otieno, note="Stale")
        back = Refund(MPESA, f"BACK{code[:6]}")
        returns.void(sale.pk, refund=back, shop=Shop.current(), voucher=voucher)
    assert type(rows.code).objects.filter(code=None).count() == 2


@pytest.mark.parametrize("who", ["bread", "wanjiku", "otieno"])
def test_nothing_with_a_history_can_be_deleted(request, rows, who):
    before = what_is_written()
    with pytest.raises(ProtectedError):
        request.getfixturevalue(who).delete()
    assert what_is_written() == before
    assert (Sale.objects.count(), Return.objects.count()) == (3, 2)
