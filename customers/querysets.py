"""Questions about customers."""

from functools import reduce
from operator import and_
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q


class CustomerQuerySet(models.QuerySet):
    def get_by_natural_key(self, public_id: str | UUID) -> models.Model:
        return self.get(public_id=public_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def search(self, text: str) -> Self:
        """Every word in the name, or the digits in the phone however they were typed."""
        words = [Q(name__icontains=word) for word in text.split()]
        if not words:
            return self
        digits = "".join(filter(str.isdigit, text)).removeprefix("254").lstrip("0")
        by_phone = Q(phone__contains=digits) if len(digits) >= 3 else Q(pk__in=())
        return self.filter(reduce(and_, words) | by_phone)
