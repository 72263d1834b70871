"""Who may do what: the roles as they are written, and as every page obeys them."""

import pytest
from django.contrib.auth.models import Group, Permission

from smartduka import roles
from smartduka.tests.builders import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(shop, amina, otieno, baraka):
    return {"Owner": amina, "Manager": a_user("Mwangi", "Manager"), "Cashier": otieno, "nobody": baraka}


def codes(permissions):
    return {f"{each.content_type.app_label}.{each.codename}" for each in permissions.select_related("content_type")}


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_permission_of_a_role_exists(role):
    named = roles.ROLES[role]
    assert set(named) - codes(Permission.objects.all()) == set()


@pytest.mark.parametrize("role", roles.ROLES)
def test_migrating_gives_each_group_exactly_its_permissions(role):
    assert codes(Group.objects.get(name=role).permissions) == set(roles.ROLES[role])


def test_syncing_takes_back_what_a_role_no_longer_has_and_leaves_other_groups_alone():
    cashier, auditors = Group.objects.get(name="Cashier"), Group.objects.create(name="Auditors")
    view_cost = Permission.objects.get(codename="view_cost")
    for group in (cashier, auditors):
        group.permissions.add(view_cost)
    cashier.permissions.remove(Permission.objects.get(codename="add_sale"))

    roles.sync_groups()

    assert codes(cashier.permissions) == set(roles.CASHIER)
    assert codes(auditors.permissions) == {"inventory.view_cost"}


def test_each_role_may_all_that_the_one_below_it_may():
    assert set(roles.CASHIER) < set(roles.MANAGER) < set(roles.OWNER)


def test_a_cashier_sees_no_cost_no_profit_and_no_ledger(people):
    forbidden = {
        "inventory.view_cost", "inventory.view_stockmovement", "inventory.view_goodsreceipt", "sales.view_today",
        "customers.view_ledgerentry", "customers.change_customer", "sales.change_price", "sales.void_sale",
    }  # fmt: skip
    assert people["Cashier"].get_all_permissions() & forbidden == set()


def test_only_an_owner_sells_below_the_floor(people):
    may = {role for role, each in people.items() if each.has_perm("sales.sell_below_floor")}
    assert may == {"Owner"}


def test_nobody_but_a_superuser_may_change_or_delete_a_fact_or_hand_out_permissions():
    facts = ("sale", "saleline", "tender", "payment", "return", "returnline", "stockmovement", "ledgerentry",
             "goodsreceipt", "goodsreceiptline", "paymentcode")  # fmt: skip
    for named in roles.ROLES.values():
        for code in named:
            verb, _, model = code.partition(".")[2].partition("_")
            assert not (verb in ("change", "delete") and model in facts), code
            assert model not in ("group", "permission") or verb == "view", code


def test_what_the_back_office_lists_follows_from_the_role(client, people):
    mwangi = people["Manager"]
    mwangi.is_staff = True
    mwangi.save()
    lists = ("inventory/product", "inventory/category", "inventory/stockmovement", "customers/customer",
             "customers/ledgerentry", "sales/sale", "sales/payment", "auth/user", "smartduka/shop")  # fmt: skip
    client.force_login(mwangi)
    refused = {name for name in lists if client.get(f"/admin/{name}/").status_code == 403}
    assert refused == {"auth/user", "smartduka/shop"}
