"""What was sold, given back and paid, added up."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q

from sales.models import Payment, Return, ReturnLine, Sale, SaleLine, Tender
from smartduka.databases.reading import in_cents, in_chunks, sum_of_parts


def sales() -> Iterator[str]:
    """Each sale is the sum of its lines, rounded, and was paid exactly; none gave back more than was paid."""
    rows = Sale.objects.values_list(
        "pk", "subtotal", "rounding", "total",
        sum_of_parts(SaleLine, "sale", "line_total"),
        sum_of_parts(Tender, "sale", "amount"),
        sum_of_parts(Return, "sale", "total"),
    )  # fmt: skip
    for pk, subtotal, rounding, total, lines, tendered, refunded in in_chunks(rows):
        yield from _ties_out(f"Sale {pk}", in_cents(lines), in_cents(tendered), subtotal, rounding, total)
        if refunded and in_cents(refunded) > total:
            yield f"Sale {pk}: {in_cents(refunded)} was given back of {total}."


def returns() -> Iterator[str]:
    """Each return is the sum of its lines, rounded, and was paid out."""
    rows = Return.objects.values_list(
        "pk", "subtotal", "rounding", "total",
        sum_of_parts(ReturnLine, "sale_return", "amount"),
        sum_of_parts(Tender, "sale_return", "amount"),
    )  # fmt: skip
    for pk, subtotal, rounding, total, lines, tendered in in_chunks(rows):
        yield from _ties_out(f"Return {pk}", in_cents(lines), -in_cents(tendered), subtotal, rounding, total)


def payments() -> Iterator[str]:
    """Each payment was tendered exactly, and each reversal is the opposite of its payment."""
    rows = Payment.objects.values_list("pk", "amount", sum_of_parts(Tender, "payment", "amount"))
    for pk, amount, tendered in in_chunks(rows):
        if in_cents(tendered) != amount:
            yield f"Payment {pk}: it is {amount}, its tenders add up to {in_cents(tendered)}."
    opposite = Q(customer=F("reverses__customer"), amount=-F("reverses__amount"))
    broken = Payment.objects.filter(reverses__isnull=False).exclude(opposite).order_by("pk")
    for pk, reversed_payment in broken.values_list("pk", "reverses"):
        yield f"Payment {pk} does not reverse payment {reversed_payment}."


def _ties_out(
    name: str, lines: Decimal, tendered: Decimal, subtotal: Decimal, rounding: Decimal, total: Decimal
) -> Iterator[str]:
    if lines != subtotal:
        yield f"{name}: its lines add up to {lines}, its subtotal is {subtotal}."
    if subtotal + rounding != total:
        yield f"{name}: {subtotal} and a rounding of {rounding} are not its total, {total}."
    if tendered != total:
        yield f"{name}: its tenders add up to {tendered}, its total is {total}."
