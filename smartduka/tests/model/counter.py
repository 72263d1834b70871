"""The counter: selling, taking back, being paid. It writes the shelf and the credit book."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from smartduka.tests.model.credit import CreditBook, Debtor
from smartduka.tests.model.drawer import Drawers
from smartduka.tests.model.numbers import Refused, nearest, to_step
from smartduka.tests.model.papers import (
    Asked,
    AskedLine,
    Means,
    PaymentMade,
    ReturnedPart,
    ReturnMade,
    SaleMade,
    SoldLine,
    TenderMade,
)
from smartduka.tests.model.shelf import Goods, Pack, Shelf

NAIROBI = timedelta(hours=3)

Who = Literal["cashier", "manager", "owner"]


@dataclass
class Counter:
    """The till of a shop whose totals are rounded to `step` shillings and whose day turns at the hour `turns_at`."""

    shelf: Shelf
    book: CreditBook
    now: datetime
    step: int = 1
    turns_at: int = 0
    sales: list[SaleMade] = field(default_factory=list)
    returns: list[ReturnMade] = field(default_factory=list)
    payments: list[PaymentMade] = field(default_factory=list)
    tenders: list[TenderMade] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    drawers: Drawers = field(default_factory=Drawers)

    def day(self, at: datetime) -> date:
        return (at + NAIROBI - timedelta(hours=self.turns_at)).date()

    # --- Selling ---------------------------------------------------------------------------------------------

    def price(self, line: AskedLine, who: Who, reason: str = "") -> SoldLine:
        """The line with its prices. Below the shelf's price sells who may, below the floor an owner for a reason."""
        goods = self.shelf.goods[line.sku]
        pack = None if line.pack is None else goods.packs[line.pack]
        per, list_price = (pack.size, pack.price) if pack else (goods.per, goods.price)
        unit_price = list_price if line.unit_price is None else line.unit_price
        base = _weighed(line, pack, per) if line.amount is None else _bought(line.amount, goods, pack, unit_price)
        gross = nearest(base * unit_price, per) if line.amount is None else line.amount
        total = gross - line.discount
        if total < 0:
            raise Refused
        lowest = list_price if who == "cashier" else _floor(goods, pack)
        if line.amount is None:
            is_below = total < nearest(base * lowest, per)
        else:
            is_below = unit_price < lowest or total < nearest(line.amount * lowest, unit_price)
        if is_below and not (who == "owner" and reason):
            raise Refused("price_below_floor")
        if unit_price > list_price and who == "cashier":
            raise Refused
        passed = lowest if is_below else None
        return SoldLine(
            goods, pack, base, per, list_price, unit_price, line.discount, total, line.amount, floor_passed=passed
        )

    def total(self, lines: Sequence[AskedLine], who: Who, reason: str = "") -> int:
        return to_step(sum(self.price(line, who, reason).total for line in lines), self.step)

    def sell(self, asked: Asked, who: Who) -> SaleMade:
        at = asked.sold_at or self.now
        if not self.now - timedelta(days=7) <= at <= self.now + timedelta(minutes=5):
            raise Refused
        debtor = self.book.debtors[asked.customer] if asked.customer else None
        lines = [self.price(line, who, asked.reason) for line in asked.lines]
        subtotal = sum(line.total for line in lines)
        sale = SaleMade(lines, debtor, self.day(at), subtotal, to_step(subtotal, self.step), asked)
        tenders = _settled(asked.tenders, sale.total)
        self.shelf.refuse_shortage([(line.goods, line.quantity) for line in lines if line.goods.is_counted])
        due_on = self._refuse_credit(sale, tenders)
        codes = {each.reference for each in tenders if each.type == "mpesa"}
        if codes & self.codes:
            raise Refused("reference_used")
        self.codes |= codes
        self.sales.append(sale)
        self.drawers.in_use()
        self._issue(lines, at)
        for means in tenders:
            on_account = means.type == "on_account"
            entry = self.book.post(debtor, "charge", means.amount, due_on) if on_account and debtor else None
            self._tender(TenderMade("sale", sale.on, means, entry))
        return sale

    def _refuse_credit(self, sale: SaleMade, tenders: Sequence[Means]) -> date | None:
        """When the debt is due, if there is one."""
        on_account = sum(each.amount for each in tenders if each.type == "on_account")
        if not on_account:
            return None
        due_on = sale.asked.due_on or sale.on + timedelta(days=30)
        if sale.debtor is None or not sale.on <= due_on <= sale.on + timedelta(days=366):
            raise Refused
        self.book.refuse_over_limit(sale.debtor, on_account)
        return due_on

    def _issue(self, lines: Sequence[SoldLine], at: datetime) -> None:
        for line in lines:
            goods = line.goods
            line.unit_cost = goods.cost_now()
            line.cost = goods.worth(line.quantity, line.unit_cost)
            if goods.is_counted:
                self.shelf.move(goods, -line.quantity, "sale")
                goods.last_sold_at = max(at, goods.last_sold_at or at)

    # --- Taking back -----------------------------------------------------------------------------------------

    def take_back(
        self, sale: SaleMade, wanted: Sequence[tuple[int, int, bool]], refund: Means, *, is_void: bool = False
    ) -> ReturnMade:
        """`wanted` is, of each line that comes back, its place, how much of it, and whether it is damaged."""
        if sale.is_void or not wanted or len({place for place, _, _ in wanted}) < len(wanted):
            raise Refused
        parts = [_part(sale.lines[place], quantity, is_damaged) for place, quantity, is_damaged in wanted]
        subtotal = sum(part.amount for part in parts)
        goods_back = sale.goods_back + subtotal
        money_back = sale.total if goods_back == sale.subtotal else to_step(goods_back, self.step)
        total = max(min(money_back, sale.total) - sale.money_back, 0)
        off = self._off_the_debt(sale, total)
        if total > off and refund.type == "mpesa":
            if refund.reference in self.codes:
                raise Refused("reference_used")
            self.codes.add(refund.reference)
        made = ReturnMade(sale, parts, self.day(self.now), subtotal, total, is_void)
        self.returns.append(made)
        self.drawers.in_use()
        sale.goods_back, sale.money_back, sale.is_void = goods_back, sale.money_back + total, is_void
        self._shelve(parts)
        self._refund(made, off, refund)
        return made

    def void(self, sale: SaleMade, refund: Means) -> ReturnMade:
        if any(line.returned for line in sale.lines):
            raise Refused
        whole = [(place, line.quantity, False) for place, line in enumerate(sale.lines)]
        made = self.take_back(sale, whole, refund, is_void=True)
        if refund.type == "mpesa":
            self.codes -= {each.reference for each in sale.asked.tenders if each.type == "mpesa"}
        return made

    def _shelve(self, parts: Sequence[ReturnedPart]) -> None:
        """Everything comes back at the cost at which it left; then the damaged goods leave again at that cost."""
        for part in parts:
            part.line.returned += part.quantity
        counted = [part for part in parts if part.line.goods.is_counted]
        for part in counted:
            self.shelf.move(part.line.goods, part.quantity, "sale_return", part.line.unit_cost or None)
        for part in counted:
            if part.is_damaged:
                self.shelf.move(part.line.goods, -part.quantity, "write_off", part.line.unit_cost or None)

    def _off_the_debt(self, sale: SaleMade, total: int) -> int:
        """What of a refund lowers the debt that this sale made and that is still owed."""
        if sale.debtor is None:
            return 0
        charged = sum(each.amount for each in sale.asked.tenders if each.type == "on_account")
        still_owed = max(min(charged - sale.debt_back, self.book.balance(sale.debtor)), 0)
        return min(total, still_owed)

    def _refund(self, made: ReturnMade, off: int, refund: Means) -> None:
        """So much off the debt; the rest is paid out."""
        sale = made.sale
        if sale.debtor and off:
            sale.debt_back += off
            entry = self.book.post(sale.debtor, "credit_note", -off)
            self._tender(TenderMade("return", made.on, Means("on_account", -off), entry))
        if made.total > off:
            paid_out = Means(refund.type, off - made.total, refund.reference)
            self._tender(TenderMade("return", made.on, paid_out))

    # --- Being paid ------------------------------------------------------------------------------------------

    def pay(self, debtor: Debtor, means: Means) -> PaymentMade:
        if means.type == "on_account" or means.amount <= 0:
            raise Refused
        if means.type == "mpesa":
            if means.reference in self.codes:
                raise Refused("reference_used")
            self.codes.add(means.reference)
        return self._write_payment(debtor, means, "payment")

    def reverse_payment(self, payment: PaymentMade) -> PaymentMade:
        if payment.is_reversed or payment.is_reversal:
            raise Refused
        payment.is_reversed = True
        if payment.means.type == "mpesa":
            self.codes.discard(payment.means.reference)
        opposite = Means(payment.means.type, -payment.amount, payment.means.reference)
        return self._write_payment(payment.debtor, opposite, "reversal")

    def _write_payment(self, debtor: Debtor, means: Means, kind: str) -> PaymentMade:
        on = self.day(self.now)
        payment = PaymentMade(debtor, means.amount, on, means, is_reversal=kind == "reversal")
        entry = self.book.post(debtor, kind, -means.amount)
        self.payments.append(payment)
        self._tender(TenderMade("payment", on, means, entry))
        return payment

    def _tender(self, made: TenderMade) -> None:
        """Cash goes through the drawer that is open."""
        self.tenders.append(made)
        drawer = self.drawers.in_use()
        drawer.cash += made.means.amount if made.means.type == "cash" else 0


