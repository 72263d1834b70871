"""A small shop in which one of everything happened, and a forger with a database tool."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from customers.models import Customer
from inventory.models import Product
from sales import books, payments, returns
from sales.models import Payment, Return, Sale
from sales.tenders import CASH, MPESA
from smartduka.models import Shop
from smartduka.tests.builders import a_line, a_product, a_sale, a_voucher, paid


@dataclass
class Trade:
    """What happened."""

    bread: Product
    cash_sale: Sale
    credit_sale: Sale
    sale_return: Return
    payment: Payment
    reversal: Payment


def a_trade(amina: User, otieno: User, wanjiku: Customer) -> Trade:
    shop = Shop.current()
    bread = a_product("Bread 400 g", stock="10", price="65", cost="50", by=amina)
    sugar = a_product("Sugar", stock="5", price="162", cost="130", unit="kilogram", by=amina)
    airtime = a_product("Airtime 50", price="50", cost="48", is_counted=False, by=amina)
    cash_sale = a_sale([a_line(bread, "2"), a_line(sugar, "0.125"), a_line(airtime)], [paid("500")], by=otieno)
    credit_sale = a_sale(
        [a_line(bread, "3")],
        [paid("95", "mpesa", "QBC2DE3FG4"), paid("100", "on_account")],
        customer=wanjiku,
        by=otieno,
    )
    line = cash_sale.lines.first()
    sale_return = returns.take_back(
        cash_sale.pk,
        [returns.ReturnedLine(line.pk, 1)],
        refund=returns.Refund(CASH),
        shop=shop,
        voucher=a_voucher(amina, note="One too many"),
    )
    voided = a_sale([a_line(bread)], [paid("65", "mpesa", "QBC2DE3FG5")], by=otieno)
    sent_back = returns.Refund(MPESA, "QBC2DE3FG6")
    returns.void(voided.pk, refund=sent_back, shop=shop, voucher=a_voucher(amina, note="Rung up twice"))
    payment = payments.receive_payment(wanjiku.pk, paid("60"), a_voucher(otieno))
    mistaken = payments.receive_payment(wanjiku.pk, paid("5"), a_voucher(otieno))
    reversal = payments.reverse_payment(mistaken.pk, a_voucher(amina, note="Not hers"))
    return Trade(bread, cash_sale, credit_sale, sale_return, payment, reversal)


def forge(row: models.Model, **values: Any) -> None:
    """Change a fact behind the ledger's back, as a person with a database tool would."""
    changed = models.QuerySet(type(row)).filter(pk=row.pk).update(**values)
    assert changed == 1


def lose(row: models.Model) -> None:
    """Delete a fact behind the ledger's back."""
    rows = models.QuerySet(type(row)).filter(pk=row.pk)
    assert rows._raw_delete(rows.db) == 1


def differences() -> list[str]:
    return list(books.audit())
