"""What a basket comes to: arithmetic only, and the only place where a sale's money is computed.

A line is rounded to cents; a total is the sum of rounded lines, rounded to the shop's step, the difference a
line of its own. So the books tie out to the cent.
"""

from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Pack, Product
from smartduka import money, quantity
from smartduka.quantity import Unit
from smartduka.refusals import Refusal


@dataclass(frozen=True)
class BasketLine:
    """What the till asks for: so many units of a product, or so many of its packs.

    `unit_price` is what the till charges per unit or pack, None for the price on the shelf.
    """

    product_id: int
    quantity: Decimal
    pack: Pack | None = None
    unit_price: Decimal | None = None
    discount: Decimal = money.ZERO


@dataclass(frozen=True)
class PricedLine:
    """A basket line as it will be sold; `quantity` and `priced_per` are base units."""

    product: Product
    pack: Pack | None
    quantity: int
    sold_as: str
    priced_per: int
    list_price: Decimal
    unit_price: Decimal
    discount: Decimal
    total: Decimal


@dataclass(frozen=True)
class Totals:
    """What a basket comes to: `total` = `subtotal` + `rounding`."""

    subtotal: Decimal
    rounding: Decimal
    total: Decimal


def price_line(line: BasketLine, product: Product, *, may_change_price: bool, field: str) -> PricedLine:
    """The line with its prices. `field` names it in refusals: "lines.0".

    Refuses a product or pack that is not on sale, parts of a piece, a discount above the line, and a price that
    this cashier may not charge: below the shelf's price without the right, or below the floor for anybody.
    """
    pack, name = line.pack, product.name
    if not product.is_active:
        raise _invalid(f"{field}.product", f"{name} is not on sale.")
    if pack and (pack.product_id != product.pk or not pack.is_active):
        raise _invalid(f"{field}.pack", f"This pack of {name} is not on sale.")
    unit = Unit(product.unit)
    priced_per = pack.size if pack else unit.base_units
    try:
        base = quantity.to_base(_whole_packs(line.quantity) if pack else line.quantity, priced_per)
    except ValueError as error:
        raise _invalid(f"{field}.quantity", f"{name}: {error}") from None
    list_price = pack.selling_price if pack else product.selling_price
    unit_price = list_price if line.unit_price is None else line.unit_price
    gross = amount(base, priced_per, unit_price)
    if line.discount > gross:
        raise _invalid(f"{field}.discount", f"The discount on {name} is more than its price.")
    total = gross - line.discount
    lowest = floor_price(product, pack) if may_change_price else list_price
    if total < amount(base, priced_per, lowest):
        message = f"{name} may not be sold below {money.show(lowest)}" + (
            "." if may_change_price else " by you: changing a price is for a manager."
        )
        raise Refusal("price_below_floor", message, {f"{field}.unit_price": message})
    if unit_price > list_price and not may_change_price:
        raise _invalid(
            f"{field}.unit_price",
            f"{name} costs {money.show(list_price)}: changing a price is for a manager.",
        )
    if max(total, quantity.price(base, unit, product.unit_cost)) > money.LARGEST:
        raise _invalid(f"{field}.quantity", f"This is more {name} than a receipt can hold.")
    return PricedLine(
        product=product,
        pack=pack,
        quantity=base,
        sold_as=pack.name if pack else unit.label,
        priced_per=priced_per,
        list_price=list_price,
        unit_price=unit_price,
        discount=line.discount,
        total=total,
    )


def totals(lines: list[PricedLine], *, rounding_step: int) -> Totals:
    """The sum of the lines, and the sum rounded to the shop's step."""
    subtotal = money.total(line.total for line in lines)
    total = money.round_to_step(subtotal, rounding_step)
    if total > money.LARGEST:
        raise _invalid("lines", "This sale is larger than the books can hold.")
    return Totals(subtotal, total - subtotal, total)


def amount(base: int, priced_per: int, unit_price: Decimal) -> Decimal:
    """What so many base units come to at a price for `priced_per` of them, in cents."""
    return money.to_cents(base * unit_price / priced_per)


def floor_price(product: Product, pack: Pack | None) -> Decimal:
    """The lowest price per unit (or pack) that anybody may charge.

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


def _whole_packs(packs: Decimal) -> Decimal:
    if packs != packs.to_integral_value():
        raise ValueError("Packs are sold whole: write a whole number, or sell by the unit.")
    return packs


def _invalid(field: str, message: str) -> Refusal:
    return Refusal("invalid", message, {field: message})
