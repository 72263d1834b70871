"""What makes the races of `test_races.py` end well: each is run with the gap between looking and writing held open,
once with its protection and once without, and goes wrong without it.

PostgreSQL then sells what is not there. SQLite and, mostly, MariaDB notice late that two transactions stand in each
other's way, and end one of them: the cashier gets an error where there should be a sentence.
"""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from customers import ledger as customer_ledger
from inventory import ledger as stock_ledger
from inventory.models import Product
from inventory.receipts import ReceiptLine, receive_goods
from sales import books, paymentcodes, payments, prints, refunds, returns
from sales.benchmark.tills import at_once
from sales.models import ReceiptPrint, Sale
from sales.tenders import CASH
from smartduka.databases import retries
from smartduka.models import Shop
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON, a_customer, a_line, a_product, a_sale, a_voucher, paid
from smartduka.tests.load.counters import books_apart

Action = Callable[[], Any]
SECONDS_KEPT_OUT = 0.5
SECONDS_TO_MEET = 30
"""Long enough for a busy machine: two who are not kept apart do meet."""


@pytest.fixture(scope="module")
def amina(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """The owner, in a database that several threads can open, and that may be left broken."""
    with django_db_blocker.unblock(), books_apart(tmp_path_factory.mktemp("controls")):
        yield User.objects.get(username="amina")


@pytest.fixture
def is_sqlite(amina: User) -> bool:
    """Here every writer waits for every other one."""
    return connection.vendor == "sqlite"


@pytest.fixture
def wrong_ends(amina: User) -> list[dict[str, int]]:
    """How two changes of one product's stock can end without locks: both done, or one an error.

    The second may also come so late that the trigger sees the first one's movement, and refuses the stale stock.
    """
    both_done, one_error = {"done": 2}, {"done": 1, "OperationalError": 1}
    caught = {"done": 1, "IntegrityError": 1}
    ends = {"postgresql": [both_done, caught], "sqlite": [one_error], "mysql": [both_done, one_error, caught]}
    return ends[connection.vendor]


def race(*actions: Action) -> Tally[str]:
    """How the actions end when all start at once: done, refused with a code, or an error of the database."""

    def end(action: Action) -> str:
        try:
            action()
        except Refusal as refusal:
            return refusal.code
        except DatabaseError as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    return Tally(at_once(*(lambda action=action: end(action) for action in actions)))


class Meeting:
    """Two who have looked wait for each other, once; or for a while, where one of them is kept out."""

    def __init__(self, seconds: float) -> None:
        self._both = threading.Barrier(2)
        self._is_over = threading.Event()
        self._seconds = seconds

    def wait(self) -> None:
        if not self._is_over.is_set():
            with suppress(threading.BrokenBarrierError):
                self._both.wait(self._seconds)
            self._is_over.set()


@contextmanager
def gap_after(owner: Any, name: str, *, seconds: float = SECONDS_KEPT_OUT) -> Iterator[None]:
    """Between looking and writing there is time for the other one."""
    look, meeting = getattr(owner, name), Meeting(seconds)

    def widened(*args: Any, **kwargs: Any) -> Any:
        seen = look(*args, **kwargs)
        meeting.wait()
        return seen

    with patch.object(owner, name, widened):
        yield


@contextmanager
def no_locks() -> Iterator[None]:
    """Rows are read without being locked, on SQLite a transaction begins without the right to write, and nothing is
    tried again."""
    with ExitStack() as off:
        off.enter_context(patch.object(QuerySet, "select_for_update", lambda rows: rows.all()))
        off.enter_context(patch.object(retries, "_ATTEMPTS", 1))
        if connection.vendor == "sqlite":
            options = connections.settings["default"]["OPTIONS"]
            off.enter_context(patch.dict(options, transaction_mode="DEFERRED"))
        yield


@contextmanager
def locking_in_the_baskets_order(*, seconds: float) -> Iterator[None]:
    """The stock ledger locks one product after the other, with time for the other till after the first."""
    lock, meeting = stock_ledger.lock, Meeting(seconds)

    def lock_each(wanted: Iterable[int]) -> dict[int, Product]:
        locked = {}
        for pk in wanted:
            locked |= lock([pk])
            meeting.wait()
        return locked

    with patch.object(stock_ledger, "lock", lock_each):
        yield


def sale_of(product: Product, by: User, **fields: Any) -> Action:
    return lambda: a_sale([a_line(product)], [fields.pop("tender", paid("60"))], by=by, **fields)


def test_without_locks_the_last_piece_is_sold_twice(amina: User, wrong_ends: list[dict[str, int]]):
    guarded, unguarded = (a_product(f"Last {name}", stock="1", by=amina) for name in ("guarded", "unguarded"))

    with gap_after(stock_ledger, "lock"):
        assert race(sale_of(guarded, amina), sale_of(guarded, amina)) == {"done": 1, "insufficient_stock": 1}
    with gap_after(stock_ledger, "lock", seconds=SECONDS_TO_MEET), no_locks():
        ends = race(sale_of(unguarded, amina), sale_of(unguarded, amina))

    assert ends in wrong_ends
    complaints = list(books.audit())
    assert not [sentence for sentence in complaints if guarded.name in sentence]
    assert len([sentence for sentence in complaints if unguarded.name in sentence]) == ends["done"] - 1


def test_without_locks_a_receipt_or_a_sale_is_forgotten(amina: User, wrong_ends: list[dict[str, int]]):
    guarded, unguarded = (a_product(f"Filled {name}", stock="10", by=amina) for name in ("guarded", "unguarded"))

    def receive(product: Product) -> Action:
        line = ReceiptLine(product.pk, 5, cost=Decimal(50), cost_for=1)
        return lambda: receive_goods([line], a_voucher(amina))

    with gap_after(stock_ledger, "lock"):
        assert race(receive(guarded), sale_of(guarded, amina)) == {"done": 2}
    with gap_after(stock_ledger, "lock", seconds=SECONDS_TO_MEET), no_locks():
        assert race(receive(unguarded), sale_of(unguarded, amina)) in wrong_ends

    assert Product.objects.get(pk=guarded.pk).stock_quantity == 10 + 5 - 1
    assert Product.objects.get(pk=unguarded.pk).stock_quantity in {10 + 5, 10 - 1}


def test_without_locks_two_charges_pass_the_limit(amina: User, is_sqlite: bool):
    goods = [a_product(f"On account {at}", stock="10", price="600", by=amina) for at in range(2)]
    guarded, unguarded = (a_customer(f"Limited {at}", limit="1000") for at in range(2))

    def buy(customer: Any) -> list[Action]:
        return [sale_of(product, amina, customer=customer, tender=paid("600", "on_account")) for product in goods]

    with gap_after(customer_ledger, "balance"):
        assert race(*buy(guarded)) == {"done": 1, "credit_limit": 1}
    # On SQLite the second one fails before it has looked.
    with (
        gap_after(customer_ledger, "balance", seconds=SECONDS_KEPT_OUT if is_sqlite else SECONDS_TO_MEET),
        no_locks(),
    ):
        ends = race(*buy(unguarded))

    assert customer_ledger.balance(guarded) == Decimal("600.00")
    assert ends == ({"done": 1, "OperationalError": 1} if is_sqlite else {"done": 2})
    assert customer_ledger.balance(unguarded) == (Decimal("600.00") if is_sqlite else Decimal("1200.00"))


@pytest.mark.parametrize("is_void", [False, True], ids=["return", "void"])
def test_without_the_sales_lock_only_the_database_stops_a_second_refund(amina: User, is_sqlite: bool, is_void: bool):
    # Airtime has no stock, whose own lock would stand in the way.
    product = a_product(f"Comes back {is_void}", is_counted=False, by=amina)
    guarded, unguarded = (sale_of(product, amina)() for _ in range(2))

    def bring_back(sale: Sale) -> None:
        how = {"refund": returns.Refund(CASH), "shop": Shop.current(), "voucher": a_voucher(amina, note="Stale")}
        if is_void:
            returns.void(sale.pk, **how)
        else:
            returns.take_back(sale.pk, [returns.ReturnedLine(sale.lines.get().pk, 1)], **how)

    with gap_after(refunds, "_returned_quantities"):
        assert race(*[lambda: bring_back(guarded)] * 2) == {"done": 1, "invalid": 1}
    with gap_after(refunds, "_returned_quantities", seconds=SECONDS_TO_MEET), no_locks():
        ends = race(*[lambda: bring_back(unguarded)] * 2)

    assert ends == {"done": 1, "OperationalError" if is_sqlite else "IntegrityError": 1}


def test_without_the_sales_lock_the_database_stops_a_second_original(amina: User, is_sqlite: bool):
    product = a_product("Printed", is_counted=False, by=amina)
    guarded, unguarded = (sale_of(product, amina)() for _ in range(2))

    def print_twice(sale: Sale) -> Tally[str]:
        return race(*[lambda: prints.record(sale, at=NOON, by=amina)] * 2)

    with gap_after(prints, "_printed"):
        assert print_twice(guarded) == {"done": 2}
    with gap_after(prints, "_printed", seconds=SECONDS_TO_MEET), no_locks():
        ends = print_twice(unguarded)

    assert sorted(ReceiptPrint.objects.filter(sale=guarded).values_list("ordinal", flat=True)) == [1, 2]
    assert ends == {"done": 1, "OperationalError" if is_sqlite else "IntegrityError": 1}
    assert ReceiptPrint.objects.get(sale=unguarded).ordinal == 1


def test_without_the_second_look_a_sale_that_was_sent_twice_is_an_error(amina: User):
    product = a_product("Sent twice", stock="2", by=amina)
    guarded, unguarded = (sale_of(product, amina, client_ref=uuid4()) for _ in range(2))

    assert race(guarded, guarded) == {"done": 2}
    with patch.object(type(Sale.objects), "filter", lambda sales, **_: sales.none()):
        assert race(unguarded, unguarded) == {"done": 1, "IntegrityError": 1}
    assert race(unguarded, unguarded) == {"done": 2}
    assert Product.objects.get(pk=product.pk).stock_quantity == 0


def test_without_the_unique_row_a_code_pays_twice(amina: User):
    product, customer = a_product("Paid by phone", stock="10", by=amina), a_customer("Pays by phone")

    def use(code: str, *, asks_first: bool = False) -> list[Action]:
        tendered = paid("60", "mpesa", code)

        def after_asking(action: Action) -> Action:
            return lambda: (asks_first and paymentcodes.refuse_used([tendered]), action())

        return [
            after_asking(sale_of(product, amina, tender=tendered)),
            after_asking(lambda: payments.receive_payment(customer.pk, tendered, a_voucher(amina))),
        ]

    assert race(*use("GUARDED001")) == {"done": 1, "reference_used": 1}
    with gap_after(paymentcodes, "refuse_used", seconds=SECONDS_TO_MEET), patch.object(paymentcodes, "hold"):
        assert race(*use("UNGUARDED1", asks_first=True)) == {"done": 2}


def test_in_the_order_of_the_baskets_two_tills_block_each_other(amina: User, is_sqlite: bool):
    otieno = User.objects.get(username="otieno")
    goods = [a_product(f"Crossed {at}", stock="10", by=amina) for at in range(2)]

    def sell_both_ways() -> Tally[str]:
        # Two cashiers: one alone would wait for the own till session, before any goods.
        sales = ((amina, goods), (otieno, goods[::-1]))
        return race(
            *(
                lambda by=by, order=order: a_sale([a_line(each) for each in order], [paid("120")], by=by)
                for by, order in sales
            )
        )

    # On SQLite the second one is kept out altogether.
    seconds = SECONDS_KEPT_OUT if is_sqlite else SECONDS_TO_MEET
    with patch.object(retries, "_ATTEMPTS", 1):
        with gap_after(stock_ledger, "lock"):
            assert sell_both_ways() == {"done": 2}
        with locking_in_the_baskets_order(seconds=seconds):
            assert sell_both_ways() == ({"done": 2} if is_sqlite else {"done": 1, "OperationalError": 1})
    # And should it happen all the same, whoever was sent away comes again.
    with locking_in_the_baskets_order(seconds=seconds):
        assert sell_both_ways() == {"done": 2}
