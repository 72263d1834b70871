"""What a basket comes to: arithmetic only, and the only place where a sale's money is computed.

A line is rounded to cents; a total is the sum of rounded lines, rounded to the shop's step, the difference a
line of its own. So the books tie out to the cent.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from inventory.models import Pack, Product
from smartduka import money, quantity
from smartduka.quantity import Unit
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class BasketLine:
    """What the till asks for: so many units of a product, so many of its packs, or as much as an amount buys.

    Either `quantity` or `asked_amount` is given: 0.125 kg of sugar, or sugar for 20. `unit_price` is what the till
    charges per unit or pack, None for the price on the shelf.
    """

    product_id: int
    quantity: Decimal | None = None
    pack: Pack | None = None
    unit_price: Decimal | None = None
    discount: Decimal = money.ZERO
    asked_amount: Decimal | None = None


@dataclass(frozen=True)
class PricedLine:
    """A basket line as it will be sold; `quantity` and `priced_per` are base units.

    `passed_floor` is the floor price where an owner charged less, and None elsewhere.
    """

    product: Product
    pack: Pack | None
    quantity: int
    sold_as: str
    priced_per: int
    list_price: Decimal
    unit_price: Decimal
    discount: Decimal
    asked_amount: Decimal | None = None
    passed_floor: Decimal | None = None

    @property
    def gross(self) -> Decimal:
        """Before the discount."""
        if self.asked_amount is not None:
            return self.asked_amount
        return amount(self.quantity, self.priced_per, self.unit_price)

    @property
    def total(self) -> Decimal:
        return self.gross - self.discount

    @property
    def charged(self) -> Decimal:
        """What one unit (or pack) comes to after the discount."""
        return money.to_cents(self.unit_price * self.total / self.gross) if self.gross else money.ZERO

    def is_below(self, lowest: Decimal) -> bool:
        """Whether less is charged than as much comes to at this price.

        By an amount, as much as it truly buys is meant: rounding that to whole base units makes nothing cheaper.
        """
        if self.asked_amount is None:
            return self.total < amount(self.quantity, self.priced_per, lowest)
        at_lowest = money.to_cents(self.asked_amount * lowest / self.unit_price)
        return self.unit_price < lowest or self.total < at_lowest


@dataclass(frozen=True)
class Rights:
    """What a cashier may do about prices, and why something is to go below its floor."""

    may_change_price: bool = False
    """Down to the floor, and up."""
    may_sell_below_floor: bool = False
    """For a reason."""
    reason: str = ""


@dataclass(frozen=True)
class Totals:
    """What a basket comes to: `total` = `subtotal` + `rounding`."""

    subtotal: Decimal
    rounding: Decimal
    total: Decimal


def price_line(line: BasketLine, product: Product, *, rights: Rights, field: str) -> PricedLine:
    """The line with its prices. `field` names it in refusals: "lines.0".

    Refuses a product or pack that is not on sale, parts of a piece, a discount above the line, and a price that
    this cashier may not charge: below the shelf's price without the right, or below the floor without the right and
    a reason.
    """
    pack, unit = line.pack, Unit(product.unit)
    _refuse_off_sale(product, pack, field)
    priced_per = pack.size if pack else unit.base_units
    list_price = pack.selling_price if pack else product.selling_price
    unit_price = list_price if line.unit_price is None else line.unit_price
    priced = PricedLine(
        product=product,
        pack=pack,
        quantity=_base_units(line, product, priced_per, unit_price, field),
        sold_as=pack.name if pack else unit.label,
        priced_per=priced_per,
        list_price=list_price,
        unit_price=unit_price,
        discount=line.discount,
        asked_amount=line.asked_amount,
    )
    priced = replace(priced, passed_floor=_passed_floor(priced, rights, field))
    if max(priced.total, quantity.price(priced.quantity, unit, product.unit_cost)) > money.LARGEST:
        raise Refusal.invalid(f"{field}.quantity", f"This is more {product.name} than a receipt can hold.")
    return priced


def totals(lines: list[PricedLine], *, rounding_step: int) -> Totals:
    """The sum of the lines, and the sum rounded to the shop's step."""
    subtotal = money.total(line.total for line in lines)
    total = money.round_to_step(subtotal, rounding_step)
    if total > money.LARGEST:
        raise Refusal.invalid("lines", "This sale is larger than the books can hold.")
    return Totals(subtotal, total - subtotal, total)


def amount(base: int, priced_per: int, unit_price: Decimal) -> Decimal:
    """What so many base units come to at a price for `priced_per` of them, in cents."""
    return money.to_cents(base * unit_price / priced_per)


