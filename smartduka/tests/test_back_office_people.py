"""People in the back office: owners give roles and nothing else, and owners stay owners."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from smartduka.tests.builders import a_user

pytestmark = pytest.mark.django_db


def page_of(row, kind="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{kind}", args=[row.pk])


def groups(*names):
    return [Group.objects.get(name=name).pk for name in names]


def sent_about(person, **changed):
    return {
        "username": person.username, "first_name": person.first_name, "last_name": "", "email": "",
        "is_active": "on", "groups": [],
    } | changed  # fmt: skip


def rights(person):
    person = User.objects.get(pk=person.pk)
    return {
        "roles": sorted(group.name for group in person.groups.all()),
        "active": person.is_active,
        "staff": person.is_staff,
        "superuser": person.is_superuser,
        "own": person.user_permissions.count(),
    }


NOBODY = {"roles": [], "active": True, "staff": False, "superuser": False, "own": 0}


def errors_of(response):
    assert response.status_code == 200
    return {field: list(said) for field, said in response.context["adminform"].form.errors.items()}


def test_an_owner_adds_somebody_and_gives_a_role(office):
    sent = {"username": "njeri", "usable_password": "true", "password1": "karibu-duka", "password2": "karibu-duka"}
    forged = {"is_superuser": "on", "is_staff": "on", "groups": groups("Owner")}
    assert office.post("/admin/auth/user/add/", sent | forged).status_code == 302
    njeri = User.objects.get(username="njeri")
    assert rights(njeri) == NOBODY
    office.post(page_of(njeri), sent_about(njeri, groups=groups("Manager"), is_staff="on"))
    assert rights(njeri) == NOBODY | {"roles": ["Manager"], "staff": True}


def test_an_owner_cannot_make_a_superuser_nor_hand_out_other_rights(office, baraka):
    other = Group.objects.create(name="Auditors")
    all_rights = [permission.pk for permission in Permission.objects.all()]
    forged = {"is_superuser": "on", "user_permissions": all_rights, "groups": [*groups("Cashier"), other.pk]}
    assert list(errors_of(office.post(page_of(baraka), sent_about(baraka, **forged)))) == ["groups"]
    assert rights(baraka) == NOBODY
    forged["groups"] = groups("Cashier")
    assert office.post(page_of(baraka), sent_about(baraka, **forged)).status_code == 302
    assert rights(baraka) == NOBODY | {"roles": ["Cashier"]}


def test_a_group_that_a_superuser_gave_stays(office, baraka):
    baraka.groups.add(Group.objects.create(name="Auditors"))
    office.post(page_of(baraka), sent_about(baraka, groups=groups("Cashier")))
    assert rights(baraka)["roles"] == ["Auditors", "Cashier"]


def test_an_owner_does_not_touch_a_superuser(office, superuser):
    before = rights(superuser), superuser.password
    assert office.get(page_of(superuser)).status_code == 200
    assert office.post(page_of(superuser), sent_about(superuser)).status_code == 403
    new = {"password1": "nyingine-1", "password2": "nyingine-1", "usable_password": "true"}
    assert office.post(f"/admin/auth/user/{superuser.pk}/password/", new).status_code == 302
    assert office.post(page_of(superuser, "delete"), {"post": "yes"}).status_code == 403
    superuser.refresh_from_db()
    assert (rights(superuser), superuser.password) == before


def test_owners_use_the_back_office_and_cashiers_do_not(office, baraka, otieno):
    office.post(page_of(baraka), sent_about(baraka, groups=groups("Owner")))
    assert rights(baraka)["staff"] is True
    response = office.post(page_of(otieno), sent_about(otieno, groups=groups("Cashier"), is_staff="on"))
    assert list(errors_of(response)) == ["is_staff"]
    assert rights(otieno)["staff"] is False


@pytest.mark.parametrize("change", [{"groups": []}, {"is_active": ""}])
def test_an_owner_does_not_lock_himself_out(office, amina, change):
    before = rights(amina)
    sent = sent_about(amina, groups=groups("Owner"), is_staff="on") | change
    response = office.post(page_of(amina), {key: each for key, each in sent.items() if each})
    assert errors_of(response)["__all__"] == ["You would lock yourself out. Another owner can do this."]
    assert rights(amina) == before


def test_somebody_who_left_no_longer_logs_in(office, otieno, client):
    sent = sent_about(otieno, groups=groups("Cashier"))
    del sent["is_active"]
    assert office.post(page_of(otieno), sent).status_code == 302
    assert rights(otieno)["active"] is False
    words = {"username": "otieno", "password": "karibu-duka"}
    assert client.post("/login/", words).status_code == 200


def test_a_superuser_hands_out_everything(client, superuser, baraka):
    client.force_login(superuser)
    sent = sent_about(baraka, is_superuser="on", is_staff="on", groups=groups("Cashier"))
    sent |= {"date_joined_0": "2026-06-23", "date_joined_1": "12:00:00"}
    sent["user_permissions"] = [Permission.objects.get(codename="view_cost").pk]
    assert client.post(page_of(baraka), sent).status_code == 302
    assert rights(baraka) == {"roles": ["Cashier"], "active": True, "staff": True, "superuser": True, "own": 1}
    assert client.get("/admin/auth/group/").status_code == 200


def test_the_roles_cannot_be_rewritten_by_an_owner(office):
    group = Group.objects.get(name="Cashier")
    before = set(group.permissions.all())
    assert office.get("/admin/auth/group/").status_code == 200
    assert office.post(page_of(group), {"name": "Cashier", "permissions": []}).status_code == 403
    assert set(group.permissions.all()) == before


def test_people_are_listed_with_their_roles_in_as_many_queries_for_few_as_for_many(
    office, otieno, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as first:
        assert "Cashier" in office.get("/admin/auth/user/").content.decode()
    for number in range(10):
        a_user(f"Person{number}", "Cashier")
    with django_assert_max_num_queries(len(first)):
        office.get("/admin/auth/user/")
