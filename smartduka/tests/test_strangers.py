"""Who is not let in, what is not told to them, and what no page leaves behind."""

import logging

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import path, reverse

from smartduka import urls as shop_urls
from smartduka.middleware import WithRequestId
from smartduka.tests.builders import a_user

pytestmark = pytest.mark.django_db

PASSWORD = "karibu-duka"


def log_in(name: str, password: str = PASSWORD, *, address: str = "10.0.0.5", client: Client | None = None, **more):
    return (client or Client()).post(
        reverse("login"), {"username": name, "password": password, **more}, REMOTE_ADDR=address
    )


def is_in(response) -> bool:
    return response.status_code == 302


class TestLockOut:
    def test_five_failures_of_a_name_from_an_address_close_that_door_only(self, amina, otieno):
        for _ in range(4):
            assert log_in("amina", "wrong").status_code == 200
        fifth = log_in("amina", "wrong")
        assert (fifth.status_code, b"quarter of an hour" in fifth.content) == (429, True)
        assert log_in("amina").status_code == 429, "also with the right password"
        assert is_in(log_in("amina", address="127.0.0.1")), "the owner at the shop's own machine"
        assert is_in(log_in("otieno")), "somebody else from the same address"

    def test_four_failures_and_a_success_begin_anew(self, amina):
        for _ in range(4):
            log_in("amina", "wrong")
        assert is_in(log_in("amina"))
        assert log_in("amina", "wrong").status_code == 200

    def test_the_door_opens_again_after_a_quarter_of_an_hour(self, amina):
        with time_machine.travel("2026-06-23 09:00Z", tick=False) as now:
            for _ in range(5):
                log_in("amina", "wrong")
            assert log_in("amina").status_code == 429
            now.shift(15 * 60 + 1)
            assert is_in(log_in("amina"))

    def test_a_known_and_an_unknown_name_are_answered_alike(self, amina):
        for _ in range(5):
            known, unknown = log_in("amina", "wrong"), log_in("amin2", "wrong")
            assert known.status_code == unknown.status_code
            assert page_of(known) == page_of(unknown).replace("amin2", "amina")

    def test_behind_a_proxy_the_address_is_what_the_proxy_says_last(self, amina, settings):
        settings.BEHIND_PROXY = True

        def from_behind(address: str, password: str):
            forged = {"HTTP_X_FORWARDED_FOR": f"127.0.0.1, {address}"}
            return Client().post(reverse("login"), {"username": "amina", "password": password}, **forged)

        for _ in range(5):
            from_behind("10.0.0.5", "wrong")
        assert from_behind("10.0.0.5", PASSWORD).status_code == 429
        assert is_in(from_behind("10.0.0.6", PASSWORD))


def page_of(response) -> str:
    """The page without its CSRF token, which differs each time."""
    return "\n".join(line for line in response.content.decode().splitlines() if "csrfmiddlewaretoken" not in line)


class TestSessions:
    def test_get_another_key_at_login(self, amina):
        client = Client()
        session = client.session
        session["planted"] = True
        session.save()
        planted = session.session_key
        client.cookies["sessionid"] = planted
        assert is_in(log_in("amina", client=client))
        assert client.cookies["sessionid"].value != planted

    def test_end_at_the_next_request_of_a_deactivated_person(self, otieno, browser_of):
        till = browser_of(otieno)
        assert till.get(reverse("till-catalogue")).status_code == 200
        User.objects.filter(pk=otieno.pk).update(is_active=False)
        assert till.get(reverse("till-catalogue")).status_code == 401

    def test_lose_a_role_at_the_next_request(self, amina, browser_of):
        office = browser_of(amina)
        assert office.get(reverse("today")).status_code == 200
        amina.groups.set([Group.objects.get(name="Cashier")])
        assert office.get(reverse("today")).status_code == 302

    def test_end_everywhere_when_the_password_changes(self, otieno, browser_of):
        till = browser_of(otieno)
        otieno.set_password("another-karibu")
        otieno.save()
        assert till.get(reverse("till-catalogue")).status_code == 401


class TestNext:
    def test_stays_on_the_site(self, amina):
        assert log_in("amina", next="https://evil.example/").url == reverse("today")
        assert log_in("amina", next="//evil.example/").url == reverse("today")
        assert log_in("amina", next="/sales/").url == "/sales/"


class TestHeaders:
    @pytest.mark.parametrize("address", ["/login/", "/", "/products/", "/customers/", "/admin/", "/nowhere/"])
    def test_every_page_has_a_strict_policy_and_stays_out_of_caches(self, amina, browser_of, address):
        headers = browser_of(amina).get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "no-store" in headers["Cache-Control"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"

    def test_the_catalogue_may_be_kept_and_asked_for_again(self, otieno, browser_of):
        assert browser_of(otieno).get(reverse("till-catalogue")).headers["Cache-Control"] == "private, no-cache"


def fail(request):
    raise ZeroDivisionError("a secret of the program")


urlpatterns = [path("fail/", fail), *shop_urls.urlpatterns]


class TestRequestId:
    @pytest.mark.urls(__name__)
    def test_is_in_the_answer_the_log_and_on_the_error_page(self, amina, caplog):
        client = Client(raise_request_exception=False)
        client.force_login(amina)
        caplog.handler.addFilter(WithRequestId())
        with caplog.at_level(logging.ERROR):
            response = client.get("/fail/", headers={"X-Request-ID": "till-7"})
        assert response.status_code == 500
        assert response.headers["X-Request-ID"] == "till-7"
        assert b"till-7" in response.content
        assert b"a secret of the program" not in response.content
        assert {record.request_id for record in caplog.records} == {"till-7"}

    def test_of_a_stranger_is_not_believed_when_it_is_no_id(self, client):
        given = client.get("/login/", headers={"X-Request-ID": "a b\tc"}).headers["X-Request-ID"]
        assert len(given) == 16


def test_the_log_keeps_passwords_and_phones_to_itself(caplog, db):
    a_user("Amina", "Owner")
    with caplog.at_level(logging.DEBUG, logger="axes"):
        for _ in range(5):
            log_in("amina", "my-secret-0712345678")
    assert caplog.records
    assert "my-secret" not in caplog.text
    assert "0712345678" not in caplog.text
