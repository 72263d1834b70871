from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SmartdukaConfig(AppConfig):
    """The ground: settings, money, quantities, days, roles."""

    name = "smartduka"
    verbose_name = "Shop"

    def ready(self) -> None:
        post_migrate.connect(_sync_groups, sender=self)


def _sync_groups(*, using: str, **kwargs: Any) -> None:
    from smartduka import roles

    roles.sync_groups(using)
