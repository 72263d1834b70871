"""The shop in which the benchmark sells: a long shelf of one kind of price, and a cashier for each till."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, User
from django.utils.crypto import get_random_string

from inventory.models import Category, Product
from inventory.receipts import ReceiptLine, receive_goods
from sales import sessions
from smartduka import money, vouchers
from smartduka.databases.statistics import refresh_statistics
from smartduka.models import Shop

KINDS = 200
STOCK = 100_000
PRICE = Decimal("60.00")
COST = Decimal("50.0000")


@dataclass(frozen=True)
class Duka:
    """What is on the shelf, who sells it, and the one password of them all."""

    products: list[Product]
    cashiers: list[User]
    password: str


def a_full_duka(cashiers: int) -> Duka:
    """Fill the empty database that is the default one now; the goods come in through the stock ledger."""
    shop = Shop.objects.create(name="Duka la benchmark")
    password = get_random_string(20)
    people = _people(cashiers, password)
    products = _products()
    delivered = [ReceiptLine(each.pk, STOCK, cost=COST, cost_for=1) for each in products]
    receive_goods(delivered, vouchers.of_now(shop, by=people[0]))
    for cashier in people:
        sessions.open_session(money.ZERO, vouchers.of_now(shop, by=cashier))
    refresh_statistics()
    return Duka(products, people, password)


def _people(count: int, password: str) -> list[User]:
    group, hashed = Group.objects.get(name="Cashier"), PBKDF2PasswordHasher().encode(password, get_random_string(22))
    people = [User.objects.create(username=f"cashier{number}", password=hashed) for number in range(1, count + 1)]
    group.user_set.add(*people)
    return people


def _products() -> list[Product]:
    category = Category.objects.create(name="Groceries")
    Product.objects.bulk_create(
        Product(
            name=f"Goods {number}",
            sku=f"GOODS-{number}",
            category=category,
            buying_price=COST,
            selling_price=PRICE,
        )
        for number in range(1, KINDS + 1)
    )
    return list(Product.objects.all())
