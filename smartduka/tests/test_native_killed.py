"""The power fails in the middle of a swap: the database is the old one whole or the new one whole, and works."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connections
from django.utils import timezone

from inventory.models import Category
from sales.models import Sale
from smartduka.databases import append_only
from smartduka.tests.native import OURS, databases, everything, fill_both, mark, marks, script
from smartduka.tests.scale import scaled
from smartduka.tests.waiting import wait_until_alone

pytestmark = pytest.mark.django_db

SWAP = """
import os, signal, sys, time, django
django.setup()
from django.db import connection, connections
from smartduka.databases import aliases, native

left, statements = int(sys.argv[2]), 0

def count(execute, sql, params, many, context):
    global statements
    statements += 1
    if statements == left:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with aliases.beside(sys.argv[1], "ready"):
    connection.ensure_connection()
    print("begins", flush=True)
    began = time.monotonic()
    with connection.execute_wrapper(count), connections["ready"].execute_wrapper(count):
        native.of(connection.vendor).swap("default", "ready")
    print(time.monotonic() - began, statements)
"""
"""Swaps, and dies before so many statements; 0 lives, and prints how long it took and how many there were."""


@pytest.fixture
def urls(trading_copy: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """An old shop in the database live, and a new one in ready, large enough that a swap takes its time."""
    with databases(tmp_path, "live", "ready") as (live, ready):
        fill_both(trading_copy)
        for using in ("live", "ready"):
            for number in range(20):
                words = {"session_data": f"{using} {number}" * 50_000, "expire_date": timezone.now()}
                Session.objects.using(using).create(session_key=f"key {number}", **words)
        yield live, ready


def swap(urls: tuple[str, str], folder: Path) -> tuple[float, int]:
    """How long it takes, and of how many statements it is, when nobody kills it."""
    live, ready = urls
    with script(SWAP, live, folder, ready, "0") as swapping:
        printed, said = swapping.communicate(timeout=120)
    assert swapping.returncode == 0, said
    _, seconds, statements = printed.split()
    return float(seconds), int(statements)


def killed(urls: tuple[str, str], folder: Path, *, before: int = 0, after: float = 60) -> None:
    """Kill a swap before a statement, or after so many seconds."""
    live, ready = urls
    with script(SWAP, live, folder, ready, str(before)) as swapping:
        assert swapping.stdout
        assert swapping.stdout.readline() == "begins\n"
        ends = time.monotonic() + after
        while time.monotonic() < ends and swapping.poll() is None:
            time.sleep(0.001)
        swapping.kill()
    wait_until_alone("live")


def is_in_order() -> bool:
    """The next start of the shop puts in place what is missing; it can be written, and facts cannot be changed."""
    call_command("migrate", database="live", verbosity=0)
    Category.objects.using("live").create(name=f"After {time.monotonic()}")
    with pytest.raises(IntegrityError, match="append-only"), connections["live"].cursor() as cursor:
        cursor.execute(f"UPDATE {Sale._meta.db_table} SET id = id + 1000")
    return append_only.missing("live") == []


def stage_again(copy: Path) -> None:
    """Let the next swap begin as the first one did."""
    Category.objects.using("live").filter(name__startswith="After").delete()
    mark("live", "old")
    if not connections["ready"].introspection.table_names():
        OURS.load("ready", copy)
        mark("ready", "new")


def test_a_swap_that_is_killed_is_done_whole_or_not_at_all(urls, trading_copy, tmp_path):
    seconds, statements = swap(urls, tmp_path)
    stage_again(trading_copy)
    kills, ended = scaled(40), set()
    for kill in range(kills):
        old, new, part = everything("live"), everything("ready"), (kill + 0.5) / kills
        if kill % 2:
            killed(urls, tmp_path, before=1 + int(part * statements))
        else:
            killed(urls, tmp_path, after=part * seconds)
        found = everything("live")
        assert found in (old, new), f"after kill {kill} of {kills}"
        ended |= marks("live")
        assert is_in_order()
        stage_again(trading_copy)
    assert "old" in ended
