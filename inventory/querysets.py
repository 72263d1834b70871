"""Questions about the shelf."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from smartduka.search import every_word, matching


class CategoryQuerySet(models.QuerySet):
    def get_by_natural_key(self, name: str) -> models.Model:
        return self.get(name=name)

    def search(self, text: str) -> Self:
        """Every word in the name."""
        return matching(self, text, "name")


class SupplierQuerySet(models.QuerySet):
    def get_by_natural_key(self, name: str) -> models.Model:
        return self.get(name=name)

    def search(self, text: str) -> Self:
        """Every word in the name or the phone."""
        return matching(self, text, "name", "phone")


class ProductQuerySet(models.QuerySet):
    def get_by_natural_key(self, sku: str) -> models.Model:
        return self.get(sku=sku)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def low_stock(self) -> Self:
        """Counted goods at or below their threshold."""
        return self.filter(is_counted=True, stock_quantity__lte=F("low_stock_threshold"))

    def search(self, text: str) -> Self:
        """Every word somewhere in the name or the SKU, or the whole text as the barcode of it or of its packs."""
        scanned = text.strip()
        if not scanned:
            return self
        in_packs = self.model.objects.filter(packs__barcode=scanned).values("pk")
        return self.filter(every_word("search_text", text) | Q(barcode=scanned) | Q(pk__in=in_packs))


class PackQuerySet(models.QuerySet):
    def get_by_natural_key(self, sku: str, name: str) -> models.Model:
        return self.get(product__sku=sku, name=name)

    def active(self) -> Self:
        return self.filter(is_active=True, product__is_active=True)
