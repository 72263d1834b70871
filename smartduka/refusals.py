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

    @staticmethod
    def invalid(field: str, message: str) -> "Refusal":
        """What was asked for cannot be: `field` is where it stands."""
        return Refusal("invalid", message, {field: message})


class ClientRefReused(Refusal):
    """The same client_ref came with other content: two different things, one identity."""

    def __init__(self, earlier: object) -> None:
        message = f"This was kept already as {earlier}, with other content. Open it anew for something else."
        super().__init__("client_ref_reused", message, {"client_ref": message})
