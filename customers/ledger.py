"""The customer ledger: the only writer of `LedgerEntry`.

A customer's balance is the sum of the amounts, and is stored nowhere: + owes the shop, − is in credit.
Every verb runs inside the caller's transaction, on a customer that `lock` returned, and takes a positive amount:

    with transaction.atomic():
        customer = ledger.lock(4)
        ledger.charge(customer, Decimal("480.00"), Voucher(at=now, on=today, by=cashier), due_on=friday)
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import F

from customers.models import Customer, LedgerEntry
from smartduka import money
from smartduka.ledger import Voucher
from smartduka.refusals import Refusal

Kind = LedgerEntry.Kind


class CreditLimitExceeded(Refusal):
    """The charge would take the customer's debt over the limit."""

    def __init__(self, customer: Customer, owed: Decimal, amount: Decimal) -> None:
        if not customer.credit_limit:
            message = f"{customer.name} has no credit: cash only."
        else:
            message = (
                f"{customer.name} owes {money.show(owed)} of at most {money.show(customer.credit_limit)}; "
                f"{money.show(amount)} more is too much."
            )
        super().__init__("credit_limit", message, {"customer": message})


def lock(customer_id: int) -> Customer:
    """The customer, locked until the transaction ends; refuses when there is none."""
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        message = "There is no such customer."
        raise Refusal("invalid", message, {"customer": message})
    return customer


def balance(customer: Customer) -> Decimal:
    """What the customer owes now; below zero when the shop owes the customer."""
    return LedgerEntry.objects.filter(customer=customer).sum_of("amount")


def balance_after(entry: LedgerEntry) -> Decimal:
    """What the customer owed once this entry stood. A customer's entries are written one after the other."""
    return LedgerEntry.objects.filter(customer=entry.customer_id, pk__lte=entry.pk).sum_of("amount")


def balances(customers: Iterable[Customer]) -> dict[int, Decimal]:
    """What each of the customers owes, by primary key, in one query; who has no entries is left out."""
    return LedgerEntry.objects.filter(customer__in=customers).sums_by("customer", "amount")


def charge(customer: Customer, amount: Decimal, voucher: Voucher, *, due_on: date) -> LedgerEntry:
    """The customer buys on account. Refuses an inactive customer, and with CreditLimitExceeded."""
    if not customer.is_active:
        message = f"{customer.name} is not an active customer."
        raise Refusal("invalid", message, {"customer": message})
    owed = balance(customer)
    if owed + amount > customer.credit_limit:
        raise CreditLimitExceeded(customer, owed, amount)
    return _post(customer, Kind.CHARGE, amount, voucher, due_on=due_on)


def receive_payment(customer: Customer, amount: Decimal, voucher: Voucher) -> LedgerEntry:
    """The customer pays; more than is owed becomes credit."""
    return _post(customer, Kind.PAYMENT, -amount, voucher)


def credit_note(customer: Customer, amount: Decimal, voucher: Voucher) -> LedgerEntry:
    """Goods bought on account came back."""
    return _post(customer, Kind.CREDIT_NOTE, -amount, voucher)


def write_off(customer: Customer, amount: Decimal, voucher: Voucher) -> LedgerEntry:
    """The shop gives a debt up. Refuses more than is owed."""
    owed = balance(customer)
    if amount > owed:
        raise Refusal("invalid", f"{customer.name} owes {money.show(owed)}; more cannot be written off.")
    return _post(customer, Kind.WRITE_OFF, -amount, voucher)


def reverse(entry: LedgerEntry, voucher: Voucher) -> LedgerEntry:
    """Answer a mistaken entry by its opposite. An entry is reversed once; `entry.customer` must be locked."""
    if entry.kind == Kind.REVERSAL or LedgerEntry.objects.filter(reverses=entry).exists():
        raise Refusal("invalid", f"The {entry} is reversed already.")
    return _post(entry.customer, Kind.REVERSAL, -entry.amount, voucher, reverses=entry)


def audit() -> Iterator[str]:
    """A sentence for each reversal that does not answer its entry exactly."""
    broken = LedgerEntry.objects.filter(reverses__isnull=False).exclude(
        customer=F("reverses__customer"), amount=-F("reverses__amount")
    )
    for entry in broken.select_related("reverses").order_by("pk"):
        answered = entry.reverses
        yield (
            f"Ledger entry {entry.pk} of customer {entry.customer_id} ({entry.amount}) does not reverse "
            f"entry {answered.pk} of customer {answered.customer_id} ({answered.amount})."
        )


def _post(
    customer: Customer,
    kind: LedgerEntry.Kind,
    amount: Decimal,
    voucher: Voucher,
    *,
    due_on: date | None = None,
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        customer=customer,
        kind=kind,
        amount=amount,
        due_on=due_on,
        reference=voucher.reference,
        note=voucher.note,
        reverses=reverses,
        posted_at=voucher.at,
        posted_on=voucher.on,
        posted_by=voucher.by,
    )
