"""What people type about customers, parsed."""

from typing import Any

from django import forms

from customers import book
from customers.models import Customer
from smartduka.forms import ClientRefField, MoneyField, SearchForm
from smartduka.rowforms import RowForm


class CustomerSearchForm(SearchForm):
    """Which customers are listed."""

    hint = "Name or phone"
    owing = forms.BooleanField(required=False, widget=forms.HiddenInput)
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CustomerForm(forms.ModelForm):
    """Who a customer is; how much credit only from somebody `may_give_credit`."""

    credit_limit = MoneyField(
        label="Credit limit", initial="0", help_text="The most this customer may owe. 0: cash only."
    )

    class Meta:
        model = Customer
        fields = ["name", "phone", "credit_limit", "notes", "is_active"]
        widgets = {
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"is_active": "Active"}
        help_texts = {
            "phone": "Such as 0712 345 678. May stay empty.",
            "is_active": "Off: buys nothing on account any more, and is found under “Not active”.",
        }

    def __init__(self, *args: Any, may_give_credit: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_give_credit:
            del self.fields["credit_limit"], self.fields["is_active"]

    def validate_unique(self) -> None:
        """Name the customer who has this phone already."""
        phone = self.instance.phone
        other = Customer.objects.filter(phone=phone).exclude(pk=self.instance.pk).first() if phone else None
        if other and other.public_id != self.instance.public_id:
            self.add_error("phone", f"{other.phone_shown} is the phone of {other}.")


class EditedCustomerForm(RowForm, CustomerForm):
    """A customer who is there, and whom somebody else may edit meanwhile."""

    dossier = book.CUSTOMER


class NewCustomerForm(CustomerForm):
    """A customer to be; `public_id` is made with the page, so that sending it twice makes one customer."""

    public_id = ClientRefField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "public_id" in cleaned:
            self.instance.public_id = cleaned["public_id"]
        return cleaned
