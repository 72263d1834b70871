"""What a customer of the demo puts on the counter."""

from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from itertools import accumulate

from django.utils import timezone

from customers.models import Customer
from inventory.models import Pack, Product
from sales.demo import goods
from sales.demo.people import Duka
from sales.demo.shelf import Shelf
from sales.pricing import BasketLine
from smartduka import quantity
from smartduka.quantity import Unit

WHOLESALE_LIMIT = 8000
"""Who may owe that much feeds many people, and buys by the pack."""

_LINES, _LINES_WEIGHTS = (1, 2, 3, 4, 5, 6, 8), (36, 27, 17, 10, 6, 3, 1)
_BARGAINS = 0.3
_BY_SHILLINGS = 0.25
"""Of the loose goods; the sums are those that people say."""
_SUMS = (10, 10, 20, 20, 20, 30, 50, 50, 100)
_PACKS, _PACKS_WHOLESALE = 0.08, 0.4
_DEAREST_PACK = 600
"""What an ordinary customer buys by the pack costs at most this."""


class Baskets:
    """Fills baskets with what is asked for at that hour, as far as the shelf has it."""

    def __init__(self, duka: Duka, shelf: Shelf) -> None:
        self._rng, self._shelf = duka.rng, shelf
        self._products = list(shelf.products.values())
        self._weights = {
            wanted: self._cumulated(wanted) for wanted in (goods.MORNING, goods.AFTERNOON, goods.EVENING)
        }

    def fill(self, at: datetime, customer: Customer | None, *, may_bargain: bool) -> list[BasketLine]:
        """A few different goods; none when the shelf has nothing of what was wanted."""
        hour = timezone.localtime(at).hour
        wanted = goods.MORNING if hour < 11 else goods.AFTERNOON if hour < 16 else goods.EVENING
        count = self._rng.choices(_LINES, _LINES_WEIGHTS)[0]
        chosen = dict.fromkeys(self._rng.choices(self._products, cum_weights=self._weights[wanted], k=count))
        is_wholesale = customer is not None and customer.credit_limit >= WHOLESALE_LIMIT
        lines = (self._line(each, is_wholesale=is_wholesale, may_bargain=may_bargain) for each in chosen)
        return [line for line in lines if line]

    def _cumulated(self, wanted: frozenset[str]) -> list[float]:
        weights = (goods.habit(p).weight * (2 if p.category.name in wanted else 1) for p in self._products)
        return list(accumulate(weights))

    def _line(self, product: Product, *, is_wholesale: bool, may_bargain: bool) -> BasketLine | None:
        pack = self._pack(product, is_wholesale=is_wholesale)
        if pack:
            return BasketLine(product.pk, Decimal(1), pack)
        portions = goods.habit(product).portions
        base = max(portions) * self._rng.randint(1, 4) if is_wholesale else self._rng.choice(portions)
        if product.unit != Unit.PIECE and not is_wholesale and self._rng.random() < _BY_SHILLINGS:
            return self._by_shillings(product)
        if product.is_counted and self._shelf.left[product.pk] < base:
            base = min(portions)
            if self._shelf.left[product.pk] < base:
                return None
        units = quantity.to_units(base, product.unit)
        if not may_bargain or product.floor_price is None or self._rng.random() >= _BARGAINS:
            return BasketLine(product.pk, units)
        if self._rng.random() < 0.5:
            return BasketLine(product.pk, units, unit_price=product.floor_price)
        room = units * (product.selling_price - product.floor_price)
        return BasketLine(product.pk, units, discount=room.to_integral_value(ROUND_FLOOR))

    def _by_shillings(self, product: Product) -> BasketLine | None:
        """Sugar for twenty."""
        asked = Decimal(self._rng.choice(_SUMS))
        bought = quantity.bought_for(asked, product.selling_price, Unit(product.unit).base_units)
        return BasketLine(product.pk, asked_amount=asked) if bought <= self._shelf.left[product.pk] else None

    def _pack(self, product: Product, *, is_wholesale: bool) -> Pack | None:
        if self._rng.random() >= (_PACKS_WHOLESALE if is_wholesale else _PACKS):
            return None
        affordable = [
            pack
            for pack in self._shelf.packs[product.pk]
            if pack.size <= self._shelf.left[product.pk] and (is_wholesale or pack.selling_price <= _DEAREST_PACK)
        ]
        return self._rng.choice(affordable) if affordable else None
