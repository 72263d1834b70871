"""Forms of rows that people edit in the browser, perhaps two of them at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet

from smartduka import masterdata
from smartduka.forms import add_refusal
from smartduka.masterdata import ChangedMeanwhile, Dossier
from smartduka.refusals import Refusal
from smartduka.search import fold

_LOAD_AGAIN = {"required": "Load this page again, then write what you want to change."}


class RowForm(forms.ModelForm):
    """The form of a row on a page, which knows what to tell the domain of the moment when it was shown.

    For a row that is there that is how it was; for a new one, the newest row there was.
    """

    dossier: Dossier
    sole: str = ""
    """A field in which no two rows are alike, whatever their capitals and accents, on every engine."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance._state.adding
        if self.is_new:
            newest = partial(masterdata.newest, type(self.instance))
            self.fields["since"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=newest, min_value=0, error_messages=_LOAD_AGAIN
            )
        else:
            self.fields["seen"] = forms.CharField(
                widget=forms.HiddenInput, initial=self._how_it_is, error_messages=_LOAD_AGAIN
            )

    @property
    def typed(self) -> set[str]:
        """The facts that this form decides."""
        return set(self.fields)

    def validate_unique(self) -> None:
        if self._was_sent_before():
            return
        if namesake := self._find_namesake():
            self.add_error(self.sole, f"There is already one called {namesake}.")
        else:
            super().validate_unique()

    def others(self) -> QuerySet[Any]:
        """The rows of which none has the same `sole` name."""
        return type(self.instance)._default_manager.exclude(pk=self.instance.pk)

    def kept(self, save: Callable[..., Any], *, by: User) -> Any:
        """The row, once `save` has kept what was typed; None when the form has something to say instead."""
        if not (self.is_bound and self.is_valid()):
            return None
        moment = "since" if self.is_new else "seen"
        try:
            return save(self.instance, by=by, fields=self.typed, **{moment: self.cleaned_data[moment]})
        except Refusal as refusal:
            self.say(refusal)
            return None

    def say(self, refusal: Refusal) -> None:
        """Say what was refused. Who was told what is there now may send it again."""
        if isinstance(refusal, ChangedMeanwhile):
            self.data = self.data.copy()
            self.data["seen"] = refusal.seen
            if refusal.fields.keys() & self.fields.keys():
                self.add_error(None, refusal.message)
        add_refusal(self, refusal)

    def _how_it_is(self) -> str:
        return masterdata.seen(self.instance, self.dossier.among(self.typed))

    def _was_sent_before(self) -> bool:
        since = self.cleaned_data.get("since")
        if not self.is_new or since is None:
            return False
        typed = [fact for fact in self.dossier.among(self.fields) if self.cleaned_data.get(fact.field)]
        return masterdata.twin(self.instance, typed, since=since) is not None

    def _find_namesake(self) -> str | None:
        if not self.cleaned_data.get(self.sole):
            return None
        wanted, names = fold(self.cleaned_data[self.sole]), self.others().values_list(self.sole, flat=True)
        return next((name for name in names if fold(name) == wanted), None)
