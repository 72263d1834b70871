"""The machine: it trades at random, and compares the program with the model after each step."""

from collections import Counter as Tally
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from inventory.models import Product
from sales import payments as payment_book
from sales.models import Payment
from smartduka.tests.model import drawn, duka
from smartduka.tests.model.asides import Asides
from smartduka.tests.model.comparison import expect
from smartduka.tests.model.days import shillings
from smartduka.tests.model.drawer_rules import DrawerRules
from smartduka.tests.model.numbers import Refused
from smartduka.tests.model.papers import Asked, AskedLine, Means, PaymentMade, SaleMade
from smartduka.tests.model.shelf_rules import ShelfRules


class Trade(ShelfRules, DrawerRules, Asides, RuleBasedStateMachine):
    """One small shop, in a transaction that is undone at the end."""

    sales = Bundle("sales")
    payments = Bundle("payments")

    def __init__(self, rows: duka.Rows, tally: Tally[str]) -> None:
        RuleBasedStateMachine.__init__(self)
        ShelfRules.__init__(self, rows, tally)
        self.refs: dict[SaleMade, UUID] = {}
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.enter_context(connection.execute_wrapper(self.note))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.close()

    @initialize(target=sales, step=st.sampled_from([1, 5]), turns_at=st.sampled_from([0, 4]))
    def open(self, step, turns_at):
        """Goods on the shelf, somebody who paid, two who owe, one who got something for less, one who got nothing."""
        self.open_with(step=step, turns_at=turns_at)
        self.deliver([("BREAD", 50, 5000, 1), ("SUGAR", 20_000, 14_033, 1000), ("OIL", 9000, 25_015, 1000)])
        self.deliver([("MILK", 24, 58_000, 12), ("CALENDAR", 8, 0, 1)])
        bread, sugar = drawn.Wish("BREAD", 0, 1000), drawn.Wish("SUGAR", None, 1375)
        for_twenty, crushed = drawn.Wish("SUGAR", None, 1000, amount=2000), drawn.Wish("BREAD", None, 1000, -1000)
        first = self.ring_up([sugar, bread, for_twenty], drawn.PAID["cash"], "")
        second = self.ring_up([bread], drawn.OWED["on account"], "", customer="Wanjiku")
        third = self.ring_up([sugar], drawn.OWED["on account and cash"], "", customer="Achieng")
        fourth = self.ring_up([crushed], drawn.PAID["cash"], "", who="owner", reason="Crushed")
        self.ring_up([drawn.Wish("CALENDAR", None, 900_000)], drawn.PAID["cash"], "")
        return multiple(*first.values, *second.values, *third.values, *fourth.values)

    @invariant()
    def the_books_agree(self):
        self.tally["steps"] += 1
        self.books.check()
        if self.has_written:  # else the audit would read what it has read
            self.books.audit()
            self.has_written = False

    # --- Selling ---------------------------------------------------------------------------------------------

    @rule(target=sales, basket=drawn.baskets, way=drawn.paid_ways, code=drawn.codes)
    def sell(self, basket, way, code):
        return self.ring_up(basket, drawn.PAID[way], code)

    @rule(target=sales, basket=drawn.baskets, way=drawn.owed_ways, code=drawn.codes, name=drawn.debtors)
    def sell_on_credit(self, basket, way, code, name):
        return self.ring_up(basket, drawn.OWED[way], code, customer=name)

    @rule(
        target=sales, basket=drawn.haggled, way=drawn.paid_ways, code=drawn.codes, who=drawn.hagglers,
        reason=drawn.reasons,
    )  # fmt: skip
    def haggle(self, basket, way, code, who, reason):
        note = f"Haggled with the {who}"
        return self.ring_up(basket, drawn.PAID[way], code, who=who, reason=reason, note=note)

    @rule(target=sales, basket=drawn.let_go, code=drawn.codes, who=drawn.generous, reason=drawn.reasons)
    def let_go(self, basket, code, who, reason):
        """Below the floor, where an owner says why."""
        return self.ring_up(basket, drawn.PAID["cash"], code, who=who, reason=reason)

    @rule(
        target=sales, basket=drawn.baskets, way=drawn.odd_ways, code=drawn.codes, customer=drawn.customers,
        moment=drawn.moments, term=drawn.terms,
    )  # fmt: skip
    def sell_oddly(self, basket, way, code, customer, moment, term):
        """Late, or paid as it should not be."""
        return self.ring_up(basket, drawn.ODD[way], code, customer=customer, moment=moment, term=term)

    @rule(sale=sales, who=drawn.hagglers)
    def ask_again(self, sale, who):
        """The answer was lost: the same request comes again, whatever happened since."""
        done = self.ask_both(
            "ask again",
            lambda: sale.pk,
            lambda: self.complete(sale.asked, self.refs[sale], who),
        )
        expect("the sale that was asked for again", done and (done[1][0].pk, done[1][1]), (sale.pk, False))

    @rule(sale=sales, what=st.sampled_from(["lines", "customer", "tenders", "sold_at", "note", "reason"]))
    def ask_for_something_else(self, sale, what):
        """Two sales with one client_ref: the second is refused, whatever it is that differs."""
        asked = sale.asked
        other = {
            "lines": asked.lines + asked.lines[:1],
            "customer": "Juma" if asked.customer != "Juma" else "Wanjiku",
            "tenders": (*asked.tenders, Means("card", 100)),
            "sold_at": self.model.now - timedelta(seconds=17),
            "note": f"{asked.note}!",
            "reason": f"{asked.reason}!",
        }[what]
        changed = replace(asked, **{what: other})
        self.ask_both(
            "ask for something else",
            lambda: _refuse("client_ref_reused"),
            lambda: self.complete(changed, self.refs[sale], "owner"),
        )

    # --- Taking back and being paid --------------------------------------------------------------------------

    @rule(sale=sales, portions=drawn.portions, refund=drawn.refunds, code=drawn.codes)
    def take_back(self, sale, portions, refund, code):
        self.bring_back(sale, drawn.wanted(sale, portions), drawn.sent_back(refund, code))

    @rule(sale=sales, are_damaged=st.booleans())
    def take_the_rest_back(self, sale, are_damaged):
        """Whatever was split before, in the end exactly what was paid has gone back."""
        left = [(place, line.quantity - line.returned, are_damaged) for place, line in enumerate(sale.lines)]
        self.bring_back(sale, [portion for portion in left if portion[1]], Means("cash", 0))

    @rule(sale=sales, refund=drawn.refunds, code=drawn.codes)
    def void(self, sale, refund, code):
        """The form is sent twice."""
        back, ref = drawn.sent_back(refund, code), self.new_ref()
        done = self.ask_both("void", lambda: self.model.void(sale, back), lambda: self.void_sale(sale, back, ref))
        if done:
            expect("the void that was sent again", self.void_sale(sale, back, ref).pk, done[1].pk)

    @rule(
        target=payments, name=drawn.debtors, share=drawn.shares, more=st.integers(0, 500), code=drawn.codes,
        kind=drawn.payments,
    )  # fmt: skip
    def pay(self, name, share, more, code, kind):
        """The form is sent twice."""
        debtor = self.model.book.debtors[name]
        owed = max(self.model.book.balance(debtor), 0)
        means = Means(kind, owed * share // 100 + more, code if kind == "mpesa" else "")
        ref = self.new_ref()
        done = self.ask_both(
            "pay", lambda: self.model.pay(debtor, means), lambda: self.receive_payment(name, means, ref)
        )
        if done:
            expect("the payment that was sent again", self.receive_payment(name, means, ref).pk, done[1].pk)
        return _known(done)

    @rule(target=payments, payment=payments)
    def reverse_payment(self, payment):
        done = self.ask_both(
            "reverse a payment",
            lambda: self.model.reverse_payment(payment),
            lambda: payment_book.reverse_payment(payment.pk, self.voucher()),
        )
        return _known(done)

    @precondition(lambda self: any(map(self.model.book.balance, self.model.book.debtors.values())))
    @rule(name=drawn.debtors, share=drawn.shares)
    def give_up_a_debt(self, name, share):
        debtor = self.model.book.debtors[name]
        amount = max(self.model.book.balance(debtor) * share // 100, 1)
        self.ask_both(
            "give up a debt",
            lambda: self.model.book.write_off(debtor, amount),
            lambda: self.write_off_debt(name, amount),
        )

    # --- Time and prices -------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 50, 8 * 60, 15 * 60]))
    def time_passes(self, minutes):
        """When the shop's day turns, the day is closed: every day so far is added up again."""
        today = self.model.day(self.model.now)
        self.model.now += timedelta(minutes=minutes)
        if self.model.day(self.model.now) != today:
            self.tally["close the day"] += 1
            self.books.check_days()

    @rule(sku=st.sampled_from(duka.SKUS), percent=st.sampled_from([90, 103, 125]), step=st.sampled_from([1, 5]))
    def change_prices(self, sku, percent, step):
        """The price of something, and what totals are rounded to."""
        goods = self.model.shelf.goods[sku]
        goods.price = max(goods.price * percent // 100, goods.floor or 0)
        Product.objects.filter(sku=sku).update(selling_price=shillings(goods.price))
        self.model.step = step

    # --- What the rules share --------------------------------------------------------------------------------

    def ring_up(
        self, basket, way, code, *, customer=None, moment=None, term=None, who="cashier", reason="", note=""
    ) -> MultipleResults:
        lines = tuple(map(self.asked_line, basket))
        try:
            total = self.model.total(lines, who, reason)
        except Refused:
            total = 10_000
        sold_at = None if moment is None else self.model.now - timedelta(minutes=moment)
        due_on = None if term is None else self.model.day(self.model.now) + timedelta(days=term)
        asked = Asked(lines, tuple(way(total, code)), customer, due_on, sold_at, note, reason)
        ref = self.new_ref()
        done = self.ask_both(
            "sell",
            lambda: self.model.sell(asked, who),
            lambda: self.complete(asked, ref, who),
        )
        if done is None:
            return multiple()
        made, (row, is_new) = done
        expect("whether the sale is new", is_new, True)
        made.pk = row.pk
        for line, pk in zip(made.lines, row.lines.order_by("pk").values_list("pk", flat=True), strict=True):
            line.pk = pk
        self.tally.update("sell by shillings" for line in made.lines if line.amount is not None)
        self.tally.update("sell below the floor" for line in made.lines if line.floor_passed is not None)
        self.refs[made] = ref
        return multiple(made)

    def bring_back(self, sale: SaleMade, wanted: Sequence[tuple[int, int, bool]], back: Means) -> None:
        """The form is sent twice."""
        ref = self.new_ref()
        done = self.ask_both(
            "take back",
            lambda: self.model.take_back(sale, wanted, back),
            lambda: self.take_back_goods(sale, wanted, back, ref),
        )
        if done:
            expect("the return that was sent again", self.take_back_goods(sale, wanted, back, ref).pk, done[1].pk)

    def asked_line(self, wish: drawn.Wish) -> AskedLine:
        goods = self.model.shelf.goods[wish.sku]
        listed = goods.price if wish.pack is None else goods.packs[wish.pack].price
        price = max(listed + wish.haggled, 0) if wish.haggled else None
        return AskedLine(wish.sku, wish.pack, wish.thousandths, price, wish.discount, wish.amount)


def _known(done: tuple[PaymentMade, Payment] | None) -> MultipleResults:
    """The payment that was made, if any, with the program's key."""
    if done is None:
        return multiple()
    made, row = done
    made.pk = row.pk
    return multiple(made)


def _refuse(code: str) -> None:
    raise Refused(code)
