"""A shop with people at its counter: a database, the open shop on it, and tills in which they are logged in."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from sales.benchmark.tills import Till
from smartduka.databases import append_only, native
from smartduka.databases.aliases import working_in
from smartduka.databases.scratch import fresh_database
from smartduka.management.commands.open_shop import PAGES_STAMP
from smartduka.models import Shop
from smartduka.open_shops import OpenShop, open_shop
from smartduka.tests.builders import a_user

TILLS = 8
PASSWORD = "karibu-duka"


@dataclass(frozen=True)
class Counter:
    """Otieno at eight tills, Amina, the owner, in two browsers, and eight tills with a cashier each.

    One cashier's sales wait for each other at their till session, before any goods are locked.
    """

    shop: OpenShop
    amina: User
    otieno: User
    tills: list[Till]
    offices: list[Till]
    cashiers: list[Till]


@contextmanager
def books_apart(folder: Path, *, server: str | None = None) -> Iterator[str]:
    """A database with Amina and Otieno, but without a shop that is open on it: its URL."""
    with fresh_database(folder, server) as url, working_in(url):
        call_command("migrate", verbosity=0) if server else migrate_once()
        people()
        connection.close()
        yield url


def migrate_once() -> None:
    """Bring an empty database to where `migrate` brings it: the first time so, and later from a copy of that."""
    engine = native.of(connection.vendor)
    copy = Path(os.environ["SMARTDUKA_DATA_DIR"], f"migrated-{engine.member}")
    if copy.exists():
        engine.load("default", copy)
        append_only.install()
    else:
        call_command("migrate", verbosity=0)
        engine.dump("default", copy, without_rows=[])


@contextmanager
def a_counter(folder: Path, *, server: str | None = None) -> Iterator[Counter]:
    """Open a shop on a database of its own, and work in that database meanwhile."""
    with books_apart(folder, server=server) as url, pages_prepared_once(folder), open_shop(url, folder) as shop:
        amina, otieno = (User.objects.get(username=name) for name in ("amina", "otieno"))
        tills, offices = windows(shop, "otieno", TILLS), windows(shop, "amina", 2)
        others = [windows(shop, name, 1)[0] for name in more_cashiers(TILLS - 1)]
        yield Counter(shop, amina, otieno, tills, offices, [tills[0], *others])


@contextmanager
def pages_prepared_once(folder: Path) -> Iterator[None]:
    """A shop that opens in this folder meanwhile finds the pages that the first one of this test run prepared."""
    kept = Path(os.environ["SMARTDUKA_DATA_DIR"], "prepared")
    if kept.exists():
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    yield
    if not kept.exists():
        shutil.copytree(folder / "static", kept / "static")
        shutil.copy2(folder / PAGES_STAMP, kept)


def windows(shop: OpenShop, username: str, count: int) -> list[Till]:
    """So many windows in which somebody works, after one login."""
    first = Till(shop.port)
    first.log_in(username, PASSWORD)
    return [first, *(first.another() for _ in range(count - 1))]


def people() -> tuple[User, User]:
    """Amina and Otieno, with passwords that a shop outside the tests' settings can check."""
    Shop.objects.create(name="Duka la Amina")
    amina, otieno = a_user("Amina", "Owner"), a_user("Otieno", "Cashier")
    _let_in(amina, otieno)
    return amina, otieno


def more_cashiers(count: int) -> list[str]:
    """The user names of so many more, who log in like the others."""
    cashiers = [a_user(f"Cashier{number}", "Cashier") for number in range(1, count + 1)]
    _let_in(*cashiers)
    return [cashier.username for cashier in cashiers]


def _let_in(*people: User) -> None:
    password = PBKDF2PasswordHasher().encode(PASSWORD, salt="duka")
    User.objects.filter(pk__in=[each.pk for each in people]).update(password=password)
