"""The demo's credit book: who buys on account, until when, and who brings money."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle

from customers import ledger as customer_ledger
from customers.models import Customer
from sales import payments
from sales.demo import purse, rhythm
from sales.demo.goods import FRIDAY, SATURDAY
from sales.demo.people import Duka
from sales.tenders import CASH, Tendered
from smartduka import money

NEVER_PAY = ("Boda stage 2", "Mitumba stall 11", "Watchman, night gate")
"""They said "this evening", all of them."""


class CreditBook:
    """Whose turn it is to buy on account, and what everybody owes."""

    def __init__(self, duka: Duka) -> None:
        self._duka = duka
        customers = list(Customer.objects.active().order_by("pk"))
        self.cash_only = [each for each in customers if not each.credit_limit]
        with_credit = [each for each in customers if each.credit_limit]
        duka.rng.shuffle(with_credit)
        with_credit.sort(key=lambda each: each.name not in NEVER_PAY)
        self._payers = [each for each in with_credit if each.name not in NEVER_PAY]
        self._turns: Iterator[Customer] = cycle(with_credit)
        self._owed: dict[int, Decimal] = {}
        self._with_credit = with_credit

    def look(self) -> None:
        """See what everybody owes, as the books have it."""
        self._owed = customer_ledger.balances(self._with_credit)

    def next_buyer(self) -> Customer | None:
        return next(self._turns, None)

    def room(self, customer: Customer) -> Decimal:
        """How much more the customer may owe."""
        return customer.credit_limit - self._owed.get(customer.pk, money.ZERO)

    def charged(self, customer: Customer, amount: Decimal) -> None:
        self._owed[customer.pk] = self._owed.get(customer.pk, money.ZERO) + amount

    def due_on(self, customer: Customer, day: date) -> date:
        """This evening, in a week, or when the month ends."""
        month_end = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        chosen = self._duka.rng.choice((day, day + timedelta(days=7), day + timedelta(days=7), month_end))
        return day if customer.name in NEVER_PAY else chosen

    def repayments(self, day: date) -> list[tuple[Customer, datetime]]:
        """Who means to come with money that evening, and when."""
        share = 0.4 if rhythm.is_month_end(day) else 0.25 if day.weekday() in (FRIDAY, SATURDAY) else 0.06
        rng = self._duka.rng
        return [
            (customer, rhythm.at(day, rng.randint(17, 19), rng.randrange(60)))
            for customer in self._payers
            if rng.random() < share
        ]

    def repay(self, customer: Customer, at: datetime) -> None:
        """Everything, or about half."""
        rng, owed = self._duka.rng, self._owed.get(customer.pk, money.ZERO)
        if owed <= 0:
            return
        amount = owed if rng.random() < 0.6 else min(owed, purse.rounded_up(owed / 2, 50))
        tendered = purse.mpesa(amount, at, rng) if rng.random() < 0.6 else Tendered(CASH, amount)
        payments.receive_payment(customer.pk, tendered, self._duka.voucher(at, self._duka.at_till(at)))
        self.charged(customer, -amount)
