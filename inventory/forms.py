"""What people type about the shelf, parsed."""

from typing import Any

from django import forms

from inventory import skus
from inventory.models import Category, Product, Supplier
from inventory.receipts import ReceiptLine
from smartduka import quantity
from smartduka.forms import ClientRefField, LineField, MoneyField, QuantityField, SearchForm
from smartduka.quantity import Unit

LOSSES = ("Expired", "Damaged", "Stolen", "Used in the shop", "Given away")
"""What a write-off is mostly for; any other words do as well."""

_IN_UNITS = "unit"
_ALL_OF_IT = "all"


class ProductSearchForm(SearchForm):
    """Which products are listed."""

    hint = "Name, SKU or barcode"
    category = forms.ModelChoiceField(
        Category.objects.all(),
        required=False,
        empty_label="Every category",
        widget=forms.Select(attrs={"aria-label": "Category"}),
    )
    low = forms.BooleanField(required=False, widget=forms.HiddenInput)
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SeenField(forms.IntegerField):
    """The newest movement (0: none) when the page was made. Shown again, it is the newest of now."""

    widget = forms.HiddenInput

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class StockForm(forms.Form):
    """Something that moves the stock of one product."""

    client_ref = ClientRefField()

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product


class ReceiveForm(StockForm):
    """Goods of one product that came in, in units or in packs, and what they cost."""

    quantity = QuantityField(label="How many came in")
    counted_in = forms.ChoiceField(label="Counted in")
    cost = MoneyField(label="What they cost")
    cost_is_for = forms.ChoiceField(label="That is for")
    supplier = forms.ModelChoiceField(Supplier.objects.filter(is_active=True), required=False, empty_label="Not said")
    supplier_reference = LineField(label="Number on the invoice or delivery note", required=False, max_length=40)

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        unit = Unit(product.unit)
        self._packs = {str(pack.pk): pack for pack in product.packs.all()}
        self._sizes = {_IN_UNITS: unit.base_units} | {key: pack.size for key, pack in self._packs.items()}
        packs = [(key, str(pack)) for key, pack in self._packs.items()]
        self.fields["counted_in"].choices = [(_IN_UNITS, f"{unit.label}s"), *packs]
        if not packs:
            self.fields["quantity"].label = f"How many {unit.label}s came in"
            self.fields["counted_in"].initial = _IN_UNITS
            self.fields["counted_in"].widget = forms.HiddenInput()
        # No choice stands there first: a cost per crate that is taken for one per bottle spoils every profit.
        self.fields["cost_is_for"].choices = [
            ("", "Choose …"),
            (_IN_UNITS, f"1 {unit.label}"),
            *((key, f"1 {name}") for key, name in packs),
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

    seen = SeenField(min_value=0)
    counted = QuantityField(zero=True)
    note = LineField(label="Note", required=False, max_length=200)

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        self.fields["seen"].initial = lambda: product.movements.values_list("pk", flat=True).first() or 0
        self.fields["counted"].label = f"How many {Unit(product.unit).label}s are there"
        self.fields["counted"].count_in(Unit(product.unit).base_units)


class WriteOffForm(StockForm):
    """What is lost, and why."""

    quantity = QuantityField()
    note = LineField(
        label="Why", max_length=200, widget=forms.TextInput(attrs={"list": "losses", "autocomplete": "off"})
    )

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(product, *args, **kwargs)
        self.fields["quantity"].label = f"How many {Unit(product.unit).label}s are lost"
        self.fields["quantity"].count_in(Unit(product.unit).base_units)


class ProductForm(forms.ModelForm):
    """A kind of goods. Without a SKU it gets one made from its name; its threshold is typed in units."""

    sku = forms.CharField(label="SKU", required=False, help_text="Empty: made from the name.")
    low_stock_threshold = QuantityField(
        zero=True, initial="0", help_text="In units, such as 0.5 for half a kilogram. Stock is low at or below this."
    )
    buying_price = MoneyField(help_text="Per unit. Each goods receipt brings it up to date.")
    selling_price = MoneyField(help_text="Per unit, VAT included.")
    floor_price = MoneyField(
        required=False, help_text="The lowest price a manager may sell at. Empty: the selling price."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            threshold = quantity.to_units(self.instance.low_stock_threshold, self.instance.unit)
            self.initial["low_stock_threshold"] = threshold

    def clean_sku(self) -> str:
        return skus.normalise(self.cleaned_data["sku"]) or self.instance.sku

    def clean_unit(self) -> str:
        unit = self.cleaned_data["unit"]
        if self.instance.pk and unit != self.instance.unit and self.instance.movements.exists():
            raise forms.ValidationError(
                f"The books count {self.instance} in {Unit(self.instance.unit).label}s. Make a new product instead."
            )
        return unit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _count_in_units(self, "low_stock_threshold", cleaned.get("unit"))
        return cleaned


class PackForm(forms.ModelForm):
    """So many units of `product` sold as one."""

    size = QuantityField(help_text="How many pieces, kilograms, litres or metres.")
    selling_price = MoneyField()

    class Meta:
        widgets = {"name": forms.TextInput(attrs={"size": 20}), "barcode": forms.TextInput(attrs={"size": 14})}

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._product = product
        if self.instance.pk:
            self.initial["size"] = quantity.to_units(self.instance.size, product.unit)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _count_in_units(self, "size", self._product.unit)
        if cleaned.get("barcode") and cleaned["barcode"] == self._product.barcode:
            self.add_error("barcode", "This barcode is on the product itself.")
        return cleaned


class PackFormSet(forms.BaseInlineFormSet):
    """The packs of one product, which may be as new as they are."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "product": self.instance}


def _count_in_units(form: forms.ModelForm, field: str, unit: str | None) -> None:
    """Bring a number of units to base units, once the unit is known."""
    if field not in form.cleaned_data or unit not in Unit.values:
        return
    try:
        form.cleaned_data[field] = quantity.to_base(form.cleaned_data[field], Unit(unit).base_units)
    except ValueError as error:
        form.add_error(field, str(error))
