"""The small shop in which the machine trades: as rows of the program, and as the model's goods and debtors."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from customers.models import Customer
from inventory.models import Category, Pack, Product
from smartduka.tests.builders import a_user
from smartduka.tests.model import shelf
from smartduka.tests.model.counter import Counter
from smartduka.tests.model.credit import CreditBook, Debtor
from smartduka.tests.model.days import shillings
from smartduka.tests.model.shelf import Goods, Shelf

LIMITS = {"Wanjiku": 100_000, "Achieng": 30_000, "Juma": 0}

# Among them prices that make half cents, goods that are not counted, and goods whose cost nobody knows.
ARTICLES = [
    ("BREAD", None), ("BREAD", 0), ("SUGAR", None), ("SUGAR", 0), ("OIL", None), ("MILK", None), ("AIRTIME", None),
    ("CALENDAR", None),
]  # fmt: skip
DIVISIBLE = {"SUGAR", "OIL"}
SKUS = ["BREAD", "SUGAR", "OIL", "MILK", "AIRTIME", "CALENDAR"]


def goods() -> list[Goods]:
    return [
        Goods("BREAD", "piece", 6000, 5000, floor=5500, packs=(shelf.Pack("Carton of 12", 12, 66_000),)),
        Goods("SUGAR", "kilogram", 16_050, 14_000, floor=15_000, packs=(shelf.Pack("Bag of 2 kg", 2000, 31_000),)),
        Goods("OIL", "litre", 28_735, 25_015, floor=26_005),
        Goods("MILK", "piece", 5550, 4833, floor=0),
        Goods("AIRTIME", "piece", 1000, 950, is_counted=False),
        Goods("CALENDAR", "piece", 2500, 0),
    ]


def counter(now: datetime, *, step: int, turns_at: int) -> Counter:
    """The model's counter before anything happened."""
    book = CreditBook({name: Debtor(name, limit) for name, limit in LIMITS.items()})
    return Counter(Shelf({each.sku: each for each in goods()}), book, now, step=step, turns_at=turns_at)


@dataclass(frozen=True)
class Rows:
    """The same shop in the database; goods, packs and debtors by the model's names."""

    cashier: User
    products: dict[str, int]
    packs: dict[str, list[Pack]]
    customers: dict[str, int]


def open_shop() -> Rows:
    category = Category.objects.create(name="Groceries")
    rows = Rows(a_user("Otieno", "Cashier"), {}, {}, {})
    for each in goods():
        product = Product.objects.create(
            name=each.sku.title(),
            sku=each.sku,
            category=category,
            unit=each.unit,
            selling_price=shillings(each.price),
            buying_price=shillings(each.buying),
            floor_price=None if each.floor is None else shillings(each.floor),
            is_counted=each.is_counted,
        )
        rows.products[each.sku] = product.pk
        rows.packs[each.sku] = [
            Pack.objects.create(product=product, name=pack.name, size=pack.size, selling_price=shillings(pack.price))
            for pack in each.packs
        ]
    for name, limit in LIMITS.items():
        rows.customers[name] = Customer.objects.create(name=name, credit_limit=shillings(limit)).pk
    return rows
