"""The database refuses to change a fact, even when Python is not asked; and it can be told when it does not."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from customers.models import Customer
from inventory import receipts
from inventory.models import Product
from sales import payments, prints, returns, sessions
from sales.tenders import CASH
from smartduka import events
from smartduka.databases import append_only
from smartduka.ledger import AppendOnly, LedgerRow
from smartduka.models import Shop
from smartduka.tests.builders import (
    a_customer,
    a_line,
    a_product,
    a_sale,
    a_user,
    a_voucher,
    paid,
    what_is_written,
)

pytestmark = pytest.mark.django_db(transaction=True)

FACTS = [model for model in apps.get_models() if issubclass(model, LedgerRow)]


@pytest.fixture
def bread() -> Product:
    """A product with a trade behind it that left a row in every ledger."""
    amina: User = a_user("Amina", "Owner")
    bread = a_product("Bread 400 g", price="65", cost="50", by=amina)
    receipts.receive_goods([receipts.ReceiptLine(bread.pk, 10, Decimal(50), 1)], a_voucher(amina))
    wanjiku: Customer = a_customer("Wanjiku", limit="5000")
    sale = a_sale([a_line(bread, "2")], [paid("130", "on_account")], customer=wanjiku, by=amina)
    returned = returns.ReturnedLine(sale.lines.get().pk, 1)
    because = a_voucher(amina, note="Stale")
    returns.take_back(sale.pk, [returned], refund=returns.Refund(CASH), shop=Shop.current(), voucher=because)
    payments.receive_payment(wanjiku.pk, paid("20"), a_voucher(amina))
    prints.record(sale, at=because.at, by=amina)
    sessions.pay_out(sale.till_session_id, Decimal(5), a_voucher(amina, note="Tea"))
    events.record(events.PRICE_CHANGED, by=amina, subject="Bread 400 g", before="60", after="65")
    bread.refresh_from_db()
    return bread


def run(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
class TestEveryLedger:
    def test_refuses_a_change(self, model, bread):
        before = list(model.objects.order_by("pk").values())
        table = model._meta.db_table
        with pytest.raises(IntegrityError, match="append-only"):
            run(f"UPDATE {table} SET id = id + 1000")
        with pytest.raises(IntegrityError, match="append-only"):
            run(f"DELETE FROM {table}")
        assert before
        assert list(model.objects.order_by("pk").values()) == before

    def test_would_let_it_pass_without_the_triggers(self, model, bread):
        # The control: this statement is refused by nothing else.
        column = next(field.column for field in model._meta.concrete_fields if field.null or field.primary_key)
        with append_only.lifted():
            assert run(f"UPDATE {model._meta.db_table} SET {column} = {column}") > 0

    def test_refuses_in_python_too_and_says_what_to_do(self, model, bread):
        row = model.objects.first()
        for change in (
            row.save,
            row.delete,
            model.objects.all().delete,
            lambda: model.objects.update(pk=1),
            lambda: model.objects.bulk_update([row], ["id"]),
            lambda: model.objects.bulk_create([row], update_conflicts=True, update_fields=["id"]),
        ):
            with pytest.raises(AppendOnly, match="Write a reversing row"):
                change()


class TestStock:
    def test_changes_only_with_its_movement(self, bread):
        before = what_is_written()
        with pytest.raises(IntegrityError, match="newest row"):
            Product.objects.update(stock_quantity=99)
        assert what_is_written() == before

    def test_begins_at_nothing(self, bread):
        bread.pk, bread.sku, bread._state.adding = None, "NEW", True
        with pytest.raises(IntegrityError, match="newest row"), transaction.atomic():
            bread.save()

    def test_would_change_freely_without_the_triggers(self, bread):
        with append_only.lifted():
            assert Product.objects.update(stock_quantity=99) == 1

    def test_other_facts_of_a_product_change_freely(self, bread):
        assert Product.objects.update(name="Mkate", selling_price=Decimal(70)) == 1


class TestTriggers:
    def test_are_there_after_migrate_and_flush_and_are_installed_once(self):
        assert append_only.missing() == []
        call_command("flush", interactive=False, verbosity=0)
        assert append_only.missing() == []
        append_only.install()
        call_command("migrate", verbosity=0)
        assert append_only.missing() == []

    def test_that_are_missing_are_named_and_come_back_with_migrate(self):
        append_only.lift()
        names = append_only.missing()
        assert "append_only_sales_sale_update" in names
        assert "follows_inventory_product_stock_quantity_update" in names
        assert "seals_sales_sale_insert" in names
        call_command("migrate", verbosity=0)
        assert append_only.missing() == []

    def test_are_lifted_for_a_migration_that_has_work_to_do(self):
        call_command("migrate", "sales", "0009", verbosity=0)
        call_command("migrate", verbosity=0)
        assert append_only.missing() == []

    def test_come_back_after_an_error_while_they_were_lifted(self):
        with pytest.raises(ZeroDivisionError), append_only.lifted():
            raise ZeroDivisionError
        assert append_only.missing() == []


def test_master_data_repeat_on_an_untraded_shop_and_are_refused_whole_on_a_trading_one(bread):
    catalogue = ["categories", "suppliers", "catalogue", "customers"]
    call_command("loaddata", *catalogue, verbosity=0)
    call_command("loaddata", *catalogue, verbosity=0)
    flour = Product.objects.filter(is_counted=True).exclude(pk=bread.pk).first()
    amina = User.objects.get()
    receipts.receive_goods([receipts.ReceiptLine(flour.pk, 24_000, Decimal(150), 1000)], a_voucher(amina))
    Product.objects.update(selling_price=Decimal(99_999))
    before = what_is_written()
    with pytest.raises(CommandError, match=r"^Nothing was loaded\. .*newest row.* not a backup"):
        call_command("loaddata", *catalogue, verbosity=0)
    assert what_is_written() == before
    assert set(Product.objects.values_list("selling_price", flat=True)) == {Decimal(99_999)}
