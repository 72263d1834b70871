"""Vouchers in the shop's own time."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from smartduka import periods
from smartduka.ledger import Voucher
from smartduka.models import Shop


def of(at: datetime, shop: Shop, *, by: User, note: str = "") -> Voucher:
    """A voucher of that instant, on the shop's day that it belongs to."""
    return Voucher(at=at, on=periods.shop_day(at, turns_at=shop.day_turns_at), by=by, note=note)


def of_now(shop: Shop, *, by: User, note: str = "") -> Voucher:
    """A voucher of this moment."""
    return of(timezone.now(), shop, by=by, note=note)
