"""Form fields that parse what people type at a counter: the same numbers in every form."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from smartduka import money


class ParsedField(forms.CharField):
    """A text that a function of the domain parses; its ValueError is what the person reads."""

    def __init__(self, *, parse: Callable[[str], Any], **kwargs: Any) -> None:
        self.parse = parse
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MoneyField(ParsedField):
    """An amount of shillings; 0 is one. None when it is empty and not required."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"parse": money.parse, "widget": widget, "max_length": 20, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value
