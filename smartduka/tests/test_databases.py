"""What the engine of this run is asked before a shop lives in it."""

from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, transaction

from smartduka import roles
from smartduka.databases import append_only
from smartduka.databases.checks import is_mariadb
from smartduka.databases.retries import retried
from smartduka.upgrading import bring_up_to_date


@pytest.mark.django_db
def test_no_rule_of_a_model_is_left_out_on_this_engine():
    """MariaDB, for one, leaves conditional constraints out, and Django only warns of it."""
    assert [str(each) for each in checks.run_checks(databases=["default"])] == []


def test_mysql_is_refused_with_the_cure():
    with patch("smartduka.databases.checks.connections") as connections:
        connections.__getitem__.return_value.vendor = "mysql"
        connections.__getitem__.return_value.mysql_is_mariadb = False
        (error,) = is_mariadb(databases=["default"])
    assert (error.msg, "MariaDB" in error.hint) == ("SmartDuka does not run on MySQL.", True)


class Deadlock(DatabaseError):
    sqlstate = "40P01"


def deadlocked() -> OperationalError:
    error = OperationalError()
    error.__cause__ = Deadlock()
    return error


class TestRetries:
    @pytest.mark.django_db(transaction=True)
    def test_a_deadlock_is_tried_again(self):
        answers = iter([deadlocked(), deadlocked(), "sold"])
        assert retried(lambda: answer(next(answers))) == "sold"

    @pytest.mark.django_db(transaction=True)
    def test_inside_an_outer_transaction_it_is_left_to_who_began_it(self):
        answers = iter([deadlocked(), "sold"])
        with pytest.raises(OperationalError), transaction.atomic():
            retried(lambda: answer(next(answers)))
        assert next(answers) == "sold"

    @pytest.mark.django_db(transaction=True)
    def test_another_fault_is_not_tried_again(self):
        answers = iter([OperationalError("disk full"), "sold"])
        with pytest.raises(OperationalError, match="disk full"):
            retried(lambda: answer(next(answers)))
        assert next(answers) == "sold"


def answer(what: object) -> object:
    if isinstance(what, Exception):
        raise what
    return what


@pytest.mark.django_db(transaction=True)
def test_opening_the_shop_repairs_what_only_migrate_installs():
    call_command("migrate", verbosity=0)
    append_only.lift()
    cashier = Group.objects.get(name="Cashier")
    cashier.permissions.clear()
    bring_up_to_date(pytest.fail)
    assert append_only.missing() == []
    assert cashier.permissions.count() == len(roles.CASHIER)
