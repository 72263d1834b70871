"""Whatever a test commits, the next one finds the database as `migrate` left it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import TransactionTestCase

from smartduka import roles
from smartduka.databases import append_only
from smartduka.tests.builders import a_product, what_is_written

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_a_test_commits_is_gone_after_it(amina):
    empty, permissions = what_is_written(), list(Permission.objects.values_list("pk", "codename"))
    a_product(by=amina, stock="5")
    assert what_is_written() != empty

    TransactionTestCase("__init__")._fixture_teardown()

    assert what_is_written() == empty
    assert not User.objects.exists()
    assert append_only.missing() == []
    assert list(Permission.objects.values_list("pk", "codename")) == permissions


def test_so_is_what_it_did_to_triggers_and_roles(amina):
    empty = what_is_written()
    permissions = Permission.objects.count()
    a_product(by=amina, stock="5")
    append_only.lift()
    Group.objects.get(name="Cashier").permissions.clear()
    Permission.objects.filter(codename="add_sale").delete()
    Group.objects.create(name="Auditors")
    assert what_is_written() != empty

    TransactionTestCase("__init__")._fixture_teardown()

    assert what_is_written() == empty
    assert append_only.missing() == []
    assert set(Group.objects.values_list("name", flat=True)) == set(roles.ROLES)
    assert Group.objects.get(name="Cashier").permissions.count() == len(roles.CASHIER)
    assert Permission.objects.count() == permissions
    sale = ContentType.objects.get_by_natural_key("sales", "sale")
    assert Permission.objects.get(codename="add_sale").content_type == sale
