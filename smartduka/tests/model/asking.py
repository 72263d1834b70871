"""How the program and the model are asked for the same thing."""

import itertools
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from customers import ledger as customer_ledger
from customers.models import LedgerEntry
from inventory import ledger as stock_ledger
from inventory import receipts
from inventory.models import GoodsReceipt, StockMovement
from sales import payments, returns
from sales.checkout import SaleRequest, complete_sale
from sales.models import Payment, Return, Sale
from sales.pricing import BasketLine
from sales.returns import Refund, ReturnedLine
from sales.tenders import TYPES, Tendered
from smartduka import periods
from smartduka.ledger import Voucher
from smartduka.models import Shop
from smartduka.refusals import Refusal
from smartduka.tests.builders import NOON
from smartduka.tests.model import duka
from smartduka.tests.model.comparison import Comparison, expect
from smartduka.tests.model.counter import Who
from smartduka.tests.model.days import shillings
from smartduka.tests.model.numbers import Refused
from smartduka.tests.model.papers import Asked, AskedLine, Means, SaleMade

M = TypeVar("M")
P = TypeVar("P")

READS = ("SELECT ", "SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")
"""How a statement begins that writes nothing."""


class BothAsked:
    """A shop twice: as `rows` of the program, and as a `model`. `tally` counts what was done and what was refused."""

    def __init__(self, rows: duka.Rows, tally: Tally[str]) -> None:
        self.rows, self.tally = rows, tally
        self.numbers = itertools.count(1)
        self.has_written = False

    def open_with(self, *, step: int, turns_at: int) -> None:
        self.model = duka.counter(NOON, step=step, turns_at=turns_at)
        self.books = Comparison(self.model)

    def ask_both(self, verb: str, model: Callable[[], M], program: Callable[[], P]) -> tuple[M, P] | None:
        """What both did; None when both refused it, with the same code."""
        said = answered = modelled = made = None
        try:
            modelled = model()
        except Refused as refused:
            said = refused.code
        try:
            made = program()
        except Refusal as refusal:
            answered = refusal.code
        expect(f"the refusal to {verb}", answered, said)
        self.tally[f"{verb}: {said or 'done'}"] += 1
        return None if said else (modelled, made)

    def note(self, execute: Callable[..., Any], sql: str, *how: Any) -> Any:
        """Run a statement of the program, and remember that something was written."""
        self.has_written = self.has_written or not sql.startswith(READS)
        return execute(sql, *how)

    def new_ref(self) -> UUID:
        """As the page makes one: each form has its own."""
        return UUID(int=next(self.numbers))

    # --- The program, asked in the model's words ---------------------------------------------------------------

    def complete(self, asked: Asked, ref: UUID, who: Who) -> tuple[Sale, bool]:
        request = SaleRequest(
            client_ref=ref,
            lines=[self.basket_line(line) for line in asked.lines],
            tenders=[tendered(means) for means in asked.tenders],
            customer_id=self.rows.customers[asked.customer] if asked.customer else None,
            due_on=asked.due_on,
            sold_at=asked.sold_at,
            note=asked.note,
            override_reason=asked.reason,
        )
        rights = {"may_change_price": who != "cashier", "may_sell_below_floor": who == "owner"}
        return complete_sale(request, cashier=self.rows.cashier, shop=self.shop(), now=self.model.now, **rights)

    def basket_line(self, line: AskedLine) -> BasketLine:
        return BasketLine(
            self.rows.products[line.sku],
            None if line.amount is not None else Decimal(line.thousandths) / 1000,
            pack=None if line.pack is None else self.rows.packs[line.sku][line.pack],
            unit_price=None if line.unit_price is None else shillings(line.unit_price),
            discount=shillings(line.discount),
            asked_amount=None if line.amount is None else shillings(line.amount),
        )

    def take_back_goods(
        self, sale: SaleMade, wanted: Sequence[tuple[int, int, bool]], refund: Means, ref: UUID
    ) -> Return:
        lines = [ReturnedLine(sale.lines[place].pk, quantity, is_damaged) for place, quantity, is_damaged in wanted]
        return returns.take_back(sale.pk, lines, client_ref=ref, **self._how(refund))

    def void_sale(self, sale: SaleMade, refund: Means, ref: UUID) -> Return:
        return returns.void(sale.pk, client_ref=ref, **self._how(refund))

    def _how(self, refund: Means) -> dict[str, Any]:
        back = Refund(TYPES[refund.type], refund.reference)
        return {"refund": back, "shop": self.shop(), "voucher": self.voucher()}

    def receive_payment(self, name: str, means: Means, ref: UUID) -> Payment:
        customer = self.rows.customers[name]
        return payments.receive_payment(customer, tendered(means), self.voucher(), client_ref=ref)

    def write_off_debt(self, name: str, amount: int) -> LedgerEntry:
        with transaction.atomic():
            customer = customer_ledger.lock(self.rows.customers[name])
            return customer_ledger.write_off(customer, shillings(amount), self.voucher())

    def receive_goods(self, lines: Sequence[tuple[str, int, int, int]], ref: UUID) -> GoodsReceipt:
        """`lines` as the model's `Delivered`."""
        asked = [
            receipts.ReceiptLine(self.rows.products[sku], quantity, shillings(cost), cost_for)
            for sku, quantity, cost, cost_for in lines
        ]
        return receipts.receive_goods(asked, self.voucher(), client_ref=ref)

    def reverse_movement(self, place: int) -> StockMovement:
        """The opposite of the movement in this place of the ledger."""
        with transaction.atomic():
            movement = StockMovement.objects.order_by("pk")[place]
            movement.product = stock_ledger.lock([movement.product_id])[movement.product_id]
            return stock_ledger.reverse(movement, self.voucher())

    def newest_movement(self) -> int:
        return StockMovement.objects.values_list("pk", flat=True).first() or 0

    def shop(self) -> Shop:
        return Shop(rounding_step=self.model.step, day_turns_at=self.model.turns_at)

    def voucher(self) -> Voucher:
        now = self.model.now
        on = periods.shop_day(now, turns_at=self.model.turns_at)
        return Voucher(at=now, on=on, by=self.rows.cashier, note="because")


def tendered(means: Means) -> Tendered:
    return Tendered(TYPES[means.type], shillings(means.amount), means.reference)
