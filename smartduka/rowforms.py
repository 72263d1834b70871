"""Forms of rows that people edit in the browser, perhaps two of them at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.models import User

from smartduka import masterdata
from smartduka.forms import add_refusal
from smartduka.masterdata import ChangedMeanwhile, Dossier
from smartduka.refusals import Refusal


class RowForm(forms.ModelForm):
    """The form of a row on a page, which knows what to tell the domain of the moment when it was shown.

    For a row that is there that is how it was; for a new one, the newest row there was.
    """

    dossier: Dossier

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        if self.is_new:
            newest = partial(masterdata.newest, type(self.instance))
            self.fields["since"] = forms.IntegerField(widget=forms.HiddenInput, initial=newest, min_value=0)
        else:
            shown = masterdata.seen(self.instance, self.dossier.among(self.fields))
            self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, initial=shown)

    def sent_before(self) -> Any:
        """The row that this form made when it was sent before; None when it is sent the first time."""
        since = self.cleaned_data.get("since")
        if not self.is_new or since is None:
            return None
        typed = [fact for fact in self.dossier.among(self.fields) if self.cleaned_data.get(fact.field)]
        return masterdata.twin(self.instance, typed, since=since)

    def validate_unique(self) -> None:
        if not self.sent_before():
            super().validate_unique()

    def kept(self, save: Callable[..., Any], *, by: User) -> Any:
        """The row, once `save` has kept what was typed; None when the form has something to say instead."""
        if not (self.is_bound and self.is_valid()):
            return None
        moment = "since" if self.is_new else "seen"
        try:
            return save(self.instance, by=by, fields=self.fields.keys(), **{moment: self.cleaned_data[moment]})
        except Refusal as refusal:
            self.say(refusal)
            return None

    def say(self, refusal: Refusal) -> None:
        """Say what was refused. Who saw what is there now may send it again."""
        if isinstance(refusal, ChangedMeanwhile):
            self.data = self.data.copy()
            self.data["seen"] = refusal.seen
            self.add_error(None, refusal.message)
        add_refusal(self, refusal)
