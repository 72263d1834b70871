"""What the people around this duka buy, in which portions, and who brings it."""

from collections.abc import Mapping
from typing import NamedTuple

from inventory.models import Product
from smartduka.quantity import Unit


class Habit(NamedTuple):
    """How often a product is asked for, where most goods have 1, and how many base units at a time."""

    weight: float
    portions: tuple[int, ...]


BY_UNIT = {
    Unit.PIECE: Habit(1, (1, 1, 1, 2)),
    Unit.KILOGRAM: Habit(3, (250, 500, 500, 1000)),
    Unit.LITRE: Habit(3, (250, 500, 1000)),
    Unit.METRE: Habit(0.5, (1000, 2000, 3000)),
}

HABITS: Mapping[str, Habit] = {
    "AIRTIME-20": Habit(9, (1, 1, 2)),
    "AIRTIME-50": Habit(6, (1,)),
    "AIRTIME-100": Habit(3, (1,)),
    "BANANA": Habit(6, (1, 2, 3, 4)),
    "BAR-SOAP-HALF": Habit(5, (1, 1, 2)),
    "BATTERY-AA": Habit(2, (2, 2, 4)),
    "BEANS-LOOSE": Habit(5, (250, 500, 500, 1000)),
    "BISCUITS-40G": Habit(5, (1, 2, 3)),
    "BOOK-48": Habit(3, (1, 1, 2, 4)),
    "BREAD-WHITE-400G": Habit(14, (1, 1, 1, 2)),
    "BREAD-BROWN-400G": Habit(3, (1,)),
    "BREAD-200G": Habit(4, (1, 1, 2)),
    "CANDLE": Habit(3, (1, 2)),
    "CHARCOAL-TIN": Habit(7, (1, 1, 2)),
    "COFFEE-2G": Habit(3, (1, 2)),
    "DHANIA": Habit(5, (1,)),
    "DIAPER-M": Habit(3, (1, 2, 3)),
    "EGG": Habit(11, (1, 2, 2, 3, 4, 6)),
    "GAS-6KG": Habit(0.7, (1,)),
    "GUM": Habit(4, (1, 2, 3)),
    "MAIZE-1KG": Habit(5, (1, 1, 2)),
    "MAIZE-2KG": Habit(13, (1, 1, 1, 2)),
    "MANDAZI": Habit(10, (1, 2, 2, 3, 4)),
    "MATCHES": Habit(5, (1, 1, 2)),
    "MILK-500ML": Habit(16, (1, 1, 1, 2)),
    "MILK-LOOSE": Habit(5, (250, 500, 500, 1000)),
    "OIL-LOOSE": Habit(10, (50, 100, 100, 125, 250, 250, 500)),
    "ONION-LOOSE": Habit(9, (125, 250, 250, 500)),
    "PARAFFIN-LOOSE": Habit(6, (250, 500, 500, 1000)),
    "PEN": Habit(3, (1, 1, 2)),
    "PHONE-CHARGING": Habit(5, (1,)),
    "PHOTOCOPY": Habit(3, (1, 2, 4, 10)),
    "POTATO-LOOSE": Habit(5, (500, 1000, 1000, 2000)),
    "POWDER-40G": Habit(6, (1, 1, 2)),
    "RICE-LOOSE": Habit(7, (250, 500, 500, 1000, 2000)),
    "SALT-500G": Habit(4, (1,)),
    "SEASONING-CUBE": Habit(5, (1, 2, 3)),
    "SODA-300ML": Habit(8, (1, 1, 2, 3)),
    "SODA-500ML": Habit(5, (1, 1, 2)),
    "SUGAR-1KG": Habit(3, (1,)),
    "SUGAR-LOOSE": Habit(14, (125, 125, 250, 250, 500, 1000)),
    "SUKUMA": Habit(9, (1, 1, 2)),
    "SWEET": Habit(5, (2, 5, 5, 10)),
    "TEA-50G": Habit(6, (1,)),
    "TOILET-ROLL": Habit(5, (1, 1, 2, 4)),
    "TOMATO-LOOSE": Habit(10, (250, 250, 500, 1000)),
    "WATER-500ML": Habit(4, (1, 1, 2)),
    "WHEAT-2KG": Habit(5, (1, 1, 2)),
    "WHEAT-LOOSE": Habit(4, (250, 500, 1000)),
}

