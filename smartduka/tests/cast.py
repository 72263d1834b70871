"""The people of every test: Amina owns the duka, Otieno sells, Baraka may nothing; Wanjiku has credit, Juma none."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from customers.models import Customer
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_user


@pytest.fixture
def shop(db: None) -> Shop:
    return Shop.objects.create(name="Duka la Amina")


@pytest.fixture
def amina(db: None) -> User:
    return a_user("Amina", "Owner", is_staff=True)


@pytest.fixture
def otieno(db: None) -> User:
    return a_user("Otieno", "Cashier")


@pytest.fixture
def baraka(db: None) -> User:
    return a_user("Baraka")


@pytest.fixture
def wanjiku(db: None) -> Customer:
    return a_customer("Wanjiku", limit="5000", phone="+254712345678")


@pytest.fixture
def juma(db: None) -> Customer:
    return a_customer("Juma")


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A client in which this user is logged in, with CSRF checks on, as in a real browser."""

    def log_in(user: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def superuser(db: None) -> User:
    """Root, who may everything, as `createsuperuser` makes one."""
    return a_user("Root", is_staff=True, is_superuser=True)
