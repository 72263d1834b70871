"""Filters that show money, quantities and names to people."""

from decimal import Decimal

from django import template

from smartduka import middleware, names, periods, quantity
from smartduka import money as shillings
from smartduka.databases import engines

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """1,000.50; whole shillings lose their cents; nothing for None."""
    return "" if amount is None else shillings.show(amount)


@register.filter
def in_units(base: int, unit: str) -> str:
    """250 of kilograms is "0.25 kg"."""
    return quantity.show(base, unit)


@register.filter
def engine(vendor: str) -> str:
    """What people call it: "mysql" is MariaDB."""
    return engines.NAMES[vendor]


register.filter(names.called)
register.filter("age", periods.show_age)


@register.simple_tag
def request_id() -> str:
    """What the log calls this request, for a person to name it by."""
    return middleware.request_id()
