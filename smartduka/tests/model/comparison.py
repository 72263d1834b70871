"""The program's books beside the model's: every row that was written, and what they come to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection
from django.db.models import Model

from customers import ledger as customer_ledger
from customers.models import Customer, LedgerEntry
from inventory.models import GoodsReceipt, GoodsReceiptLine, Product, StockMovement
from sales import books, drawer, summaries
from sales.models import (
    CashMovement,
    Payment,
    PaymentCode,
    Return,
    ReturnLine,
    Sale,
    SaleLine,
    Tender,
    TillSession,
)
from smartduka.models import Event
from smartduka.tests.model import days
from smartduka.tests.model.counter import Counter
from smartduka.tests.model.days import shillings
from smartduka.tests.model.numbers import nearest, shown

Rows = Iterator[tuple[object, ...]]


class Difference(AssertionError):
    """The program and the model disagree."""

    def __init__(self, what: str, program: object, model: object) -> None:
        super().__init__(f"{what}: the program says {program}, the model {model}")


@dataclass(frozen=True)
class Fact:
    """One table: what is compared of each row, and the rows that the model has; of some tables, `only` some rows."""

    model: type[Model]
    columns: tuple[str, ...]
    expected: Callable[[Counter], Rows]
    only: tuple[tuple[str, str], ...] = ()


def _cost(ten_thousandths: int) -> Decimal:
    return Decimal(ten_thousandths) / 10_000


def _movements(counter: Counter) -> Rows:
    for each in counter.shelf.movements:
        yield each.goods.sku, each.quantity, each.after, _cost(each.cost), shillings(each.value), each.reason


def _receipts(counter: Counter) -> Rows:
    for total, _ in counter.shelf.receipts:
        yield (shillings(total),)


def _receipt_lines(counter: Counter) -> Rows:
    for _, lines in counter.shelf.receipts:
        for line in lines:
            yield line.goods.sku, line.quantity, shillings(line.total)


def _entries(counter: Counter) -> Rows:
    for entry in counter.book.entries:
        yield entry.debtor.name, entry.kind, shillings(entry.amount), entry.due_on


def _sales(counter: Counter) -> Rows:
    for sale in counter.sales:
        rounding = shillings(sale.total - sale.subtotal)
        name = sale.debtor.name if sale.debtor else None
        yield name, sale.on, shillings(sale.subtotal), rounding, shillings(sale.total), sale.asked.note


def _sale_lines(counter: Counter) -> Rows:
    for line in (line for sale in counter.sales for line in sale.lines):
        amounts = (line.list_price, line.unit_price, line.discount, line.total, line.cost)
        pack = line.pack.name if line.pack else None
        asked = None if line.amount is None else shillings(line.amount)
        costs = (_cost(line.unit_cost), *map(shillings, amounts), asked)
        yield line.goods.sku, pack, line.quantity, line.priced_per, *costs


def _overrides(counter: Counter) -> Rows:
    for sale in counter.sales:
        for line in sale.lines:
            if line.floor_passed is not None:
                gross = line.total + line.discount
                charged = nearest(line.unit_price * line.total, gross) if gross else 0
                subject = f"S-{sale.pk:06} {line.goods.sku.title()}"
                yield subject, shown(line.floor_passed), shown(charged), sale.asked.reason


def _returns(counter: Counter) -> Rows:
    for each in counter.returns:
        amounts = map(shillings, (each.subtotal, each.total - each.subtotal, each.total))
        yield each.sale.pk, each.sale.pk if each.is_void else None, each.on, *amounts


def _return_lines(counter: Counter) -> Rows:
    for part in (part for each in counter.returns for part in each.parts):
        line = part.line
        yield (
            line.pk, part.quantity, part.before, line.quantity, shillings(part.amount), shillings(part.cost),
            part.is_damaged,
        )  # fmt: skip


def _payments(counter: Counter) -> Rows:
    for payment in counter.payments:
        yield payment.debtor.name, shillings(payment.amount), payment.on


def _tenders(counter: Counter) -> Rows:
    for each in counter.tenders:
        means, entry = each.means, each.entry
        yield means.type, shillings(means.amount), means.reference, entry and shillings(entry.amount)


def _cash_movements(counter: Counter) -> Rows:
    for amount in counter.drawers.movements:
        yield (shillings(amount),)


FACTS = (
    Fact(
        StockMovement,
        ("product__sku", "quantity", "quantity_after", "unit_cost", "value", "reason"),
        _movements,
    ),
    Fact(GoodsReceipt, ("total",), _receipts),
    Fact(GoodsReceiptLine, ("product__sku", "quantity", "total"), _receipt_lines),
    Fact(LedgerEntry, ("customer__name", "kind", "amount", "due_on"), _entries),
    Fact(Sale, ("customer__name", "sold_on", "subtotal", "rounding", "total", "note"), _sales),
    Fact(
        SaleLine,
        (
            "product__sku", "pack__name", "quantity", "priced_per", "unit_cost", "list_price", "unit_price",
            "discount", "line_total", "line_cost", "asked_amount",
        ),
        _sale_lines,
    ),
    Fact(Return, ("sale", "voided_sale", "returned_on", "subtotal", "rounding", "total"), _returns),
    Fact(
        ReturnLine,
        ("sale_line", "quantity", "returned_before", "sold_quantity", "amount", "cost", "is_damaged"),
        _return_lines,
    ),
    Fact(Payment, ("customer__name", "amount", "received_on"), _payments),
    Fact(Tender, ("type", "amount", "reference", "ledger_entry__amount"), _tenders),
    Fact(CashMovement, ("amount",), _cash_movements),
    Fact(Event, ("subject", "before", "after", "reason"), _overrides, only=(("kind", "overridden"),)),
)  # fmt: skip


@dataclass
class Comparison:
    """Holds each new row against the model's, once: facts do not change."""

    counter: Counter
    _newest: dict[Fact, int] = field(default_factory=lambda: dict.fromkeys(FACTS, 0))
    _compared: dict[Fact, int] = field(default_factory=lambda: dict.fromkeys(FACTS, 0))

    def check(self) -> None:
        """Difference, unless both ledgers and every sum agree."""
        written = [self._check_new(fact, newest) for fact, newest in zip(FACTS, _newest_keys(), strict=True)]
        self._check_shelf()
        self._check_credit()
        self._check_drawers()
        if any(written):
            self.check_day(self.counter.day(self.counter.now))

    def audit(self) -> None:
        """Difference, unless the audit finds nothing."""
        expect("the audit", list(books.audit()), [])

    def check_day(self, day: object) -> None:
        expected = days.of_day(self.counter, day)
        summary = summaries.of_day(day)
        for name, value in expected.items():
            expect(f"{name} of {day}", getattr(summary, name), value)

    def check_days(self) -> None:
        """Every day so far, as a late sale changes an earlier one."""
        for day in {each.on for each in (*self.counter.sales, *self.counter.returns, *self.counter.payments)}:
            self.check_day(day)

    def _check_new(self, fact: Fact, newest: int) -> bool:
        """Whether there was something new in this table."""
        written: list[tuple[object, ...]] = []
        if newest > self._newest[fact]:
            rows = fact.model.objects.filter(*fact.only, pk__gt=self._newest[fact]).order_by("pk")
            written = list(rows.values_list(*fact.columns))
        expected = list(fact.expected(self.counter))[self._compared[fact] :]
        name = fact.model._meta.verbose_name
        for program, model in zip(written, expected, strict=False):
            for column, one, other in zip(fact.columns, program, model, strict=True):
                expect(f"the {column} of a {name}", one, other)
        expect(f"the number of new rows of {name}", len(written), len(expected))
        self._newest[fact] = newest
        self._compared[fact] += len(written)
        return bool(written)

    def _check_shelf(self) -> None:
        rows = Product.objects.values_list("sku", "stock_quantity", "average_cost", "buying_price", "last_sold_at")
        for sku, *program in rows:
            goods = self.counter.shelf.goods[sku]
            model = [goods.stock, _cost(goods.cost), shillings(goods.buying), goods.last_sold_at]
            for what, one, other in zip(
                ("stock", "average cost", "buying price", "last sale"), program, model, strict=True
            ):
                expect(f"the {what} of {sku}", one, other)

    def _check_credit(self) -> None:
        customers = list(Customer.objects.all())
        balances = customer_ledger.balances(customers)
        for customer in customers:
            debtor = self.counter.book.debtors[customer.name]
            owed = shillings(self.counter.book.balance(debtor))
            expect(f"the balance of {customer.name}", balances.get(customer.pk, Decimal(0)), owed)
        in_use = set(PaymentCode.objects.filter(code__isnull=False).values_list("code", flat=True))
        expect("the codes in use", in_use, self.counter.codes)

    def _check_drawers(self) -> None:
        sessions = list(TillSession.objects.order_by("pk"))
        expect("the number of drawers", len(sessions), len(self.counter.drawers.made))
        for session, made in zip(sessions, self.counter.drawers.made, strict=True):
            expect("how a drawer opened", session.is_automatic, made.is_automatic)
            expect("the float of a drawer", session.opening_float, shillings(made.opening_float))
            expect("whether a drawer is open", session.is_open, made.counted is None)
            expected = drawer.expected_cash(session) if session.is_open else session.expected
            expect("the cash expected in a drawer", expected, shillings(made.cash))
            if made.counted is not None:
                expect("what was counted", session.counted, shillings(made.counted))
                expect("what was over or short", session.over_short, shillings(made.counted - made.cash))


def _newest_keys() -> list[int]:
    """The newest key of each table, in one query: most of them do not change in most steps."""
    tables = [connection.ops.quote_name(fact.model._meta.db_table) for fact in FACTS]
    newest = ", ".join(f"(SELECT MAX(id) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}")
        return [key or 0 for key in cursor.fetchone()]


def expect(what: str, program: object, model: object) -> None:
    if program != model:
        raise Difference(what, program, model)
