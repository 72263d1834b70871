"""What a database is made of, and which of its rows no copy has."""

import pytest

from smartduka.databases import schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_more(monkeypatch):
    """Another app whose rows are of the moment."""
    monkeypatch.setattr(schema, "TRANSIENT", (*schema.TRANSIENT, "admin"))
    schema._models.cache_clear()
    yield
    schema._models.cache_clear()


def test_the_rows_of_the_moment_are_logins_and_lock_outs():
    assert schema.transient_tables() == [
        "axes_accessattempt",
        "axes_accessattemptexpiration",
        "axes_accessfailurelog",
        "axes_accesslog",
        "django_session",
    ]


def test_an_app_that_is_named_as_of_the_moment_is_left_out_by_every_kind_of_copy(one_more):
    assert "django_admin_log" in schema.transient_tables()
    assert "admin.LogEntry" not in [model._meta.label for model in schema.models(schema.applied())]
