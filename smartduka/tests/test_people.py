"""Who works here, looked after in the browser by an owner who cannot lock himself out."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from smartduka import people
from smartduka.refusals import Refusal
from smartduka.tests.builders import a_user, diary

pytestmark = pytest.mark.django_db

NJERI = {"username": "njeri", "first_name": "Njeri", "last_name": "", "role": "Cashier", "password": "maembe-mawili"}


@pytest.fixture
def office(client, amina, shop):
    client.force_login(amina)
    return client


@pytest.fixture
def superuser(db):
    return a_user("Root", is_staff=True, is_superuser=True)


def send(client, address, **words):
    form = client.get(address).context["form"]
    mark = next(name for name in ("seen", "since") if name in form.fields)
    return client.post(address, {mark: form[mark].value(), **words})


def about(person, **changed):
    words = {
        "username": person.username, "first_name": person.first_name, "last_name": person.last_name,
        "role": people.role_of(person), "is_active": "on",
    } | changed  # fmt: skip
    return {name: word for name, word in words.items() if word is not None}


def errors_of(response):
    assert response.status_code == 200
    return {field: list(said) for field, said in response.context["form"].errors.items()}


def everybody():
    """All that matters about everybody, as it is stored."""
    return [
        (person.username, person.password, people.role_of(person), person.is_active, person.is_staff)
        for person in User.objects.order_by("pk")
    ]


def can_log_in(name, password):
    return Client().post("/login/", {"username": name, "password": password}).status_code == 302


# --- Adding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "staff"), [("Cashier", False), ("Manager", False), ("Owner", True), ("", False)])
def test_an_owner_adds_somebody_with_a_role_and_a_first_password(office, role, staff):
    response = send(office, "/people/new/", **NJERI | {"role": role})
    assert response.headers["Location"] == "/people/"
    njeri = User.objects.get(username="njeri")
    assert (people.role_of(njeri), njeri.is_staff, njeri.is_superuser) == (role, staff, False)
    expected = [("person_changed", "njeri", "", "", "added", "Amina")]
    if role:
        expected.append(("role_changed", "njeri", "role", "", role, "Amina"))
    assert diary() == expected
    assert can_log_in("njeri", "maembe-mawili")


def test_somebody_who_was_sent_twice_is_added_once(office):
    since = office.get("/people/new/").context["form"]["since"].value()
    for _ in range(2):
        assert office.post("/people/new/", NJERI | {"since": since}).status_code == 302
    assert User.objects.filter(username="njeri").count() == 1
    assert len(diary()) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "OTIENO"}, "username"),
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "password1"}, "password"),
        ({"password": "12345678901"}, "password"),
        ({"password": "njeri-njeri", "username": "njeri-njeri"}, "password"),
        ({"role": "Auditors"}, "role"),
        ({"since": "x"}, "since"),
    ],
)
def test_a_wrong_person_names_the_field_keeps_what_was_typed_and_writes_nothing(office, otieno, wrong, field):
    Group.objects.create(name="Auditors")
    before = everybody()
    response = send(office, "/people/new/", **NJERI | wrong)
    assert list(errors_of(response)) == [field]
    assert 'value="Njeri"' in response.content.decode()
    assert everybody() == before
    assert diary() == []


def test_nobody_is_made_a_superuser_here(office):
    send(office, "/people/new/", **NJERI, is_superuser="on", is_staff="on", groups="1")
    njeri = User.objects.get(username="njeri")
    assert (njeri.is_superuser, njeri.is_staff, people.role_of(njeri)) == (False, False, "Cashier")


# --- Editing -----------------------------------------------------------------------------------------------


def test_a_role_a_name_and_whether_somebody_works_here_change_and_are_written_down(office, otieno):
    send(office, f"/people/{otieno.pk}/", **about(otieno, role="Manager", last_name="Ouma"))
    send(office, f"/people/{otieno.pk}/", **about(otieno, role="Manager", last_name="Ouma", is_active=None))
    assert diary() == [
        ("person_changed", "otieno", "last name", "", "Ouma", "Amina"),
        ("role_changed", "otieno", "role", "Cashier", "Manager", "Amina"),
        ("person_changed", "otieno", "may log in", "yes", "no", "Amina"),
    ]
    assert not can_log_in("otieno", "karibu-duka")


def test_a_manager_keeps_the_back_office_and_a_cashier_loses_it(office):
    mwangi = a_user("Mwangi", "Manager", is_staff=True)
    for role, staff in (("Manager", True), ("Cashier", False), ("Manager", False), ("Owner", True)):
        send(office, f"/people/{mwangi.pk}/", **about(mwangi, role=role))
        mwangi.refresh_from_db()
        assert (people.role_of(User.objects.get(pk=mwangi.pk)), mwangi.is_staff) == (role, staff)


def test_a_group_that_is_no_role_stays(office, otieno):
    otieno.groups.add(Group.objects.create(name="Auditors"))
    send(office, f"/people/{otieno.pk}/", **about(otieno, role="Manager"))
    assert set(otieno.groups.values_list("name", flat=True)) == {"Auditors", "Manager"}


def test_who_is_dismissed_is_out_at_the_next_request(office, otieno, browser_of):
    till = browser_of(otieno)
    assert till.get("/till/").status_code == 200
    send(office, f"/people/{otieno.pk}/", **about(otieno, is_active=None))
    assert till.get("/till/").headers["Location"].startswith("/login/")


@pytest.mark.parametrize("change", [{"role": "Manager"}, {"role": ""}, {"is_active": None}])
def test_an_owner_does_not_lock_himself_out(office, amina, change):
    before = everybody()
    response = send(office, f"/people/{amina.pk}/", **about(amina, **change))
    assert errors_of(response) == {"__all__": ["You would lock yourself out. Another owner can do this."]}
    assert everybody() == before
    assert diary() == []


def test_of_two_owners_who_dismiss_each_other_one_stays(amina):
    """Each had loaded the page before the other sent it; the second is told that it is too late."""
    njeri = a_user("Njeri", "Owner", is_staff=True)
    first, second = User.objects.get(pk=njeri.pk), User.objects.get(pk=amina.pk)
    for person in (first, second):
        people.choose_role(person, "")
    people.save(first, by=amina, fields={"groups", "is_staff"})
    with pytest.raises(Refusal, match="You may not do this any more"):
        people.save(second, by=njeri, fields={"groups", "is_staff"})
    assert [people.role_of(User.objects.get(pk=each.pk)) for each in (amina, njeri)] == ["Owner", ""]


def test_a_role_that_another_owner_changed_is_not_overwritten(office, otieno):
    njeri = a_user("Njeri", "Owner", is_staff=True)
    seen = office.get(f"/people/{otieno.pk}/").context["form"]["seen"].value()
    theirs = User.objects.get(pk=otieno.pk)
    people.choose_role(theirs, "Manager")
    people.save(theirs, by=njeri, fields={"groups"})
    before = everybody()

    words = about(otieno, role="Cashier", last_name="Ouma", seen=seen)
    response = office.post(f"/people/{otieno.pk}/", words)

    assert "Njeri changed this meanwhile: it is now Manager." in str(errors_of(response))
    assert everybody() == before
    words["seen"] = response.context["form"]["seen"].value()
    assert office.post(f"/people/{otieno.pk}/", words).status_code == 302
    assert people.role_of(User.objects.get(pk=otieno.pk)) == "Cashier"


# --- Passwords ---------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_old_one_its_sessions_and_a_lock_out(office, otieno, browser_of):
    till = browser_of(otieno)
    for _ in range(5):
        can_log_in("otieno", "wrong")
    assert not can_log_in("otieno", "karibu-duka"), "locked out"
    answer = office.post(f"/people/{otieno.pk}/password/", {"password": "maembe-mawili"})
    assert answer.headers["Location"] == "/people/"
    assert till.get("/till/").headers["Location"].startswith("/login/")
    assert can_log_in("otieno", "maembe-mawili")
    assert not can_log_in("otieno", "karibu-duka")
    assert diary()[-1] == ("person_changed", "otieno", "password", "", "a new one", "Amina")
    assert "maembe" not in str(diary())


def test_an_owner_stays_logged_in_after_a_new_password_of_his_own(office, amina):
    office.post(f"/people/{amina.pk}/password/", {"password": "maembe-mawili"})
    assert office.get("/people/").status_code == 200


@pytest.mark.parametrize("password", ["", "short", "otieno-otieno", "12345678901", "x" * 129])
def test_a_weak_password_writes_nothing(office, otieno, password):
    before = everybody()
    if password == "otieno-otieno":
        otieno.username = password
        otieno.save()
        before = everybody()
    assert list(errors_of(office.post(f"/people/{otieno.pk}/password/", {"password": password}))) == ["password"]
    assert everybody() == before
    assert diary() == []


def test_the_back_office_sends_who_sets_a_password_to_the_one_page_that_does(office, otieno):
    answer = office.get(f"/admin/auth/user/{otieno.pk}/password/")
    assert answer.headers["Location"] == f"/people/{otieno.pk}/password/"


def test_a_role_of_the_back_office_is_written_down_too(office, otieno):
    words = {"username": "otieno", "first_name": "Otieno", "last_name": "", "email": "", "is_active": "on"}
    words["groups"] = [Group.objects.get(name="Owner").pk]
    assert office.post(f"/admin/auth/user/{otieno.pk}/change/", words).status_code == 302
    assert diary() == [
        ("role_changed", "otieno", "role", "Cashier", "Owner", "Amina"),
        ("person_changed", "otieno", "may use the back office", "no", "yes", "Amina"),
    ]


# --- Superusers, and the list ------------------------------------------------------------------------------


def test_an_owner_does_not_touch_a_superuser(office, amina, superuser):
    before = everybody()
    for address in (f"/people/{superuser.pk}/", f"/people/{superuser.pk}/password/"):
        assert office.get(address).status_code == 403
        assert office.post(address, about(superuser, password="maembe-mawili", seen="x")).status_code == 403
    with pytest.raises(Refusal, match="Only a superuser"):
        people.set_password(superuser, "maembe-mawili", by=amina)
    assert everybody() == before
    assert f"/people/{superuser.pk}/" not in office.get("/people/").content.decode()


def test_a_superuser_who_corrects_his_own_name_keeps_the_back_office(client, superuser, shop):
    client.force_login(superuser)
    assert send(client, f"/people/{superuser.pk}/", **about(superuser, first_name="Roota")).status_code == 302
    superuser.refresh_from_db()
    assert (superuser.first_name, superuser.is_staff) == ("Roota", True)
    assert client.get("/admin/").status_code == 200


def test_only_a_superuser_makes_a_superuser(amina, otieno):
    before = everybody()
    otieno.is_superuser = True
    with pytest.raises(Refusal, match="Only a superuser"):
        people.save(otieno, by=amina, fields={"is_superuser"})
    assert everybody() == before
    assert not User.objects.filter(is_superuser=True).exists()


def test_people_are_found_by_name_and_by_whether_they_work_here(office, otieno, baraka):
    User.objects.create(username="zawadi", first_name="Zawádi", is_active=False)
    expected = {
        "": ["amina", "baraka", "otieno"],
        "?q=OTI": ["otieno"],
        "?q=%25": [],
        "?off=1": ["zawadi"],
        "?off=1&q=ZAWADI": ["zawadi"],
    }
    found = {query: [each.username for each in office.get(f"/people/{query}").context["page"]] for query in expected}
    assert found == expected


def test_the_list_takes_the_same_queries_for_3_and_for_60_people(office, otieno, django_assert_num_queries):
    with django_assert_num_queries(6):
        office.get("/people/")
    for number in range(57):
        a_user(f"Person{number}", "Cashier")
    with django_assert_num_queries(6):
        assert len(office.get("/people/").context["page"]) == 50