def floor_price(product: Product, pack: Pack | None) -> Decimal:
    """The lowest price per unit (or pack) that may be charged without a reason.

    A pack may always be sold at its own price, and as low as its content at the product's floor.
    """
    if pack is None:
        return product.lowest_price
    if product.floor_price is None:
        return pack.selling_price
    return min(pack.selling_price, quantity.price(pack.size, product.unit, product.floor_price))


def share(total: Decimal, part: int, whole: int) -> Decimal:
    """The part's share of a total, in cents. Differences of growing shares add up to the total exactly."""
    return money.to_cents(total * part / whole)


def _refuse_off_sale(product: Product, pack: Pack | None, field: str) -> None:
    if not product.is_active:
        raise Refusal.invalid(f"{field}.product", f"{product.name} is not on sale.")
    if pack and (pack.product_id != product.pk or not pack.is_active):
        raise Refusal.invalid(f"{field}.pack", f"This pack of {product.name} is not on sale.")


def _base_units(line: BasketLine, product: Product, priced_per: int, unit_price: Decimal, field: str) -> int:
    """How much is sold, asked for either by quantity or by what it may cost."""
    if line.asked_amount is not None:
        return _bought(line, line.asked_amount, product, unit_price, f"{field}.amount")
    if line.quantity is None:
        raise Refusal.invalid(f"{field}.quantity", f"Say how much {product.name}: a quantity, or an amount of money.")
    try:
        return quantity.to_base(_whole_packs(line.quantity) if line.pack else line.quantity, priced_per)
    except ValueError as error:
        raise Refusal.invalid(f"{field}.quantity", f"{product.name}: {error}") from None


def _bought(line: BasketLine, asked: Decimal, product: Product, unit_price: Decimal, field: str) -> int:
    """As much as the amount buys. What is sold by the piece must come to whole ones, or 98 would buy two at 65."""
    name, unit = product.name, Unit(product.unit)
    if line.quantity is not None:
        raise Refusal.invalid(field, f"{name}: write a quantity or an amount of money, not both.")
    if line.pack:
        raise Refusal.invalid(field, f"{name}: packs are sold whole, and not by an amount of money.")
    if not unit_price:
        raise Refusal.invalid(field, f"{name} costs nothing: write a quantity.")
    bought = quantity.bought_for(asked, unit_price, unit.base_units)
    if not bought:
        raise Refusal.invalid(field, f"An amount of {money.show(asked)} is too little for any {name}.")
    if bought > quantity.LARGEST:
        raise Refusal.invalid(field, f"{name}: This quantity is too large.")
    if unit is Unit.PIECE and bought * unit_price != asked:
        raise Refusal.invalid(field, f"{name} is sold whole: {money.show(asked)} is no number of them.")
    return bought


def _whole_packs(packs: Decimal) -> Decimal:
    if packs != packs.to_integral_value():
        raise ValueError("Packs are sold whole: write a whole number, or sell by the unit.")
    return packs


def _passed_floor(line: PricedLine, rights: Rights, field: str) -> Decimal | None:
    """The floor below which the line goes, for a reason and by who may; None when it stays above.

    Who may change a price may go down to the floor, and up; everybody else charges the shelf's price.
    """
    name = line.product.name
    if line.discount > line.gross:
        raise Refusal.invalid(f"{field}.discount", f"The discount on {name} is more than its price.")
    lowest = floor_price(line.product, line.pack) if rights.may_change_price else line.list_price
    if line.is_below(lowest):
        _refuse_below(lowest, line, rights, field)
        return lowest
    if line.unit_price > line.list_price and not rights.may_change_price:
        message = f"{name} costs {money.show(line.list_price)}: changing a price is for a manager."
        raise Refusal.invalid(f"{field}.unit_price", message)
    return None


def _refuse_below(lowest: Decimal, line: PricedLine, rights: Rights, field: str) -> None:
    """Unless who may do it says why."""
    name, asked_for = line.product.name, f"{field}.unit_price"
    if not (rights.may_change_price and rights.may_sell_below_floor):
        message = f"{name} may not be sold below {money.show(lowest)}" + (
            "." if rights.may_change_price else " by you: changing a price is for a manager."
        )
        raise Refusal("price_below_floor", message, {asked_for: message})
    if not rights.reason:
        message = f"{name} goes below its floor of {money.show(lowest)}: write why."
        raise Refusal("price_below_floor", message, {asked_for: message, "override_reason": message})
