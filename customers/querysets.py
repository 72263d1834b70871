"""Questions about customers."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from smartduka.search import every_word


class CustomerQuerySet(models.QuerySet):
    def get_by_natural_key(self, public_id: str | UUID) -> models.Model:
        return self.get(public_id=public_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def search(self, text: str) -> Self:
        """Every word in the name, or the digits in the phone however they were typed."""
        if not text.split():
            return self
        digits = "".join(filter(str.isdigit, text)).removeprefix("254").lstrip("0")
        by_phone = Q(phone__contains=digits) if len(digits) >= 3 else Q(pk__in=())
        return self.filter(every_word("search_text", text) | by_phone)
