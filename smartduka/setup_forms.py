"""What an owner types about the people, the shop and the diary, parsed."""

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from smartduka import events, people
from smartduka.forms import DayField, LineField, SearchForm, WholeNumberField
from smartduka.models import Shop
from smartduka.people import PERSON
from smartduka.refusals import Refusal
from smartduka.rowforms import RowForm
from smartduka.shopkeeping import SHOP

_ROLES = {
    "Cashier": "Cashier: sells, receives payments, adds customers",
    "Manager": "Manager: also goods, prices, returns, costs and credit",
    "Owner": "Owner: everything, with people and the shop itself",
}


class EventSearchForm(SearchForm):
    """Which events are listed."""

    hint = "Name, SKU, price …"
    kind = forms.ChoiceField(required=False, label="What")
    by = forms.TypedChoiceField(coerce=int, required=False, label="Who")
    since = DayField(label="From")
    until = DayField(label="Until")

    field_order = ["q", "kind", "by", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = "Words"
        self.fields["kind"].choices = [("", "Everything"), *events.KINDS.items()]
        self.fields["by"].choices = [
            ("", "Everybody"),
            *User.objects.order_by("username").values_list("pk", "username"),
        ]


class PersonSearchForm(SearchForm):
    """Which people are listed."""

    hint = "Name"
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)


class ShopForm(RowForm):
    """How the shop counts, and what stands on its receipts."""

    dossier = SHOP

    class Meta:
        model = Shop
        fields = ["name", "phone", "kra_pin", "receipt_footer", "paper", "rounding_step", "day_turns_at"]
        labels = {"name": "Name of the shop", "paper": "Paper of receipts", "rounding_step": "Totals are rounded to"}
        help_texts = {
            "name": "As it stands on receipts.",
            "phone": "As it stands on receipts. May stay empty.",
            "kra_pin": "Such as A123456789Z. May stay empty.",
            "receipt_footer": "The last line of every receipt.",
            "paper": "What the printer holds: a narrow roll, a wide roll, or sheets.",
            "rounding_step": "Whatever it is paid with; the difference is a line of its own.",
            "day_turns_at": "An hour, 0 to 23. A bar that closes at three writes 4: till then it is still yesterday.",
        }
        field_classes = {"day_turns_at": WholeNumberField}
        widgets = {"phone": forms.TextInput(attrs={"inputmode": "tel"})}


class PersonForm(RowForm):
    """Who somebody is, and as what this person works here."""

    dossier = PERSON
    sole = "username"
    role = forms.ChoiceField(choices=[*_ROLES.items(), ("", "No role: may log in, and do nothing")], required=False)

    field_order = ["username", "first_name", "last_name", "role", "password", "is_active"]

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "is_active"]
        field_classes = {"username": UsernameField, "first_name": LineField, "last_name": LineField}
        labels = {"username": "User name", "is_active": "May log in"}
        help_texts = {
            "username": "Letters, digits and @ . + - _ only; for logging in.",
            "first_name": "As it stands on receipts.",
            "is_active": "Off: is out at once. What this person did stays in the books.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = "Cashier" if self.is_new else people.role_of(self.instance)

    @property
    def typed(self) -> set[str]:
        return {*self.fields, "groups", "is_staff"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "role" in cleaned:
            people.choose_role(self.instance, cleaned["role"])
        return cleaned

    def say(self, refusal: Refusal) -> None:
        if "groups" in refusal.fields:
            refusal.fields["role"] = refusal.fields.pop("groups")
        super().say(refusal)


class PasswordField(forms.CharField):
    """A password that one person makes up for another, and therefore reads."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(strip=False, max_length=128, widget=forms.TextInput(attrs=attrs), **kwargs)


class NewPersonForm(PersonForm):
    """Somebody who begins to work here, with a first password."""

    password = PasswordField(
        label="First password", help_text="At least 8 characters. Tell it to this person, and to nobody else."
    )

    class Meta(PersonForm.Meta):
        fields = ["username", "first_name", "last_name"]

    def _post_clean(self) -> None:
        super()._post_clean()
        _check_password(self, self.instance)
        if "password" in self.cleaned_data:
            self.instance.set_password(self.cleaned_data["password"])


class PasswordForm(forms.Form):
    """A new password for somebody who works here."""

    password = PasswordField(label="New password", help_text="At least 8 characters. Tell it to this person alone.")

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def _post_clean(self) -> None:
        _check_password(self, self._person)


def _check_password(form: forms.BaseForm, person: User) -> None:
    if "password" in form.cleaned_data:
        try:
            validate_password(form.cleaned_data["password"], person)
        except ValidationError as error:
            form.add_error("password", error)
