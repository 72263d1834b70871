"""Logging in, the first owner of an empty shop, and whether the shop is well."""

import contextlib
import threading
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connections
from django.test import Client

from smartduka import first_owner
from smartduka.models import Shop
from smartduka.refusals import Refusal

pytestmark = pytest.mark.django_db

CODE = "K7M2P-9XQRT"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def code_file(data_dir):
    file = data_dir / "first-owner-code"
    file.write_text(f"{CODE}\n", encoding="utf-8")
    return file


def words(**changed):
    return {
        "code": CODE, "shop_name": "Duka la Amina", "username": "amina",
        "password1": "karibu-duka", "password2": "karibu-duka",
    } | changed  # fmt: skip


def errors_of(response):
    assert response.status_code == 200
    return list(response.context["form"].errors)


def nobody_works_here():
    return not User.objects.exists() and not Shop.objects.exists()


# --- The first owner ---------------------------------------------------------------------------------------


def test_with_the_code_somebody_becomes_the_owner_and_is_logged_in(client, code_file, data_dir):
    response = client.post("/welcome/", words())
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    amina = User.objects.get()
    assert (amina.username, amina.is_staff, amina.is_superuser, amina.is_active) == ("amina", True, False, True)
    assert [group.name for group in amina.groups.all()] == ["Owner"]
    assert amina.check_password("karibu-duka")
    assert Shop.objects.get().name == "Duka la Amina"
    assert client.get("/products/").status_code == 200
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("typed", ["k7m2p-9xqrt", " K7M2P 9XQRT ", "K7M2P9XQRT"])
def test_a_code_is_the_same_however_it_is_copied(client, code_file, typed):
    assert client.post("/welcome/", words(code=typed)).status_code == 302


@pytest.mark.parametrize("typed", ["K7M2P-9XQRS", "-", "K7M2P", "K7M2P-9XQRTT", "\uff2b7M2P-9XQRT", "x" * 40])
def test_a_wrong_code_writes_nothing_and_can_be_corrected(client, code_file, typed):
    response = client.post("/welcome/", words(code=typed))
    assert response.context["form"].errors == {"code": ["This is not the code that the terminal shows."]}
    assert nobody_works_here()
    assert client.post("/welcome/", words()).status_code == 302


def test_an_empty_code_file_lets_nobody_in(client, code_file):
    code_file.write_text("", encoding="utf-8")
    assert errors_of(client.post("/welcome/", words(code="-"))) == ["code"]
    assert nobody_works_here()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password2": "something-else"}, "password2"),
        ({"password1": "12345678", "password2": "12345678"}, "password2"),
        ({"password1": "amina", "password2": "amina"}, "password2"),
        ({"username": "a b"}, "username"),
        ({"username": ""}, "username"),
        ({"shop_name": ""}, "shop_name"),
        ({"shop_name": "x" * 81}, "shop_name"),
        ({"shop_name": "a\x00"}, "shop_name"),
        ({"code": ""}, "code"),
    ],
)
def test_a_wrong_answer_names_the_field_and_leaves_the_code(client, code_file, wrong, field):
    assert errors_of(client.post("/welcome/", words(**wrong))) == [field]
    assert nobody_works_here()
    assert code_file.exists()


def test_without_a_code_the_page_says_how_to_get_one(client):
    response = client.get("/welcome/")
    assert "run.py --empty" in response.content.decode()
    assert "<form" not in response.content.decode()
    assert errors_of(client.post("/welcome/", words())) == ["code"]
    assert nobody_works_here()


def test_once_somebody_works_here_the_page_is_closed(client, code_file, baraka):
    assert client.get("/welcome/").headers["Location"] == "/login/"
    assert client.post("/welcome/", words()).headers["Location"] == "/login/"
    assert User.objects.get() == baraka
    assert not Shop.objects.exists()


def test_the_code_makes_no_second_owner(code_file, baraka):
    with pytest.raises(Refusal, match="has an owner already"):
        first_owner.welcome(User(username="amina"), code=CODE, shop_name="Duka")
    assert User.objects.get() == baraka
    assert not Shop.objects.exists()


def test_when_writing_fails_the_code_is_still_good(code_file, monkeypatch):
    monkeypatch.setattr(Shop.objects, "update_or_create", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        first_owner.welcome(User(username="amina"), code=CODE, shop_name="Duka")
    assert nobody_works_here()
    assert code_file.read_text(encoding="utf-8").strip() == CODE


def claimed_by_two_at_once(monkeypatch, claim):
    """How many of two got hold of the code, who had both read it before either took it."""
    meeting = threading.Barrier(2, timeout=10)
    got_hold: list[str] = []

    def meet_and_claim(file, target):
        if target.suffix == ".claimed":
            meeting.wait()
        return claim(file, target)

    def come(name):
        with contextlib.suppress(Refusal), first_owner._claimed(CODE):
            got_hold.append(name)

    monkeypatch.setattr(Path, "replace", meet_and_claim)
    people = [threading.Thread(target=come, args=(name,)) for name in ("amina", "baraka")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return len(got_hold)


def test_of_two_who_use_the_code_at_once_one_has_it(code_file, monkeypatch, data_dir):
    assert claimed_by_two_at_once(monkeypatch, Path.replace) == 1
    assert list(data_dir.iterdir()) == []


def test_both_would_have_it_if_claiming_took_nothing_away(code_file, monkeypatch):
    """The control: the two really meet."""
    monkeypatch.setattr(Path, "unlink", lambda file: None)
    assert claimed_by_two_at_once(monkeypatch, lambda file, target: target) == 2


# --- Logging in and out ------------------------------------------------------------------------------------


def test_an_empty_shop_leads_from_the_login_to_the_welcome(client):
    assert client.get("/login/").headers["Location"] == "/welcome/"
    assert client.get("/").headers["Location"] == "/login/?next=/"


def test_a_shop_with_people_asks_them_to_log_in(client, otieno):
    assert client.get("/login/?next=/products/").status_code == 200
    wrong = {"username": "otieno", "password": "wrong", "next": "/products/"}
    assert client.post("/login/", wrong).status_code == 200
    right = wrong | {"password": "karibu-duka"}
    assert client.post("/login/", right).headers["Location"] == "/products/"
    assert client.get("/products/").status_code == 200
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/products/").headers["Location"] == "/login/?next=/products/"


def test_a_login_leads_nowhere_else(client, otieno):
    sent = {"username": "otieno", "password": "karibu-duka", "next": "https://example.com/"}
    assert client.post("/login/", sent).headers["Location"] == "/"


def test_logging_out_takes_a_post(client, otieno):
    client.force_login(otieno)
    assert client.get("/logout/").status_code == 405
    assert client.get("/products/").status_code == 200


def test_the_pages_of_strangers_are_protected_against_forged_posts(code_file):
    client = Client(enforce_csrf_checks=True)
    for page in ("/welcome/", "/login/"):
        assert client.post(page, words()).status_code == 403
    assert nobody_works_here()


# --- Health ------------------------------------------------------------------------------------------------


def test_health_asks_the_database_once_and_says_ok(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


def test_health_is_503_without_the_database_and_says_nothing_more(client, monkeypatch):
    def refuse(*args):
        raise OperationalError("password authentication failed for user duka")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"unavailable")
