"""What an owner, a manager and a cashier may do.

Roles are Django groups. `migrate` creates them and gives them exactly the permissions named here, so that a
shop that upgrades gets the rights of new features; a shop that wants other roles adds groups of its own.
"""

from django.contrib.auth.models import Group, Permission

_MASTER_DATA = [
    f"{app}.{verb}_{model}"
    for app, model in (
        ("inventory", "category"),
        ("inventory", "product"),
        ("inventory", "pack"),
        ("inventory", "supplier"),
        ("customers", "customer"),
    )
    for verb in ("view", "add", "change")
]

CASHIER = [
    "sales.add_sale",
    "sales.view_sale",
    "inventory.view_product",
    "customers.view_customer",
    "customers.add_customer",
    "sales.add_payment",
    "sales.add_tillsession",
]

MANAGER = [
    *CASHIER,
    *_MASTER_DATA,
    "sales.change_price",
    "sales.add_return",
    "sales.void_sale",
    "sales.view_today",
    "sales.view_return",
    "sales.view_payment",
    "sales.view_tillsession",
    "sales.change_tillsession",
    "sales.view_cashmovement",
    "inventory.view_cost",
    "inventory.add_goodsreceipt",
    "inventory.view_goodsreceipt",
    "inventory.view_stockmovement",
    "inventory.count_stock",
    "customers.view_ledgerentry",
]

OWNER = [
    *MANAGER,
    "sales.sell_below_floor",
    "inventory.delete_category",
    "inventory.delete_product",
    "inventory.delete_pack",
    "inventory.delete_supplier",
    "customers.delete_customer",
    "customers.write_off_debt",
    "smartduka.view_event",
    "smartduka.view_shop",
    "smartduka.add_shop",
    "smartduka.change_shop",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
]

ROLES = {"Owner": OWNER, "Manager": MANAGER, "Cashier": CASHIER}


def sync_groups(using: str = "default") -> None:
    """Make the three groups, with exactly their permissions."""
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for name, codes in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        wanted = [permissions[code] for code in dict.fromkeys(codes) if code in permissions]
        group.permissions.set(wanted)