NEVER_SOLD = frozenset(
    {
        "BASIN-M", "CABLE-TWIN", "COFFEE-50G", "FABRIC-CURTAIN", "INSECT-SPRAY-300ML", "MATH-SET", "SHOE-POLISH-40ML",
    }
)  # fmt: skip
"""Bought long ago, in hope."""

SCARCE = frozenset({"MATCHES", "SODA-300ML", "TEA-50G"})
"""Fast goods that the suppliers bring too little of, and lately not at all."""

FRESH = frozenset({"Bread & Bakery", "Dairy & Eggs", "Vegetables"})
"""Categories of what does not keep, and is bought from day to day."""

MORNING = frozenset({"Bread & Bakery", "Dairy & Eggs"})
AFTERNOON = frozenset({"Snacks & Sweets", "Soft Drinks & Water"})
EVENING = frozenset({"Cooking Oil & Fats", "Flour & Cereals", "Fuel & Lighting", "Vegetables"})
"""Categories that are bought most at that time of the day."""

SUPPLIERS: Mapping[str, str] = {
    "Flour & Cereals": "Millers Depot",
    "Sugar & Salt": "Sugar & Rice Stores",
    "Cooking Oil & Fats": "Cooking Oil Distributors",
    "Dairy & Eggs": "Dairy Depot",
    "Bread & Bakery": "Bakery Van",
    "Tea & Beverages": "Market Street Wholesalers",
    "Soft Drinks & Water": "Soda & Water Depot",
    "Snacks & Sweets": "Market Street Wholesalers",
    "Soap & Detergents": "Soap & Detergents Agent",
    "Personal Care": "Soap & Detergents Agent",
    "Baby": "Market Street Wholesalers",
    "Household": "Market Street Wholesalers",
    "Stationery": "School Supplies Wholesale",
    "Fuel & Lighting": "Gas & Paraffin Depot",
    "Vegetables": "Town Market Stalls",
    "Phone & Airtime": "Airtime Dealer",
}
"""Who brings the goods of a category."""

SUPPLIERS_OF_ONE: Mapping[str, str] = {
    "EGG": "Egg Farm Gate",
    "RICE-LOOSE": "Sugar & Rice Stores",
    "RICE-PISHORI": "Sugar & Rice Stores",
    "RICE-2KG": "Sugar & Rice Stores",
}
"""Who brings single goods, by SKU, where it is not the supplier of their category."""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

DELIVERY_DAYS: Mapping[str, frozenset[int]] = {
    "Bakery Van": frozenset(range(7)),
    "Dairy Depot": frozenset(range(7)),
    "Town Market Stalls": frozenset(range(7)),
    "Egg Farm Gate": frozenset({MONDAY, THURSDAY}),
    "Millers Depot": frozenset({TUESDAY, FRIDAY}),
    "Sugar & Rice Stores": frozenset({TUESDAY, FRIDAY}),
    "Cooking Oil Distributors": frozenset({WEDNESDAY}),
    "Soda & Water Depot": frozenset({MONDAY, THURSDAY}),
    "Soap & Detergents Agent": frozenset({WEDNESDAY}),
    "Market Street Wholesalers": frozenset({MONDAY, THURSDAY}),
    "School Supplies Wholesale": frozenset({MONDAY}),
    "Gas & Paraffin Depot": frozenset({TUESDAY, SATURDAY}),
    "Airtime Dealer": frozenset({FRIDAY}),
}
"""On which weekdays a supplier comes."""


def habit(product: Product) -> Habit:
    """How the product is asked for."""
    if product.sku in NEVER_SOLD:
        return Habit(0, (1,))
    return HABITS.get(product.sku) or BY_UNIT[Unit(product.unit)]


def supplier_name(product: Product) -> str:
    """Who brings the product; nobody in particular for goods that are not in this demo's catalogue."""
    return SUPPLIERS_OF_ONE.get(product.sku) or SUPPLIERS.get(product.category.name, "")
