"""Rights are asked for in one statement, and are what Django says they are."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smartduka.permissions import OneQuestionBackend
from smartduka.tests.builders import a_product, a_user

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """As the next request has it, which remembers nothing."""
    return User.objects.get(pk=user.pk)


def granted(user: User) -> set[str]:
    return OneQuestionBackend().get_all_permissions(fresh(user))


@pytest.fixture
def zawadi() -> User:
    """She sells, manages another shop's shelf, and has rights of her own, one of which both groups give her too."""
    zawadi = a_user("Zawadi", "Cashier")
    zawadi.groups.add(Group.objects.get(name="Manager"))
    zawadi.user_permissions.set(Permission.objects.filter(codename__in=["add_sale", "view_session", "delete_user"]))
    return zawadi


@pytest.mark.parametrize("who", ["amina", "otieno", "baraka", "zawadi"])
def test_they_are_those_that_django_says(request, who):
    user = request.getfixturevalue(who)
    assert granted(user) == ModelBackend().get_all_permissions(fresh(user))


def test_own_rights_and_those_of_every_group_come_together(zawadi):
    assert {"sales.add_sale", "sessions.view_session", "auth.delete_user", "sales.void_sale"} <= granted(zawadi)


def test_it_is_one_statement_however_often_it_is_asked(zawadi):
    user = fresh(zawadi)
    with CaptureQueriesContext(connection) as captured:
        assert user.has_perm("sales.add_sale")
        assert not user.has_perm("auth.add_user")
        assert user.has_module_perms("sales")
        assert not user.has_module_perms("admin")
        assert user.has_perms(["sales.add_sale", "auth.delete_user"])
    assert len(captured) == 1


def test_who_does_not_work_here_any_more_may_nothing(zawadi):
    zawadi.is_active = False
    zawadi.save()
    assert granted(zawadi) == set()
    assert not fresh(zawadi).has_perm("sales.add_sale")


def test_a_superuser_may_everything(amina):
    amina.is_superuser = True
    amina.save()
    assert granted(amina) == ModelBackend().get_all_permissions(fresh(amina))
    assert len(granted(amina)) == Permission.objects.count()


def test_a_stranger_may_nothing():
    assert OneQuestionBackend().get_all_permissions(AnonymousUser()) == set()


def test_nobody_has_rights_on_one_row(amina):
    product = a_product(by=amina)
    assert OneQuestionBackend().get_all_permissions(fresh(amina), product) == set()
    assert not fresh(amina).has_perm("inventory.change_product", product)


def test_a_right_that_was_taken_is_gone_with_the_next_request(otieno):
    assert fresh(otieno).has_perm("sales.add_sale")
    otieno.groups.clear()
    assert not fresh(otieno).has_perm("sales.add_sale")
