"""What people send from the pages of the till and the sales list, parsed."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from sales import tenders
from sales.models import Sale
from sales.refunds import ReturnedLine
from sales.returns import Refund
from sales.session_forms import ThroughADrawer
from sales.tenders import Tendered
from smartduka import quantity
from smartduka.forms import ClientRefField, DayField, LineField, MoneyField, QuantityField, SearchForm
from smartduka.quantity import Unit


def money_tenders() -> list[tuple[str, str]]:
    """The means of payment in which money really moves, as choices."""
    return [(code, kind.label) for code, kind in tenders.TYPES.items() if not kind.is_on_account]


class SaleSearchForm(SearchForm):
    """Which sales are listed."""

    hint = "Number, customer, M-Pesa code"
    by = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Cashier")
    since = DayField(label="From")
    until = DayField(label="Until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = "Search"
        self.fields["by"].choices = [
            ("", "Everybody"),
            *User.objects.order_by("username").values_list("pk", "username"),
        ]


class TenderForm(forms.Form):
    """A means of payment, with its code where it has one."""

    type = forms.ChoiceField(label="How", choices=money_tenders)
    reference = LineField(label="Code or slip number", required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "type" in cleaned and "reference" in cleaned:
            try:
                kind = tenders.TYPES[cleaned["type"]]
                cleaned["reference"] = tenders.parse_reference(kind, cleaned["reference"])
            except ValueError as error:
                self.add_error("reference", str(error))
        return cleaned


class PaymentForm(TenderForm, ThroughADrawer):
    """What a customer pays."""

    drawer_label = "Into whose drawer"

    client_ref = ClientRefField()
    amount = MoneyField(label="Amount")
    note = LineField(required=False, max_length=200)

    field_order = ["amount", "type", "reference", "note"]

    @property
    def tendered(self) -> Tendered:
        cleaned = self.cleaned_data
        return Tendered(tenders.TYPES[cleaned["type"]], cleaned["amount"], cleaned["reference"])


class VoidForm(TenderForm, ThroughADrawer):
    """Why a sale is undone, and how its money goes back."""

    drawer_label = "Out of whose drawer"
    reasons = ["Rung up twice", "Wrong goods", "Wrong price", "Wrong customer", "Customer left"]
    """Quick answers."""

    client_ref = ClientRefField()
    reason = LineField(max_length=200, help_text="For whoever looks at the books later.")

    field_order = ["reason", "type", "reference"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].label = "Money goes back by"

    @property
    def refund(self) -> Refund:
        return Refund(tenders.TYPES[self.cleaned_data["type"]], self.cleaned_data["reference"], self.chosen_drawer)


class ReturnForm(VoidForm):
    """Which goods of a sale come back, in units. The sale comes from `for_receipt`."""

    reasons = ["Spoiled", "Broken", "Wrong goods", "Too many", "Changed their mind"]

    def __init__(self, sale: Sale, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_asks = "check" in self.data
        # What was sent is read whole: of a form that is sent again, the goods came back already.
        self._sold = [line for line in sale.lines.all() if self.is_bound or line.returned < line.quantity]
        for line in self._sold:
            field = QuantityField(label=f"How much of {line.product_name} comes back", required=False)
            field.count_in(Unit(line.unit).base_units)
            self.fields[f"quantity_{line.pk}"] = field
            self.fields[f"damaged_{line.pk}"] = forms.BooleanField(label="Damaged", required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line that can come back, with its fields."""
        return [
            {
                "line": line,
                "left": line.quantity - line.returned,
                "all": quantity.number(line.quantity - line.returned, line.unit),
                "quantity": self[f"quantity_{line.pk}"],
                "damaged": self[f"damaged_{line.pk}"],
            }
            for line in self._sold
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.only_asks:
            for unfinished in ("reason", "type", "reference", "drawer"):
                self.errors.pop(unfinished, None)
        if not self.errors and not self.lines:
            self.add_error(None, "Write how much of something comes back.")
        return cleaned

    @property
    def lines(self) -> list[ReturnedLine]:
        """What comes back; nothing while a quantity cannot be understood."""
        if not self.is_bound or any(name.startswith("quantity_") for name in self.errors):
            return []
        cleaned = self.cleaned_data
        return [
            ReturnedLine(line.pk, cleaned[f"quantity_{line.pk}"], is_damaged=cleaned[f"damaged_{line.pk}"])
            for line in self._sold
            if cleaned.get(f"quantity_{line.pk}")
        ]
