"""What people type on the pages of the catalogue, parsed."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from inventory import catalogue
from inventory.forms import PackForm, ProductForm
from inventory.models import Category, Pack, Product, Supplier
from smartduka.forms import SearchForm
from smartduka.rowforms import RowForm


class CategorySearchForm(SearchForm):
    """Which categories are listed."""

    hint = "Name"


class SupplierSearchForm(SearchForm):
    """Which suppliers are listed."""

    hint = "Name or phone"
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ProductPageForm(RowForm, ProductForm):
    """A product on its page. What it costs is for who may see that; a new one needs a buying price all the same."""

    dossier = catalogue.PRODUCT

    class Meta:
        model = Product
        fields = [
            "name",
            "category",
            "unit",
            "selling_price",
            "buying_price",
            "floor_price",
            "low_stock_threshold",
            "barcode",
            "sku",
            "is_counted",
            "is_active",
        ]
        labels = {"unit": "Sold by the", "is_counted": "The stock is counted", "is_active": "On sale"}
        help_texts = {
            "barcode": "Scan it, or leave it empty.",
            "is_active": "Off: the till does not offer it any more. Its stock and its history stay.",
        }

    field_order = Meta.fields

    def __init__(self, *args: Any, may_see_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].empty_label = "Choose …"
        if self.is_new:
            del self.fields["is_active"]
        elif not may_see_cost:
            del self.fields["buying_price"]


class PackPageForm(RowForm, PackForm):
    """A pack of one product, whose name no other pack of it has."""

    dossier = catalogue.PACK
    sole = "name"

    class Meta(PackForm.Meta):
        model = Pack
        fields = ["name", "size", "selling_price", "barcode", "is_active"]
        labels = {"size": "How much is in it", "is_active": "On sale"}

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        kwargs.setdefault("instance", Pack(product=product))
        super().__init__(*args, product=product, **kwargs)
        if self.is_new:
            del self.fields["is_active"]

    def others(self) -> QuerySet[Pack]:
        return super().others().filter(product=self.instance.product_id)


class CategoryForm(RowForm):
    """A shelf label."""

    dossier = catalogue.CATEGORY
    sole = "name"

    class Meta:
        model = Category
        fields = ["name"]


class SupplierForm(RowForm):
    """Where goods come from."""

    dossier = catalogue.SUPPLIER
    sole = "name"

    class Meta:
        model = Supplier
        fields = ["name", "phone", "is_active"]
        labels = {"is_active": "Delivers"}
        help_texts = {"phone": "May stay empty.", "is_active": "Off: is offered no more when goods are received."}
        widgets = {"phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_new:
            del self.fields["is_active"]
