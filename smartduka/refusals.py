"""What the domain says when it cannot do what was asked."""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that is understood and declined; nothing was written.

    `code` is for programs, `message` is a sentence for the person at the counter, `fields` maps a field's
    name to what is wrong with it.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
