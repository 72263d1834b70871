"""Documents that a till could send, mostly: what is refused at once tests little."""

import random
import uuid
from collections.abc import Callable
from typing import Any

from customers.models import Customer
from inventory.models import Pack, Product, StockMovement

Maker = Callable[[random.Random], dict[str, Any]]


def plausible() -> dict[str, Maker]:
    """A maker of documents for each door through which programs write, by its route."""
    return {"till/sales/": _sale(), "till/customers/": _customer, "till/counts/": _count()}


def _sale() -> Maker:
    bread = Product.objects.filter(sku="BREAD").first() or Product(pk=1)
    sugar = Product.objects.filter(sku="SUGAR").first() or Product(pk=2)
    products = [bread.pk, *Product.objects.values_list("pk", flat=True)]
    packs = [None, None, *Pack.objects.values_list("pk", flat=True)]
    customers = [None, *Customer.objects.values_list("pk", flat=True)]

    def sale(dice: random.Random) -> dict[str, Any]:
        line = {"product": bread.pk, "pack": None, "quantity": "1", "unit_price": None, "discount": "0.00"}
        lines = [
            line | {"quantity": dice.choice(["1", "1", "1", "2", "2", "0.25"])} for _ in range(dice.randrange(1, 3))
        ]
        if dice.random() < 0.5:
            lines.append(line | {"product": dice.choice(products), "pack": dice.choice(packs)})
        if dice.random() < 0.3:
            lines.append({"product": sugar.pk, "amount": dice.choice(["20", "20", "10.50", "0.01", "160.50"])})
        if dice.random() < 0.2:
            dice.choice(lines).update(dice.choice([{"unit_price": "45"}, {"discount": "3"}, {"unit_price": "55.50"}]))
        kind = dice.choice(["cash", "cash", "mpesa", "card", "on_account"])
        code = "QBC" + "".join(dice.choices("ABC123", k=7)) if kind == "mpesa" else ""
        return {
            "client_ref": _client_ref(dice),
            "customer": dice.choice(customers),
            "lines": lines,
            "tenders": [{"type": kind, "amount": "9000.00" if kind == "cash" else "60.00", "reference": code}],
            "note": dice.choice([None, "", "Fetched at six"]),
            "override_reason": dice.choice([None, "", "Crushed"]),
        }

    return sale


def _customer(dice: random.Random) -> dict[str, Any]:
    phone = dice.choice([None, "", "0722 000 333", "0712345678", f"07{dice.randrange(10**8):08}"])
    return {"name": dice.choice(["Zawadi", "zawadi", "Mwende", "Wanjiku"]), "phone": phone}


def _count() -> Maker:
    products = list(Product.objects.values_list("pk", flat=True)) or [1]
    newest = StockMovement.objects.values_list("pk", flat=True).first() or 0

    def count(dice: random.Random) -> dict[str, Any]:
        return {
            "client_ref": _client_ref(dice),
            "product": dice.choice(products),
            "counted": dice.choice(["0", "7", "12.000", "3.5"]),
            "seen": dice.choice([newest, newest + 500, 0]),
        }

    return count


def _client_ref(dice: random.Random) -> str:
    """Now and then one that was used before."""
    return str(uuid.UUID(int=7 if dice.random() < 0.1 else dice.getrandbits(128)))
