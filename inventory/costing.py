"""Moving average cost: arithmetic only.

8 at 10.00, then 4 more at 16.00, cost 12.00 each; selling 10 leaves 12.00; 2 more at 6.00 make it 9.00.
"""

from decimal import Decimal

from smartduka import money


def after_incoming(*, stock: int, average_cost: Decimal, quantity: int, unit_cost: Decimal) -> Decimal:
    """The average once `quantity` more (base units, as `stock`) came in at `unit_cost`.

    The incoming cost counts alone when the shelf was empty, or when what it held had no known cost.
    """
    if stock <= 0 or not average_cost:
        return money.to_cost(unit_cost)
    worth = stock * average_cost + quantity * unit_cost
    return money.to_cost(worth / (stock + quantity))


def after_removal(*, stock: int, average_cost: Decimal, quantity: int, unit_cost: Decimal) -> Decimal:
    """The average once `quantity` that came in at `unit_cost` is taken out again, as if it had never come.

    Stays as it is when nothing is left, or when what was received has been sold meanwhile at other costs, so
    that the rest would come out worth less than nothing.
    """
    left = stock - quantity
    worth = stock * average_cost - quantity * unit_cost
    return money.to_cost(worth / left) if left > 0 and worth >= 0 else average_cost
