"""The drawers of the one person who sells, one after another; what each should hold, in cents."""

from dataclasses import dataclass, field

from smartduka.tests.model.numbers import Refused


@dataclass(eq=False)
class Drawer:
    opening_float: int
    is_automatic: bool
    cash: int
    counted: int | None = None


@dataclass
class Drawers:
    """At most one of them is open, and it is the last."""

    made: list[Drawer] = field(default_factory=list)
    movements: list[int] = field(default_factory=list)
    """Cash paid in (+) and out (−) by hand."""

    def is_open(self) -> bool:
        return bool(self.made) and self.made[-1].counted is None

    def open(self, opening_float: int) -> Drawer:
        if self.is_open():
            raise Refused
        return self._begin(opening_float, is_automatic=False)

    def in_use(self) -> Drawer:
        """The one that is open; the first sale opens one."""
        return self.made[-1] if self.is_open() else self._begin(0, is_automatic=True)

    def move(self, amount: int) -> None:
        if not self.is_open():
            raise Refused
        self.made[-1].cash += amount
        self.movements.append(amount)

    def close(self, counted: int) -> Drawer:
        if not self.is_open():
            raise Refused
        self.made[-1].counted = counted
        return self.made[-1]

    def _begin(self, opening_float: int, *, is_automatic: bool) -> Drawer:
        self.made.append(Drawer(opening_float, is_automatic, opening_float))
        return self.made[-1]
