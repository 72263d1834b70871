"""Who works in the demo shop, and the shop itself before its first day."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from inventory.models import Product, StockMovement
from sales.demo.goods import SUNDAY
from sales.models import Sale
from smartduka import private, vouchers
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.refusals import Refusal

NAMES = ("amina", "manager", "otieno")
MASTER_DATA = ("categories", "suppliers", "catalogue", "customers")

# Letters and digits that nobody confuses when reading them off a screen.
_CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

Logins = Mapping[str, Mapping[str, str]]
"""Role → username and password."""


@dataclass(frozen=True)
class Duka:
    """The shop, its three people, and the chance that moves the demo."""

    shop: Shop
    owner: User
    manager: User
    cashier: User
    rng: Random

    def at_till(self, at: datetime) -> User:
        """Who serves: Amina on Sundays, the manager while Otieno has lunch."""
        local = timezone.localtime(at)
        if local.weekday() == SUNDAY:
            return self.owner
        return self.manager if 13 <= local.hour < 15 else self.cashier

    def voucher(self, at: datetime, by: User, note: str = "") -> Voucher:
        return vouchers.of(at, self.shop, by=by, note=note)


def refuse_a_shop_in_use() -> None:
    """A demo is for an empty shop: its trade would mix with the real one, and nobody could take it out again."""
    if any(facts.objects.exists() for facts in (Sale, StockMovement, LedgerEntry)):
        raise Refusal("invalid", "This shop trades already: make a demo in an empty one.")
    taken = User.objects.filter(username__in=NAMES).first()
    if taken:
        raise Refusal("invalid", f"There is an account named {taken} already: make a demo in an empty shop.")


def open_duka(rng: Random, *, since: datetime) -> tuple[Duka, Logins]:
    """The shop with its master data and its people, all of whom have been there `since` then; and the logins."""
    Shop.objects.get_or_create(pk=1, defaults={"name": "Duka la Amina", "phone": "0700 000 100"})
    call_command("loaddata", *MASTER_DATA, verbosity=0)
    Product.objects.update(created_at=since)
    Customer.objects.update(created_at=since)
    passwords = {name: _password() for name in NAMES}

    def hire(name: str, role: str, **fields: Any) -> User:
        user = User.objects.create_user(name, password=passwords[name], date_joined=since, **fields)
        user.groups.add(Group.objects.get(name=role))
        return user

    duka = Duka(
        shop=Shop.current(),
        owner=hire("amina", "Owner", first_name="Amina", is_staff=True),
        manager=hire("manager", "Manager", first_name="Manager"),
        cashier=hire("otieno", "Cashier", first_name="Otieno"),
        rng=rng,
    )
    staff = {"Owner": duka.owner, "Manager": duka.manager, "Cashier": duka.cashier}
    return duka, {
        role: {"username": user.username, "password": passwords[user.username]} for role, user in staff.items()
    }


def logins_file() -> Path:
    return settings.DATA_DIR / "demo-logins.json"


def keep_logins(logins: Logins) -> None:
    """Write them where `run.py` shows them from, for nobody else to read."""
    logins_file().unlink(missing_ok=True)
    with private.new(logins_file()) as kept:
        kept.write(json.dumps(logins, indent=1).encode())


def _password() -> str:
    return "-".join("".join(secrets.choice(_CLEAR_LETTERS) for _ in range(4)) for _ in range(3))
