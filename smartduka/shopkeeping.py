"""How the shop counts and what stands on its receipts: the only writer of its settings."""

from collections.abc import Collection

from django.contrib.auth.models import User

from smartduka import events, masterdata
from smartduka.masterdata import Dossier, Fact
from smartduka.models import Shop

SHOP = Dossier(
    subject=lambda shop: shop.name,
    facts=[
        Fact("name", "name", events.SHOP_CHANGED),
        Fact("phone", "phone", events.SHOP_CHANGED),
        Fact("kra_pin", "KRA PIN", events.SHOP_CHANGED),
        Fact("receipt_footer", "receipt footer", events.SHOP_CHANGED),
        Fact("paper", "paper of receipts", events.SHOP_CHANGED, lambda shop: shop.get_paper_display()),
        Fact("rounding_step", "rounding", events.SHOP_CHANGED, lambda shop: shop.get_rounding_step_display()),
        Fact("day_turns_at", "hour at which the day turns", events.SHOP_CHANGED),
    ],
    added=events.SHOP_CHANGED,
)


def save(
    shop: Shop, *, by: User | None, fields: Collection[str], seen: str | None = None, since: int | None = None
) -> Shop:
    """The shop's settings, saved. Refuses what somebody else changed since they were `seen`.

    There is one shop: `since` when its first settings are new says nothing, and who comes second finds them there.
    """
    if shop._state.adding:
        return masterdata.add(shop, SHOP, by=by, earlier=Shop.objects.first)
    return masterdata.keep(shop, SHOP, by=by, fields=fields, seen=seen)
