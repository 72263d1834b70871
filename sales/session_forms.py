"""What people send about their drawers, parsed."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from sales.drawer import DENOMINATIONS, Count
from sales.models import TillSession
from smartduka import money
from smartduka.forms import ClientRefField, DayField, LineField, ListForm, MoneyField, WholeNumberField
from smartduka.names import called
from smartduka.references import is_key


class OpenForm(forms.Form):
    """The cash in the drawer before the first sale."""

    client_ref = ClientRefField()
    opening_float = MoneyField(label="Float", help_text="The cash in your drawer now. Write 0 when it is empty.")


class CashForm(forms.Form):
    """Cash that goes in or out for no sale."""

    client_ref = ClientRefField()
    amount = MoneyField(label="Amount")
    reason = LineField(label="What for", max_length=200)


class CountForm(forms.Form):
    """How many of each note and coin there are; what is left empty is none."""

    client_ref = ClientRefField()
    other = MoneyField(label="Other", required=False, help_text="The worth of anything else, such as 50-cent coins.")
    note = LineField(label="Remark", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for worth in DENOMINATIONS:
            field = WholeNumberField(label=f"{worth:,} ×", required=False)
            field.widget.attrs |= {"data-worth": worth, "inputmode": "numeric", "placeholder": "0"}
            self.fields[f"pieces_{worth}"] = field
        self.fields["other"].widget.attrs |= {"data-worth": 1, "placeholder": "0.00"}
        self.order_fields(["client_ref", *(f"pieces_{worth}" for worth in DENOMINATIONS), "other", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        counted = [cleaned[name] for name in cleaned if name.startswith("pieces_") or name == "other"]
        if not self.errors and all(each is None for each in counted):
            self.add_error(None, "Count what is in the drawer; when it is empty, write 0 somewhere.")
        return cleaned

    @property
    def pieces(self) -> list[forms.BoundField]:
        return [self[f"pieces_{worth}"] for worth in DENOMINATIONS]

    @property
    def count(self) -> Count:
        words = self.cleaned_data
        pieces = {worth: words[f"pieces_{worth}"] or 0 for worth in DENOMINATIONS}
        return Count(pieces, words["other"] or money.ZERO)


class SessionListForm(ListForm):
    """Which till sessions are listed."""

    by = forms.TypedChoiceField(coerce=int, required=False, label="Whose")
    day = DayField(label="Day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=TillSession.objects.values("cashier")).order_by("username")
        self.fields["by"].choices = [("", "Everybody’s"), *people.values_list("pk", "username")]


class DrawerField(forms.TypedChoiceField):
    """One of the drawers that are open; one that was closed meanwhile is refused by the domain."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)

    def valid_value(self, value: Any) -> bool:
        return is_key(str(value))


class ThroughADrawer(forms.Form):
    """A form that moves money. Who has no drawer open, while others have, chooses through whose it goes."""

    drawer_label = "Whose drawer"

    def offer_drawers(self, person: User) -> None:
        sessions = TillSession.objects.open().select_related("cashier").order_by("pk")
        drawers = {each.cashier_id: each for each in sessions}
        own = drawers.pop(person.pk, None)
        # What was chosen counts, even where it would not be asked any more: the last one was closed meanwhile.
        if "drawer" not in self.data and (own or not drawers):
            return
        choices = [(str(each.pk), f"{called(each.cashier)} ({each.number})") for each in drawers.values()]
        only = choices[0][0] if len(choices) == 1 else ""
        mine = f"My own ({own.number})" if own else "My own, a new one"
        self.fields["drawer"] = DrawerField(label=self.drawer_label, choices=[*choices, ("", mine)], initial=only)

    @property
    def chosen_drawer(self) -> int | None:
        """The till session that was chosen; none for the own one."""
        return self.cleaned_data.get("drawer")
