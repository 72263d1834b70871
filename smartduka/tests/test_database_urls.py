"""What the shop makes of DATABASE_URL."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from smartduka import env
from smartduka.databases import engines


@pytest.mark.parametrize("place", ["localhost", "127.0.0.1:3307", "[::1]:3306", ""])
def test_nothing_is_encrypted_on_its_way_to_a_mariadb_on_this_computer(place):
    options = engines.configured(f"mysql://duka:secret@{place}/duka")["OPTIONS"]
    assert options["ssl_disabled"] is True


@pytest.mark.parametrize("address", ["db.example/duka", "10.0.0.2:3306/duka", "127.0.0.1/duka?ssl_ca=/etc/ca.pem"])
def test_a_mariadb_elsewhere_or_with_certificates_is_spoken_to_in_cipher(address):
    assert "ssl_disabled" not in engines.configured(f"mysql://duka:secret@{address}")["OPTIONS"]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////var/lib/duka/d%C3%BCka%3F.sqlite3",
        "postgres://duka:p%40ss%2F%3A%25@db.example:5432/duka",
        "mysql://duka@127.0.0.1:3306/duka",
        "postgres://duka@db.example/duka?sslmode=verify-full&connect_timeout=5",
        "mysql://duka:s@db.example/duka?ssl_ca=%2Fetc%2Fca.pem",
        "mysql://duka:s@db.example/duka?ssl-ca=%2Fetc%2Fca.pem",
        "mysql://duka:s@db.example/duka?ssl_disabled=True",
        "mysql://duka:s@127.0.0.1/duka?ssl_disabled=False",
    ],
)
def test_the_url_of_a_database_leads_to_it_again(url):
    assert engines.url_of(engines.configured(url)) == url


def test_another_engine_is_refused_with_what_to_write():
    with pytest.raises(ImproperlyConfigured, match="Write postgres://… or mysql://…"):
        engines.configured("oracle://duka:secret@db.example/duka")


@pytest.mark.parametrize(
    "url", ["postgres://duka@localhost", "mysql://duka@localhost:3306/", "duka", "postgres://h:x/d"]
)
def test_an_address_that_names_no_database_is_refused_with_what_to_write(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL cannot be used .* Write postgres://.*/name, or"):
        env.database("DATABASE_URL", default={})
