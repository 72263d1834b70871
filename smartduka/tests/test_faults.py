"""Power fails, programs are killed, disks fill up – while eight tills sell.

A till asks until it gets an answer, with the same `client_ref`. Afterwards every sale that was answered is in the
books once, nothing else is, and the shop goes on without help.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import DjangoDbBlocker

from inventory.models import Product
from sales import books
from sales.benchmark.tills import Till, a_document
from sales.models import Sale
from smartduka.databases.outages import Outage
from smartduka.open_shops import ROOT, WORKERS, OpenShop, shop_environment
from smartduka.tests.builders import a_product
from smartduka.tests.load.counters import Counter, a_counter, books_apart
from smartduka.tests.load.servers import own_server
from smartduka.tests.load.trade import PATIENCE, Trade
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")

PLENTY = "100000"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Counter]:
    with django_db_blocker.unblock(), a_counter(tmp_path_factory.mktemp("faults")) as counter:
        yield counter


def wait_for_workers(shop: OpenShop) -> list[int]:
    deadline = time.monotonic() + PATIENCE
    while len(workers := shop.workers()) < WORKERS:
        assert time.monotonic() < deadline, "A worker was not replaced."
        time.sleep(0.05)
    return workers


def kill(shop: OpenShop, worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    while worker in shop.workers():
        time.sleep(0.01)


def test_a_worker_that_is_killed_loses_nothing_and_is_replaced(counter: Counter):
    trade = Trade(counter.tills, a_product("Sold through it all", stock=PLENTY, by=counter.amina))
    with trade.going_on():
        for _ in range(scaled(40)):
            workers = wait_for_workers(counter.shop)
            trade.wait_for_more()
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 – anywhere in a sale
            kill(counter.shop, random.choice(workers))  # noqa: S311
        wait_for_workers(counter.shop)
        trade.wait_for_more()
    trade.check_books()


def test_a_sale_that_dies_at_any_statement_leaves_nothing(tmp_path: Path, django_db_blocker: DjangoDbBlocker):
    with django_db_blocker.unblock(), books_apart(tmp_path) as url:
        amina = User.objects.get(username="amina")
        product = a_product("Nearly sold", stock="100", by=amina)
        connection.close()

        def die(*options: str) -> tuple[int, list[str]]:
            """How often a seller died before it came through, and what is then wrong with the books."""
            deaths = subprocess.check_output(
                [sys.executable, "-m", "smartduka.tests.load.dying", str(product.pk), str(amina.pk), *options],
                cwd=ROOT,
                env=shop_environment(url, tmp_path),
            )
            return int(deaths), list(books.audit())

        deaths, complaints = die()
        assert (deaths >= 6, complaints) == (True, [])
        assert (Sale.objects.count(), Product.objects.get(pk=product.pk).stock_quantity) == (1, 99)
        # The control: without a transaction, each death leaves what it had done until then.
        assert die("--without-transaction")[1] != []


def test_a_database_that_crashes_loses_nothing_and_is_found_again(tmp_path: Path, django_db_blocker: DjangoDbBlocker):
    with (
        own_server() as (server, daemon),
        django_db_blocker.unblock(),
        a_counter(tmp_path, server=server.url) as counter,
    ):
        trade = Trade(counter.tills, a_product("Sold through it all", stock=PLENTY, by=counter.amina))
        desk, stranger = counter.offices[0], Till(counter.shop.port)
        with trade.going_on():
            for _ in range(scaled(10)):
                trade.wait_for_more()
                daemon.crash()
                told, page, health = desk.another().sell(a_document()), desk.get("/sales/"), stranger.get("/healthz")
                daemon.start()
                assert (told.status, told.json()["error"]["code"]) == (503, "unavailable")
                assert told.json()["error"]["message"] == Outage.DOWN.value
                assert (page.status, Outage.DOWN.value in page.text) == (503, True)
                assert (health.status, health.text) == (503, "unavailable")
                trade.wait_for_more()
        connection.close()
        trade.check_books()


def test_a_database_that_is_careless_loses_what_it_acknowledged(tmp_path: Path, django_db_blocker: DjangoDbBlocker):
    """The control of the test before it."""
    careless = {
        "postgresql": ("synchronous_commit=off", "wal_writer_delay=10s"),
        "mysql": ("--innodb-flush-log-at-trx-commit=0",),
    }
    with (
        own_server(**careless) as (server, daemon),
        django_db_blocker.unblock(),
        a_counter(tmp_path, server=server.url) as counter,
    ):
        trade = Trade(counter.tills, a_product("Sold in vain", stock=PLENTY, by=counter.amina))
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT" if connection.vendor == "postgresql" else "FLUSH LOGS")
        with trade.going_on():
            for _ in range(5):  # it may have written just before it crashed
                trade.wait_for_more()
                daemon.crash()
                daemon.start()
                connection.close()
                if trade.lost():
                    return
        pytest.fail("Nothing was lost.")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a server has a disk of its own")
def test_without_room_on_the_disk_nothing_is_half_sold_and_then_selling_goes_on(counter: Counter):
    product = a_product("Sold until there is no room", stock=PLENTY, by=counter.amina)
    till, desk = counter.tills[0].another(), counter.offices[0]
    documents, answers = [], []
    with no_room(counter.shop, Path(connection.settings_dict["NAME"])):
        while not answers or (answers[-1].status == 201 and len(answers) < 1000):
            documents.append(a_document(product))
            answers.append(till.sell(documents[-1]))
        page = desk.get("/sales/")
    sold = Sale.objects.filter(lines__product=product)

    assert (answers[-1].status, answers[-1].json()["error"]["message"]) == (503, Outage.DISK.value)
    assert page.status == 200
    assert sold.count() == len(answers) - 1
    assert till.sell(documents[-1]).status == 201
    assert sold.count() == len(answers)
    assert list(books.audit()) == []


@contextmanager
def no_room(shop: OpenShop, database: Path) -> Iterator[None]:
    """No file of the shop can grow beyond the size of its database now."""
    import resource

    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in wait_for_workers(shop)}
    for pid, (_, most) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (database.stat().st_size, most))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
