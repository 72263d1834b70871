"""What people type about the shelf, parsed."""

from typing import Any

from django import forms

from inventory.models import Category, Product, Supplier
from inventory.receipts import ReceiptLine
from smartduka import quantity
from smartduka.forms import MoneyField, QuantityField, SearchForm
from smartduka.quantity import Unit

LOSSES = ("Expired", "Damaged", "Stolen", "Used in the shop", "Given away")
"""What a write-off is mostly for; any other words do as well."""

_IN_UNITS = "unit"
_ALL_OF_IT = "all"


class ProductSearchForm(SearchForm):
    """Which products are listed."""

    category = forms.ModelChoiceField(Category.objects.all(), required=False, empty_label="Every category")
    low = forms.BooleanField(required=False, widget=forms.HiddenInput)
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SeenField(forms.IntegerField):
    """The newest movement (0: none) when the page was made. Shown again, it is the newest of now."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class StockForm(forms.Form):
    """Something that moves the stock of one product."""

    seen = SeenField(min_value=0)

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        self.fields["seen"].initial = lambda: product.movements.values_list("pk", flat=True).first() or 0


class ReceiveForm(StockForm):
    """Goods of one product that came in, in units or in packs, and what they cost."""

    quantity = QuantityField(label="How many came in")
    counted_in = forms.ChoiceField(label="Counted in")
    cost = MoneyField(label="What they cost")
    cost_is_for = forms.ChoiceField(label="That is for")
    supplier = forms.ModelChoiceField(Supplier.objects.filter(is_active=True), required=False, empty_label="Not said")
    supplier_reference = forms.CharField(
        label="Number on the invoice or delivery note", required=False, max_length=40
    )

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        unit = Unit(product.unit)
        self._packs = {str(pack.pk): pack for pack in product.packs.all()}
        self._sizes = {_IN_UNITS: unit.base_units} | {key: pack.size for key, pack in self._packs.items()}
        names = [(key, f"1 {pack}") for key, pack in self._packs.items()]
        self.fields["counted_in"].choices = [
            (_IN_UNITS, f"{unit.label}s"),
            *((key, str(pack)) for key, pack in self._packs.items()),
        ]
        # No choice stands there first: a cost per crate that is taken for one per bottle spoils every profit.
        self.fields["cost_is_for"].choices = [
            ("", "Choose …"),
            (_IN_UNITS, f"1 {unit.label}"),
            *names,
            (_ALL_OF_IT, "all of it"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "quantity" in cleaned and "counted_in" in cleaned:
            try:
                cleaned["quantity"] = quantity.to_base(cleaned["quantity"], self._sizes[cleaned["counted_in"]])
            except ValueError as error:
                self.add_error("quantity", str(error))
        return cleaned

    @property
    def line(self) -> ReceiptLine:
        cleaned = self.cleaned_data
        return ReceiptLine(
            self.product.pk,
            cleaned["quantity"],
            cost=cleaned["cost"],
            cost_for=self._sizes.get(cleaned["cost_is_for"], cleaned["quantity"]),
            pack=self._packs.get(cleaned["counted_in"]),
        )


class CountForm(StockForm):
    """What the shelf holds."""

    counted = QuantityField(zero=True)
    note = forms.CharField(label="Note", required=False, max_length=200)

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        self.fields["counted"].label = f"How many {Unit(product.unit).label}s are there"
        self.fields["counted"].count_in(Unit(product.unit).base_units)


class WriteOffForm(StockForm):
    """What is lost, and why."""

    quantity = QuantityField()
    note = forms.CharField(
        label="Why", max_length=200, widget=forms.TextInput(attrs={"list": "losses", "autocomplete": "off"})
    )

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        self.fields["quantity"].label = f"How many {Unit(product.unit).label}s are lost"
        self.fields["quantity"].count_in(Unit(product.unit).base_units)
