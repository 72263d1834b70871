"""Form fields that parse what people type at a counter: the same numbers in every form."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.forms.widgets import Widget

from smartduka import money, quantity, text
from smartduka.once import parse_client_ref
from smartduka.references import is_key
from smartduka.refusals import Refusal
from smartduka.roles import ROLES

_NUMERIC = {"inputmode": "decimal", "autocomplete": "off", "size": 10}


class InSightWhenWrong(BoundField):
    """A form's first wrong field has the focus: on a phone it may stand far below where a page begins."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        first_wrong = next((name for name in self.form.fields if name in self.form.errors), None)
        focus = {"autofocus": True} if self.name == first_wrong else {}
        return super().build_widget_attrs(attrs, widget) | focus


class LineField(forms.CharField):
    """One line that people write."""

    default_validators = [text.validate_line]


class ParsedField(forms.CharField):
    """A text that a function of the domain parses; its ValueError is what the person reads."""

    def __init__(self, *, parse: Callable[[str], Any], **kwargs: Any) -> None:
        self.parse = parse
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.parse(typed)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(ParsedField):
    """An amount of shillings; 0 is one. None when it is empty and not required."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs=_NUMERIC)
        super().__init__(**{"parse": money.parse, "widget": widget, "max_length": 20, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class QuantityField(ParsedField):
    """A number of units or of packs, above 0 unless `zero`; in base units once it knows `count_in` what."""

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        self._parse_number = quantity.parse_number_or_zero if zero else quantity.parse_number
        widget = forms.TextInput(attrs=_NUMERIC)
        super().__init__(**{"parse": self._parse_number, "widget": widget, "max_length": 20, **kwargs})

    def count_in(self, base_units: int) -> None:
        """From now on the value is base units, of which one that is typed has so many."""
        self.parse = lambda text: quantity.to_base(self._parse_number(text), base_units)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class WholeNumberField(QuantityField):
    """A whole number, from 0 on; how large it may be, the model knows."""

    def __init__(self, *, min_value: int = 0, max_value: int | None = None, **kwargs: Any) -> None:
        super().__init__(zero=True, **kwargs)
        self.count_in(1)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class RowsField(forms.ModelMultipleChoiceField):
    """Rows of a table. SQLite cannot be asked for a key beyond 64 bits, which is therefore no choice."""

    def clean(self, value: Any) -> Any:
        for chosen in value or ():
            if not is_key(str(chosen)):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": chosen})
        return super().clean(value)


def _validate_client_ref(ref: UUID) -> None:
    try:
        parse_client_ref(str(ref))
    except ValueError as error:
        raise ValidationError(str(error)) from None


class ClientRefField(forms.UUIDField):
    """Made with the page, so that a form that is sent twice is written once."""

    widget = forms.HiddenInput
    default_validators = [_validate_client_ref]

    def __init__(self, **kwargs: Any) -> None:
        again = {"required": "Load this page again, then write it once more."}
        super().__init__(**{"initial": uuid4, "error_messages": again, **kwargs})


class DayField(forms.DateField):
    """A day on which a shop may have been open."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class ListForm(forms.Form):
    """What of a list is shown. What cannot be read does not matter."""

    def words(self) -> dict[str, Any]:
        """What was understood, by field."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class SearchForm(ListForm):
    """What is looked for in a list."""

    hint = "Search"
    q = forms.CharField(required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"placeholder": self.hint, "aria-label": self.hint}


class FirstOwnerForm(UserCreationForm):
    """What the owner of a new shop types first."""

    code = forms.CharField(
        label="Code from the terminal",
        max_length=40,
        help_text="The window in which you started SmartDuka shows it.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    shop_name = LineField(label="Name of the shop", max_length=80, help_text="As it stands on receipts.")

    field_order = ["code", "shop_name", "username", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"].widget.attrs["autofocus"]
        self.fields["code"].widget.attrs["autofocus"] = True
        self.fields["username"].label = "Your user name"
        self.fields["username"].help_text = "You log in with it. Letters, digits and @ . + - _ only."
        self.fields["password1"].help_text = "At least 8 characters, not only digits, and not a common word."
        self.fields["password2"].label = "The same password again"
        self.fields["password2"].help_text = ""


class PersonForm(UserChangeForm):
    """What an owner decides about somebody who works here, `asked_by` that owner."""

    asked_by: User

    class Meta(UserChangeForm.Meta):
        field_classes = {**UserChangeForm.Meta.field_classes, "first_name": LineField, "last_name": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].label = "Roles"
        self.fields["groups"].help_text = ""
        self.fields["is_active"].help_text = "Off: this person can no longer log in. What they sold stays theirs."
        self.fields["is_staff"].label = "May use the back office"
        self.fields["is_staff"].help_text = "For owners, who always may, and for managers."

    def clean_groups(self) -> list[Group]:
        """The chosen roles, and whatever else a superuser gave this person."""
        return [*self.cleaned_data["groups"], *self.instance.groups.exclude(name__in=ROLES)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        roles = {group.name for group in cleaned.get("groups", ())}
        if "Owner" in roles:
            cleaned["is_staff"] = True
        elif cleaned.get("is_staff") and "Manager" not in roles:
            self.add_error("is_staff", "Only an owner or a manager uses the back office.")
        if self.instance == self.asked_by and not (cleaned.get("is_active") and "Owner" in roles):
            raise ValidationError("You would lock yourself out. Another owner can do this.")
        return cleaned


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Say what the domain refused, beside the field that it names where the form has that field."""
    named = {field: message for field, message in refusal.fields.items() if field in form.fields}
    for field, message in (named or {None: refusal.message}).items():
        form.add_error(field, message)
