"""The shelf: goods, what they cost, and why their stock changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from smartduka.tests.model.numbers import Refused, nearest


@dataclass(frozen=True)
class Pack:
    name: str
    size: int
    price: int


@dataclass
class Goods:
    """One product. Prices are cents per unit, `cost` is ten-thousandths of a shilling per unit, 0 when unknown."""

    sku: str
    unit: str
    price: int
    buying: int
    floor: int | None = None
    packs: tuple[Pack, ...] = ()
    is_counted: bool = True
    stock: int = 0
    cost: int = 0
    last_sold_at: datetime | None = None

    @property
    def per(self) -> int:
        """How many base units make one unit."""
        return 1 if self.unit == "piece" else 1000

    def cost_now(self) -> int:
        """What one unit that leaves now has cost; what it was last bought for, when nothing better is known."""
        return self.cost if self.is_counted and self.cost else 100 * self.buying

    def worth(self, quantity: int, cost: int) -> int:
        """What so many base units are worth in cents."""
        return nearest(quantity * cost, 100 * self.per)


@dataclass
class Movement:
    goods: Goods
    quantity: int
    after: int
    cost: int
    value: int
    reason: str
    is_reversed: bool = False


@dataclass
class Delivered:
    """One line of a delivery: `cost` cents for `cost_for` base units."""

    goods: Goods
    quantity: int
    cost: int
    cost_for: int

    @property
    def total(self) -> int:
        return nearest(self.quantity * self.cost, self.cost_for)

    @property
    def unit_cost(self) -> int:
        return nearest(self.goods.per * self.cost * 100, self.cost_for)


@dataclass
class Shelf:
    """The stock ledger."""

    goods: dict[str, Goods]
    movements: list[Movement] = field(default_factory=list)
    receipts: list[tuple[int, list[Delivered]]] = field(default_factory=list)

    def receive(self, lines: Sequence[Delivered]) -> list[Movement]:
        """Goods come in, and each product's buying price becomes what it cost now, unless it was free."""
        if not all(line.goods.is_counted for line in lines):
            raise Refused
        self.receipts.append((sum(line.total for line in lines), list(lines)))
        for line in lines:
            if line.cost:
                line.goods.buying = nearest(line.unit_cost, 100)
        return [self.move(line.goods, line.quantity, "receipt", line.unit_cost) for line in lines]

    def write_off(self, goods: Goods, quantity: int) -> Movement:
        if not goods.is_counted:
            raise Refused
        self.refuse_shortage([(goods, quantity)])
        return self.move(goods, -quantity, "write_off")

    def count(self, goods: Goods, counted: int) -> Movement:
        if not goods.is_counted:
            raise Refused
        return self.move(goods, counted - goods.stock, "count")

    def reverse(self, movement: Movement) -> Movement:
        """The opposite of a movement, at its cost, once."""
        if movement.is_reversed or movement.reason == "reversal" or not movement.quantity:
            raise Refused
        self.refuse_shortage([(movement.goods, movement.quantity)])
        movement.is_reversed = True
        return self.move(movement.goods, -movement.quantity, "reversal", movement.cost)

    def refuse_shortage(self, leaving: Sequence[tuple[Goods, int]]) -> None:
        """All that leaves together must be there together."""
        wanted: Counter[str] = Counter()
        for goods, quantity in leaving:
            wanted[goods.sku] += quantity
        if any(self.goods[sku].stock < quantity for sku, quantity in wanted.items()):
            raise Refused("insufficient_stock")

    def move(self, goods: Goods, quantity: int, reason: str, cost: int | None = None) -> Movement:
        """Only goods that move at a cost of their own move the average."""
        if cost is None:
            cost = goods.cost_now()
        elif quantity > 0:
            goods.cost = _mixed(goods, quantity, cost)
        else:
            goods.cost = _unmixed(goods, -quantity, cost)
        goods.stock += quantity
        movement = Movement(goods, quantity, goods.stock, cost, goods.worth(quantity, cost), reason)
        self.movements.append(movement)
        return movement


def _mixed(goods: Goods, quantity: int, cost: int) -> int:
    """The average with what comes in; the new cost alone, when nothing was there or nobody knew what it cost."""
    if not goods.stock or not goods.cost:
        return cost
    return nearest(goods.stock * goods.cost + quantity * cost, goods.stock + quantity)


def _unmixed(goods: Goods, quantity: int, cost: int) -> int:
    """The average as if the goods had never come; as it was, when that leaves nothing, or less than nothing."""
    left, worth = goods.stock - quantity, goods.stock * goods.cost - quantity * cost
    return nearest(worth, left) if left and worth >= 0 else goods.cost
