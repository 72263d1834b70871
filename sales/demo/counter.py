"""The demo's counter: what is asked for is sold, paid, and now and then brought back."""

from collections import deque
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from customers.models import Customer
from sales import pricing, returns
from sales.checkout import SaleRequest, complete_sale
from sales.demo import purse
from sales.demo.baskets import Baskets
from sales.demo.credit import CreditBook
from sales.demo.drawers import Drawers
from sales.demo.people import Duka
from sales.demo.shelf import Shelf
from sales.models import SaleLine
from sales.pricing import BasketLine
from sales.tenders import CASH, ON_ACCOUNT, Tendered
from smartduka.quantity import Unit

_ON_ACCOUNT, _KNOWN_BUT_CASH = 0.11, 0.15
"""Below the first chance somebody buys on account, below the second somebody who has no credit."""
_COMPLAINTS = (("The packet was torn", True), ("Took the wrong size", False), ("Bought one too many", False))
"""Why goods come back, and whether they are damaged."""
_NOTED = 0.03
_NOTES = ("Fetched at six", "For the school", "Owes us the crate", "Deliver to the salon")


class Counter:
    """Serves people from the shelf."""

    def __init__(self, duka: Duka, shelf: Shelf, credit: CreditBook, drawers: Drawers) -> None:
        self._duka, self._rng = duka, duka.rng
        self._shelf, self._credit, self._drawers = shelf, credit, drawers
        self._baskets = Baskets(duka, shelf)
        self._untouched: deque[int] = deque(maxlen=80)
        """The newest sales of which nothing came back, by primary key."""

    def serve(self, at: datetime) -> None:
        """One customer buys what there is of the things wanted; who finds nothing goes away."""
        customer, cashier = self._customer(), self._duka.at_till(at)
        may_change_price = cashier != self._duka.cashier
        lines = self._baskets.fill(at, customer, may_bargain=may_change_price)
        rights = pricing.Rights(may_change_price)
        priced = [
            pricing.price_line(line, self._shelf.products[line.product_id], rights=rights, field="lines")
            for line in lines
        ]
        total = pricing.totals(priced, rounding_step=self._duka.shop.rounding_step).total
        if not total:
            return
        request = SaleRequest(
            client_ref=UUID(int=self._rng.getrandbits(128), version=4),
            lines=lines,
            tenders=self._tenders(total, at, customer),
            customer_id=customer.pk if customer else None,
            due_on=self._credit.due_on(customer, timezone.localdate(at)) if customer else None,
            note=self._rng.choice(_NOTES) if self._rng.random() < _NOTED else "",
        )
        sale, _ = complete_sale(
            request, cashier=cashier, may_change_price=may_change_price, shop=self._duka.shop, now=at
        )
        self._untouched.append(sale.pk)
        for line in priced:
            self._shelf.left[line.product.pk] -= line.quantity

    def clear_out(self, at: datetime) -> None:
        """The owner lets bread of yesterday go for less than it may cost, and says why."""
        bread = next((each for each in self._shelf.products.values() if each.sku == "BREAD-WHITE-400G"), None)
        if bread is None or not self._shelf.left[bread.pk]:
            return
        price = bread.lowest_price // 2
        request = SaleRequest(
            client_ref=UUID(int=self._rng.getrandbits(128), version=4),
            lines=[BasketLine(bread.pk, Decimal(1), unit_price=price)],
            tenders=[Tendered(CASH, price)],
            override_reason="Yesterday's bread",
        )
        rights = {"may_change_price": True, "may_sell_below_floor": True}
        complete_sale(request, cashier=self._duka.owner, shop=self._duka.shop, now=at, **rights)
        self._shelf.left[bread.pk] -= 1

    def take_back(self, at: datetime) -> None:
        """Somebody brings one piece back, which cost little or nothing more than it was worth."""
        lines = SaleLine.objects.filter(
            sale__in=self._untouched, unit=Unit.PIECE, pack__isnull=True, movement__isnull=False
        )
        line = self._rng.choice(lines.order_by("pk")) if lines else None
        if line is None:
            return
        reason, is_damaged = self._rng.choice(_COMPLAINTS)
        returns.take_back(
            line.sale_id,
            [returns.ReturnedLine(line.pk, 1, is_damaged=is_damaged)],
            refund=returns.Refund(CASH, drawer=self._drawers.at_till(at)),
            shop=self._duka.shop,
            voucher=self._duka.voucher(at, self._duka.manager, reason),
        )
        self._untouched.remove(line.sale_id)
        self._look()

    def void(self, at: datetime) -> None:
        """The newest sale was a mistake."""
        if not self._untouched:
            return
        returns.void(
            self._untouched.pop(),
            refund=returns.Refund(CASH, drawer=self._drawers.at_till(at)),
            shop=self._duka.shop,
            voucher=self._duka.voucher(at, self._duka.manager, "Rung up twice"),
        )
        self._look()

    def _customer(self) -> Customer | None:
        chance = self._rng.random()
        if chance < _ON_ACCOUNT:
            return self._credit.next_buyer()
        return self._rng.choice(self._credit.cash_only) if chance < _KNOWN_BUT_CASH else None

    def _tenders(self, total: Decimal, at: datetime, customer: Customer | None) -> list[Tendered]:
        """On account as far as the shop trusts the customer, now and then with something paid down."""
        if customer is None or self._credit.room(customer) < total:
            return purse.pay(total, at, self._rng)
        down = total // 3 // 50 * 50 if self._rng.random() < 0.2 else Decimal(0)
        self._credit.charged(customer, total - down)
        on_account = Tendered(ON_ACCOUNT, total - down)
        return [Tendered(CASH, down), on_account] if down else [on_account]

    def _look(self) -> None:
        self._shelf.look()
        self._credit.look()
