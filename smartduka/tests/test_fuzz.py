"""Whatever is asked, by whomever: never a server error, and the books tie out afterwards.

The requests are the same in every run; SMARTDUKA_TEST_SEED makes others. A failure prints the request, which can be
asked again: `Request(…).ask(client)`, in a shop as `fuzz.duka.open_shop` makes it.
"""

import itertools
import logging
import os
import random
from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from sales import books
from smartduka import first_owner
from smartduka.tests.backedup import a_backup_of_now
from smartduka.tests.fuzz import duka
from smartduka.tests.fuzz.addresses import routes
from smartduka.tests.fuzz.asking import made_up
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.django_db

SEED = int(os.environ.get("SMARTDUKA_TEST_SEED") or 7)
REQUESTS_A_SHOP = 200
"""After so many, the shop is as it was: otherwise soon nobody could log in, and nothing would be for sale."""

People = dict[str, User | None]


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """What is refused is logged, thousands of times."""
    for name in ("django", "axes"):
        caplog.set_level(logging.CRITICAL, name)


@pytest.fixture(autouse=True)
def _backed_up(db, backup_dir, begun):
    """There is a backup to ask for, and nobody does what pages ask for in a process of its own."""
    a_backup_of_now(backup_dir, kind="portable")


@pytest.fixture
def _code():
    first_owner.code_file().write_text("AB12", encoding="utf-8")
    yield
    first_owner.code_file().unlink(missing_ok=True)


def test_no_request_makes_a_server_error():
    statuses = ask_all(duka.everybody_everywhere(routes()), duka.open_shop(), count=scaled(20_000))
    assert set(statuses) >= {200, 201, 302, 400, 401, 403, 404, 405, 415, 422}


@pytest.mark.usefixtures("_code")
def test_no_request_to_an_empty_shop_makes_one_either():
    everywhere = [(route, "a stranger") for route in sorted(set(routes()))]
    statuses = ask_all(everywhere + [("welcome/", "a stranger")] * 100, {"a stranger": None}, count=scaled(2000))
    assert set(statuses) >= {200, 302, 404, 405}


def ask_all(asked: list[tuple[str, str]], people: People, *, count: int) -> Counter[int]:
    """Each of `asked`, again and again until `count` requests were made; how often each status came."""
    dice = random.Random(SEED)  # noqa: S311 – examples, not secrets
    dice.shuffle(asked)
    numbered = enumerate(itertools.islice(itertools.cycle(asked), max(count, len(asked))))
    statuses: Counter[int] = Counter()
    while chunk := list(itertools.islice(numbered, REQUESTS_A_SHOP)):
        with transaction.atomic():
            clients, known = duka.log_in(people), duka.what_is_known()
            for number, (route, who) in chunk:
                statuses[ask(number, route, who, people, clients, known)] += 1
            assert list(books.audit()) == []
            transaction.set_rollback(True)
    print(f"Seed {SEED}: {statuses.total()} requests, {dict(sorted(statuses.items()))}")
    return statuses


def ask(number: int, route: str, who: str, people: People, clients: dict[str, Client], known: duka.Known) -> int:
    """The status of one request, which says how to ask it again when it fails."""
    if people[who] and "sessionid" not in clients[who].cookies:
        clients[who] = duka.log_in({who: people[who]})[who]
    request = None
    try:
        request = made_up(route, clients[who], random.Random(f"{SEED}.{number}"), known)  # noqa: S311
        status = request.ask(clients[who]).status_code
    except Exception:
        print(f"Request {number} of seed {SEED}, by {who}: {request or 'the page of ' + route}")
        raise
    assert status < 500, f"Request {number} of seed {SEED}, by {who}: {request} is answered with {status}"
    return status
