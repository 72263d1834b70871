"""Every door through which the till writes: shut to strangers, to other sites, and to what is no JSON object."""

import pytest

from sales.tests.conftest import COUNTS, CUSTOMERS, SALES

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("door", [SALES, CUSTOMERS, COUNTS])]

BODY = {"name": "Zawadi", "phone": "0722 000 333"}


@pytest.fixture
def till(till_of, amina):
    """The owner's, who may do everything."""
    return till_of(amina)


def test_a_stranger_is_401_with_and_without_a_token(till, door):
    till.client.logout()
    till.refused(BODY, door, status=401, code="login_required")
    till.refused(BODY, door, status=401, code="login_required", token="")


def test_who_may_not_is_403(till_of, baraka, door):
    till_of(baraka).refused(BODY, door, status=403, code="forbidden")


@pytest.mark.parametrize("token", ["", "d" * 32, "c"])
def test_without_the_token_it_is_403(till, door, token):
    till.refused(BODY, door, status=403, code="csrf", token=token)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 20_000, b'{"a": NaN}', b"null", b"[]", b'"x"', b"1"])
def test_what_is_no_json_object_is_400(till, door, body):
    till.refused(body, door, status=400, code="invalid")


def test_more_than_a_megabyte_is_413(till, door):
    till.refused({"note": "x" * 1_000_001}, door, status=413, code="invalid")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_415(till, door, kind):
    till.refused("{}", door, status=415, code="invalid", content_type=kind)


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_post_writes(till, door, method):
    answer = getattr(till.client, method)(door)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
