"""What people send from the pages of the till and the sales list, parsed."""

from typing import Any

from django import forms

from sales import tenders
from sales.tenders import Tendered
from smartduka.forms import MoneyField


def money_tenders() -> list[tuple[str, str]]:
    """The means of payment in which money really moves, as choices."""
    return [(code, kind.label) for code, kind in tenders.TYPES.items() if not kind.is_on_account]


class TenderForm(forms.Form):
    """A means of payment, with its code where it has one."""

    type = forms.ChoiceField(label="How", choices=money_tenders)
    reference = forms.CharField(label="Code or slip number", required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "type" in cleaned and "reference" in cleaned:
            try:
                kind = tenders.TYPES[cleaned["type"]]
                cleaned["reference"] = tenders.parse_reference(kind, cleaned["reference"])
            except ValueError as error:
                self.add_error("reference", str(error))
        return cleaned


class PaymentForm(TenderForm):
    """What a customer pays."""

    amount = MoneyField(label="Amount")
    note = forms.CharField(required=False, max_length=200)

    field_order = ["amount", "type", "reference", "note"]

    @property
    def tendered(self) -> Tendered:
        cleaned = self.cleaned_data
        return Tendered(tenders.TYPES[cleaned["type"]], cleaned["amount"], cleaned["reference"])
