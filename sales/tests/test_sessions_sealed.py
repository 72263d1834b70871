"""A till session is closed once; the database itself keeps it so, and every refusal here has its control."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from sales import payments, returns, sessions
from sales.drawer import Count
from sales.models import CashMovement, Payment, Return, Sale, TillSession
from sales.tenders import CASH
from smartduka.databases import append_only
from smartduka.models import Shop
from smartduka.tests.builders import a_customer, a_line, a_product, a_sale, a_user, a_voucher, paid

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = (Sale, Return, Payment, CashMovement)


@pytest.fixture
def closed() -> TillSession:
    """A closed session of Amina's, in which one of everything happened."""
    amina = a_user("Amina", "Owner")
    bread, wanjiku = a_product(stock="10", by=amina), a_customer("Wanjiku", limit="5000")
    sale, voucher = a_sale([a_line(bread)], [paid("60")], by=amina), a_voucher(amina, note="Why")
    payments.receive_payment(wanjiku.pk, paid("20"), voucher)
    sessions.pay_in(sale.till_session_id, Decimal(20), voucher)
    returns.void(sale.pk, refund=returns.Refund(CASH), shop=Shop.current(), voucher=voucher)
    return sessions.close_session(sale.till_session_id, Count({20: 2}), voucher)


@pytest.fixture
def opened(closed: TillSession) -> TillSession:
    """The next one."""
    return sessions.open_session(Decimal(100), a_voucher(closed.cashier))


def copy_of(row: models.Model, **fields: object) -> Callable[[], object]:
    """Insert the row once more, with these fields, as a program that knows no rules would."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values["id"]
    values |= {name: uuid4() for name in ("client_ref", "close_ref") if values.get(name)}
    # What is unique beside that would be refused anyway.
    values |= {name: None for name in ("voided_sale_id", "reverses_id") if name in values}

    def insert() -> object:
        with transaction.atomic():
            return models.QuerySet(type(row)).bulk_create([type(row)(**{**values, **fields})])

    return insert


def change(row: TillSession, **fields: object) -> int:
    with transaction.atomic():
        return models.QuerySet(TillSession).filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
class TestEveryPart:
    def test_joins_no_session_that_is_closed(self, part, closed):
        row = part.objects.get(till_session=closed)
        with pytest.raises(IntegrityError, match="joins no row of sales_tillsession that is closed"):
            copy_of(row)()
        assert part.objects.count() == 1

    def test_joins_one_that_is_open_or_for_old_sales_none(self, part, closed, opened):
        row = part.objects.get(till_session=closed)
        copy_of(row, till_session_id=opened.pk)()
        if part is not CashMovement:
            copy_of(row, till_session_id=None)()

    def test_would_join_a_closed_one_without_the_triggers(self, part, closed):
        row = part.objects.get(till_session=closed)
        with append_only.lifted():
            copy_of(row)()
        assert part.objects.filter(till_session=closed).count() == 2


SHUT = {
    "note": "Nothing was missing",
    "over_short": Decimal(0),
    "closed_at": timezone.now(),
    "open_for": models.F("cashier"),
}


class TestASession:
    @pytest.mark.parametrize("column", SHUT)
    def test_that_is_closed_never_changes(self, closed, column):
        before = TillSession.objects.values().get()
        with pytest.raises(IntegrityError, match="changes once, when it is closed"):
            change(closed, **{column: SHUT[column]})
        assert TillSession.objects.values().get() == before

    def test_that_is_closed_would_change_without_the_triggers(self, closed):
        with append_only.lifted():
            assert change(closed, note="Nothing was missing") == 1

    @pytest.mark.parametrize(
        ("column", "value"),
        [("note", "Later"), ("opening_float", Decimal(1)), ("opened_at", timezone.now()), ("is_automatic", True)],
    )
    def test_that_is_open_changes_only_by_being_closed(self, opened, column, value):
        with pytest.raises(IntegrityError, match="changes once, when it is closed"):
            change(opened, **{column: value})
        with append_only.lifted():
            assert change(opened, **{column: value}) == 1

    @pytest.mark.parametrize(
        "fixed", [{"opening_float": Decimal(1)}, {"opened_on": timezone.localdate() - timedelta(days=9)}]
    )
    def test_keeps_how_it_began_when_it_is_closed(self, closed, opened, fixed):
        ending = {
            name: getattr(closed, name)
            for name in ("open_for", "closed_at", "closed_on", "closed_by", "expected", "counted", "over_short")
        }
        with pytest.raises(IntegrityError, match="changes once, when it is closed"):
            change(opened, **ending, **fixed)
        assert change(opened, **ending) == 1

    def test_is_never_deleted(self, closed, opened):
        def delete() -> int:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM sales_tillsession WHERE id = {opened.pk}")
                return cursor.rowcount

        with pytest.raises(IntegrityError, match="closed, never deleted"):
            delete()
        with append_only.lifted():
            assert delete() == 1

    def test_begins_open(self, closed):
        with pytest.raises(IntegrityError, match="begins open"):
            copy_of(closed)()
        with append_only.lifted():
            copy_of(closed)()

    def test_is_one_per_person(self, opened):
        with pytest.raises(IntegrityError):
            copy_of(opened)()


def test_half_way_through_the_migrations_nothing_is_sealed_and_at_the_end_everything():
    call_command("migrate", "sales", "0011", verbosity=0)
    assert append_only.missing() == []
    call_command("migrate", verbosity=0)
    append_only.lift()
    sealed = {name for name in append_only.missing() if name.startswith("seals_")}
    append_only.install()
    parts = {f"seals_{part._meta.db_table}_insert" for part in PARTS}
    assert parts | {f"seals_sales_tillsession_{event}" for event in ("insert", "update", "delete")} <= sealed
