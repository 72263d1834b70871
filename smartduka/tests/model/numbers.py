"""Rounding, written out."""


class Refused(Exception):
    """What is asked for is declined, with the code that the program must give."""

    def __init__(self, code: str = "invalid") -> None:
        super().__init__(code)
        self.code = code


def nearest(dividend: int, divisor: int) -> int:
    """The nearest whole number to a fraction; a half goes away from zero."""
    size = (2 * abs(dividend) + divisor) // (2 * divisor)
    return size if dividend >= 0 else -size


def shown(cents: int) -> str:
    """As people read it: whole shillings without their cents."""
    whole, part = divmod(cents, 100)
    return f"{whole:,}.{part:02}" if part else f"{whole:,}"


def to_step(cents: int, shillings: int) -> int:
    """The nearest multiple of so many shillings, in cents."""
    step = 100 * shillings
    return nearest(cents, step) * step
