"""What an owner gives and types about backups."""

from typing import Any

from django import forms

from smartduka.backups.uploads import LARGEST
from smartduka.forms import InSightWhenWrong, LineField

WORD = "RESTORE"
_AT_MOST = f"at most {LARGEST / 1e9:.0f} GB"


class UploadForm(forms.Form):
    """A backup from elsewhere."""

    bound_field_class = InSightWhenWrong

    file = forms.FileField(
        label="A backup from elsewhere",
        help_text=(
            f"A file that SmartDuka made, of {_AT_MOST}. "
            "It is checked, and kept as the others are; the shop stays as it is."
        ),
        error_messages={
            "required": f"No file arrived. Choose a backup of {_AT_MOST}, for which the disk has room.",
            "empty": "This file is empty. Choose another one.",
        },
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )


class RestoreForm(forms.Form):
    """Typed by hand, so that nobody restores by a slip of the thumb."""

    bound_field_class = InSightWhenWrong

    typed = LineField(
        max_length=200,
        error_messages={"required": "Nothing was typed, and nothing was changed."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, shop_name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._words = [WORD, shop_name]
        self.fields["typed"].label = f"Type {WORD}, or {shop_name}"

    def clean_typed(self) -> str:
        typed = " ".join(self.cleaned_data["typed"].split())
        if typed.casefold() not in (" ".join(word.split()).casefold() for word in self._words):
            raise forms.ValidationError(f"This is neither {' nor '.join(self._words)}. Nothing was changed.")
        return typed
