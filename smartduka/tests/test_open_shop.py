"""`open_shop`: what stands between an up-to-date database and a shop that serves."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from inventory.models import Product, StockMovement
from smartduka.databases import append_only
from smartduka.management.commands import open_shop
from smartduka.tests.builders import a_product, a_user

pytestmark = pytest.mark.django_db

LOGINS = {"Owner": {"username": "amina", "password": "k3mq-9xpt"}}
LAN = "192.0.2.1"


class Opened:
    """What `open_shop` did instead of filling and serving a shop."""

    def __init__(self) -> None:
        self.served: list[tuple[str, int, int]] = []
        self.demos = 0
        self.collected = 0

    def serve(self, host: str, port: int, workers: int, welcome: Any) -> None:
        self.served.append((host, port, workers))
        welcome()

    def call(self, command: str, **options: Any) -> None:
        if command == "demo":
            self.demos += 1
        elif command == "collectstatic":
            self.collected += 1
        else:
            call_command(command, **options)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Opened:
    settings.DATA_DIR = tmp_path
    opened = Opened()
    monkeypatch.setattr(open_shop, "serve", opened.serve)
    monkeypatch.setattr(open_shop, "call_command", opened.call)
    monkeypatch.setattr(open_shop.connections, "close_all", lambda: None)
    # MariaDB would end the test's transaction for it.
    monkeypatch.setattr(append_only, "install", lambda: None)
    return opened


@pytest.fixture
def demo_logins(opened: Opened) -> Path:
    file = django_settings.DATA_DIR / "demo-logins.json"
    file.write_text(json.dumps(LOGINS), encoding="utf-8")
    return file


def open_it(*arguments: str) -> str:
    said = StringIO()
    call_command("open_shop", *arguments, stdout=said)
    return said.getvalue()


def code_file() -> Path:
    return django_settings.DATA_DIR / "first-owner-code"


# --- A demo, or none ---------------------------------------------------------------------------------------


def test_a_new_shop_is_filled_with_a_demo(opened: Opened) -> None:
    open_it()

    assert opened.demos == 1


def test_a_shop_where_somebody_works_gets_no_demo(opened: Opened) -> None:
    a_user("Amina", "Owner")

    open_it()

    assert opened.demos == 0
    assert opened.served == [("127.0.0.1", 8000, 2)]


def test_goods_copied_from_another_laptop_are_not_mixed_with_a_demo(opened: Opened) -> None:
    amina = a_user("Amina")
    a_product(by=amina)
    User.objects.all().delete()

    open_it()

    assert opened.demos == 0
    assert Product.objects.count() == 1
    assert not StockMovement.objects.exists()


def test_a_shop_that_was_to_stay_empty_stays_so_at_the_next_start(opened: Opened) -> None:
    open_it("--empty")
    open_it()

    assert opened.demos == 0


# --- Who gets in -------------------------------------------------------------------------------------------


def test_an_empty_shop_shows_the_code_for_its_first_owner(opened: Opened) -> None:
    said = open_it("--empty", "--port", "8001")

    code = code_file().read_text(encoding="utf-8")
    assert f"Make the owner's account at http://127.0.0.1:8001/welcome/ with this code: {code}\n" in said
    assert len(code.replace("-", "")) == 10


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_can_read_the_code(opened: Opened) -> None:
    open_it("--empty")

    assert code_file().stat().st_mode & 0o777 == 0o600


def test_the_code_stays_the_same_until_it_is_used(opened: Opened) -> None:
    open_it("--empty")
    first = code_file().read_text(encoding="utf-8")

    assert first in open_it("--empty")


def test_a_shop_with_people_has_no_code(opened: Opened) -> None:
    open_it("--empty")
    a_user("Amina", "Owner")

    said = open_it("--empty")

    assert "code" not in said
    assert not code_file().exists()


def test_the_demo_logins_are_shown_under_the_address(opened: Opened, demo_logins: Path) -> None:
    a_user("Amina", "Owner")

    said = open_it().splitlines()

    assert said[-3:] == [
        "SmartDuka is open at http://127.0.0.1:8000/",
        "  Owner    amina      k3mq-9xpt",
        "Ctrl-C closes the shop.",
    ]


@pytest.mark.parametrize("host", [LAN, "0.0.0.0", "::", "duka.example"])  # noqa: S104
def test_demo_logins_are_not_served_to_the_network(opened: Opened, demo_logins: Path, host: str) -> None:
    a_user("Amina", "Owner")

    with pytest.raises(CommandError, match=r"demo logins .* delete that file, and start again"):
        open_it("--host", host)

    assert opened.served == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_demo_logins_are_served_to_this_computer(opened: Opened, demo_logins: Path, host: str) -> None:
    a_user("Amina", "Owner")

    open_it("--host", host)

    assert opened.served == [(host, 8000, 2)]


def test_a_shop_of_ones_own_is_served_to_the_network(opened: Opened) -> None:
    a_user("Amina", "Owner")

    open_it("--host", LAN)

    assert opened.served == [(LAN, 8000, 2)]


def test_no_demo_is_made_for_the_network(opened: Opened) -> None:
    with pytest.raises(CommandError, match="add --empty for a shop of your own"):
        open_it("--host", LAN)

    assert opened.demos == 0
    assert opened.served == []
    assert not code_file().exists()


# --- The rest ----------------------------------------------------------------------------------------------


def test_static_files_are_collected_once_until_one_changes(
    opened: Opened, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = False
    open_it("--empty")
    open_it("--empty")
    assert opened.collected == 1

    monkeypatch.setattr(open_shop, "fingerprint_of_static_files", lambda: "another")
    open_it("--empty")
    assert opened.collected == 2


def test_the_fingerprint_of_the_static_files_changes_with_a_file(settings: Any, tmp_path: Path) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    style = tmp_path / "style.css"
    style.write_text("a {}", encoding="utf-8")
    before = open_shop.fingerprint_of_static_files()
    assert open_shop.fingerprint_of_static_files() == before

    style.write_text("a { color: red }", encoding="utf-8")
    assert open_shop.fingerprint_of_static_files() != before


def test_a_database_that_does_not_answer_is_named_in_one_sentence(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(told: Any) -> None:
        raise OperationalError("connection to server at 127.0.0.1, port 5432 failed")

    monkeypatch.setattr(open_shop, "bring_up_to_date", refused)

    with pytest.raises(CommandError, match=r"port 5432 failed\): start it, or correct DATABASE_URL"):
        open_it()

    assert opened.served == []
