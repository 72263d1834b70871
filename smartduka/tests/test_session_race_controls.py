"""What keeps a sale out of a drawer that is being counted: with its lock taken away, the Z report misses a sale, or
the database has the last word and the cashier gets an error."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import Group, User

from sales import books, drawer, sessions
from sales.drawer import Count
from sales.models import TillSession
from smartduka.tests.builders import a_product, a_voucher
from smartduka.tests.test_race_controls import (
    SECONDS_KEPT_OUT,
    SECONDS_TO_MEET,
    Meeting,
    amina,  # noqa: F401 – the fixture
    no_locks,
    race,
    sale_of,
)


@contextmanager
def gap_between(*looks: tuple[Any, str], seconds: float) -> Iterator[None]:
    """After either has looked there is time for the other one to look, too."""
    meeting = Meeting(seconds)

    def widened(look: Any) -> Any:
        def and_wait(*args: Any, **kwargs: Any) -> Any:
            seen = look(*args, **kwargs)
            meeting.wait()
            return seen

        return and_wait

    with ExitStack() as gaps:
        for owner, name in looks:
            gaps.enter_context(patch.object(owner, name, widened(getattr(owner, name))))
        yield


def a_cashier(name: str) -> User:
    person = User.objects.create_user(name)
    person.groups.add(Group.objects.get(name="Cashier"))
    return person


def sell_while_it_is_counted(cashier: User, owner: User, *, seconds: float) -> tuple[Tally[str], TillSession]:
    product = a_product(f"Sold by {cashier}", stock="10", by=owner)
    session = sessions.open_session(Decimal(0), a_voucher(cashier))
    looks = (sessions, "lock_open"), (drawer, "expected_cash")
    with gap_between(*looks, seconds=seconds):
        ends = race(
            sale_of(product, cashier),
            lambda: sessions.close_session(session.pk, Count({}), a_voucher(cashier)),
        )
    session.refresh_from_db()
    return ends, session


def test_without_the_sessions_lock_a_z_report_misses_a_sale(amina: User) -> None:  # noqa: F811
    ends, guarded = sell_while_it_is_counted(a_cashier("guarded"), amina, seconds=SECONDS_KEPT_OUT)
    assert ends == {"done": 2}
    assert not guarded.is_open
    assert list(books.audit()) == []

    with no_locks():
        ends, unguarded = sell_while_it_is_counted(a_cashier("unguarded"), amina, seconds=SECONDS_TO_MEET)
    missed = [f"Till session {unguarded.pk}: it expected 0.00, its float and its rows make it 60.00."]
    if ends == {"done": 2}:
        assert list(books.audit()) == missed
    else:
        assert ends["done"] == 1
        assert ends["OperationalError"] + ends["IntegrityError"] == 1