def _weighed(line: AskedLine, pack: Pack | None, per: int) -> int:
    base, part = divmod(line.thousandths * per, 1000)
    if part or base <= 0 or (pack and line.thousandths % 1000):
        raise Refused
    return base


def _bought(amount: int, goods: Goods, pack: Pack | None, unit_price: int) -> int:
    """The base units nearest to what an amount buys. Pieces must come out whole, and packs are not sold so."""
    if pack or not unit_price:
        raise Refused
    base = nearest(amount * goods.per, unit_price)
    if not base or (goods.unit == "piece" and base * unit_price != amount):
        raise Refused
    return base


def _floor(goods: Goods, pack: Pack | None) -> int:
    """A pack may always be sold at its own price, and as low as what is in it may be."""
    if pack is None:
        return goods.price if goods.floor is None else goods.floor
    if goods.floor is None:
        return pack.price
    return min(pack.price, nearest(pack.size * goods.floor, goods.per))


def _settled(tenders: Sequence[Means], total: int) -> list[Means]:
    """The tenders and the change, which is given only for cash, and only for cash that was needed."""
    codes = [each.reference for each in tenders if each.type == "mpesa"]
    if len(codes) > len(set(codes)) or sum(each.type == "on_account" for each in tenders) > 1:
        raise Refused
    change = sum(each.amount for each in tenders) - total
    cash = sum(each.amount for each in tenders if each.type == "cash")
    if change < 0 or 0 < change >= cash:
        raise Refused("tenders_do_not_match")
    return [*tenders, Means("cash", -change)] if change else list(tenders)


def _part(line: SoldLine, quantity: int, is_damaged: bool) -> ReturnedPart:
    """So much of a line, at what its share of the line grows by."""
    before, after = line.returned, line.returned + quantity
    if quantity <= 0 or after > line.quantity:
        raise Refused

    def grown(whole: int) -> int:
        return nearest(whole * after, line.quantity) - nearest(whole * before, line.quantity)

    return ReturnedPart(line, quantity, before, grown(line.total), grown(line.cost), is_damaged)
