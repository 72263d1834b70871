"""One database takes the place of another: whole or not at all, whoever uses it meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
from django.db import connection, connections

from inventory.models import Category
from smartduka.databases import append_only
from smartduka.tests.native import MARKS, OURS, build, databases, everything, fill_both, marks, script

pytestmark = pytest.mark.django_db

TILL = """
import time, django
django.setup()
from django.db import OperationalError, transaction
from inventory.models import Category
from smartduka.databases.outages import Outage, outage_of
from smartduka.tests.native import marks
seen, until = [], time.monotonic() + 60
while time.monotonic() < until and seen.count("new") < 20 and "new+old" not in seen:
    try:
        with transaction.atomic():
            words = marks("default")
            Category.objects.create(name=f"{min(words)} {time.monotonic()}")
    except OperationalError as error:
        if outage_of(error) is not Outage.BUSY:
            raise
    else:
        seen.append("+".join(sorted(words)))
        if len(seen) == 1:
            print("open", flush=True)
print(*seen)
"""
"""A till: in each transaction it looks at all tables that bear a mark, and writes. It closes when it has seen a
mixture, or enough of the new shop, and prints what it saw."""


LATE_SALE = """
import time, django
django.setup()
from django.db import transaction
from inventory.models import Category
with transaction.atomic():
    Category.objects.create(name="late")
    print("open", flush=True)
    time.sleep(0.5)
print("sold")
"""
"""A till that is in the middle of a sale when the swap begins."""


@pytest.fixture
def live(trading_copy: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of an old shop in the database live; a new one is in ready."""
    with databases(tmp_path, "live", "ready") as (live, _):
        fill_both(trading_copy)
        yield live


@contextmanager
def a_till_at_work(url: str, folder: Path, work: str = TILL) -> Iterator["Popen[str]"]:
    with script(work, url, folder) as till:
        assert till.stdout
        if till.stdout.readline() != "open\n":
            pytest.fail(till.communicate()[1])
        yield till


def what_it_saw(till: "Popen[str]") -> list[str]:
    """Each thing once, in order."""
    printed, said = till.communicate(timeout=90)
    assert till.returncode == 0, said
    return list(dict.fromkeys(printed.split()))


def test_live_becomes_what_ready_was(live):
    rows, made = everything("ready"), build("ready")
    OURS.swap("live", "ready")
    assert everything("live") == rows
    assert build("live") == made
    assert append_only.missing("live") == []


def test_the_next_keys_follow_those_of_the_new_rows(live):
    last = Category.objects.using("ready").create(name="Mboga").pk
    OURS.swap("live", "ready")
    assert Category.objects.using("live").create(name="Matunda").pk == last + 1


def test_an_empty_database_is_filled(trading_copy, tmp_path):
    with databases(tmp_path, "live", "ready"):
        OURS.load("ready", trading_copy)
        rows = everything("ready")
        OURS.swap("live", "ready")
        assert everything("live") == rows


def test_a_broken_shop_is_cleared_away_and_what_others_keep_there_is_not(live):
    append_only.lift("live")
    with connections["live"].cursor() as cursor:
        cursor.execute("DROP TABLE sales_receiptprint")
        cursor.execute("CREATE TABLE sales_forgotten (id integer)")
        cursor.execute("CREATE TABLE notes_of_others (note integer)")
    OURS.swap("live", "ready")
    tables = set(connections["live"].introspection.table_names())
    assert marks("live") == {"new"}
    # A SQLite file is the shop's as a whole.
    kept = {"notes_of_others"} if connection.vendor != "sqlite" else set()
    assert {"sales_receiptprint", "sales_forgotten", "notes_of_others"} & tables == {"sales_receiptprint"} | kept


def test_a_till_sees_the_old_shop_and_then_the_new_one_and_goes_on(live, tmp_path):
    with a_till_at_work(live, tmp_path) as till:
        OURS.swap("live", "ready")
        assert what_it_saw(till) == ["old", "new"]
    assert Category.objects.using("live").filter(name__startswith="new").count() >= 20


def test_a_till_would_see_a_mixture_if_table_after_table_were_changed(live, tmp_path):
    # The control: the first table is the new one, the others are not yet.
    with a_till_at_work(live, tmp_path) as till:
        for row in MARKS[0].objects.using("ready").all():
            MARKS[0].objects.using("live").filter(pk=row.pk).update(name=row.name)
        assert what_it_saw(till) == ["old", "new+old"]


class LateSale(Exception):
    """Seen just before the swap."""


def refuse_late_sale() -> None:
    if Category.objects.using("live").filter(name="late").exists():
        raise LateSale


def test_what_is_written_while_the_swap_waits_for_it_stops_it(live, tmp_path):
    with a_till_at_work(live, tmp_path, LATE_SALE) as till:
        with pytest.raises(LateSale):
            OURS.swap("live", "ready", at_last=refuse_late_sale)
        assert what_it_saw(till) == ["sold"]
    assert Category.objects.using("live").filter(name="late").exists()
    assert marks("live") == {"old", "late"}
    assert append_only.missing("live") == []


def test_what_is_written_while_the_swap_waits_for_it_would_be_lost(live, tmp_path):
    # The control: nobody looks again.
    with a_till_at_work(live, tmp_path, LATE_SALE) as till:
        OURS.swap("live", "ready")
        assert what_it_saw(till) == ["sold"]
    assert marks("live") == {"new"}
