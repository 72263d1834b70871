from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class SmartdukaConfig(AppConfig):
    """The ground: settings, money, quantities, days, roles, and what the database refuses by itself."""

    name = "smartduka"
    verbose_name = "Shop"

    def ready(self) -> None:
        from smartduka import events
        from smartduka.databases.checks import is_mariadb

        events.listen()
        checks.register(is_mariadb, checks.Tags.database)
        pre_migrate.connect(_lift_triggers, sender=self)
        post_migrate.connect(_install_triggers, sender=self)
        post_migrate.connect(_sync_groups, sender=self)


def _lift_triggers(*, using: str, plan: list[Any], **kwargs: Any) -> None:
    """Backfills change old rows; they may, and nobody else."""
    from smartduka.databases import append_only

    if plan:
        append_only.lift(using)


def _install_triggers(*, using: str, **kwargs: Any) -> None:
    from smartduka.databases import append_only

    append_only.install(using)


def _sync_groups(*, using: str, **kwargs: Any) -> None:
    from smartduka import roles

    roles.sync_groups(using)
