"""What the machine draws: baskets, ways to pay for them, and parts of a sale that come back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from smartduka.tests.model.counter import Who
from smartduka.tests.model.duka import ARTICLES, DIVISIBLE, SKUS
from smartduka.tests.model.papers import Means, SaleMade


@dataclass(frozen=True)
class Wish:
    """A line that somebody wants, at so many cents more or less than the price on the shelf."""

    sku: str
    pack: int | None
    thousandths: int
    haggled: int = 0
    discount: int = 0
    amount: int | None = None


# What is refused is rare, for a shop in which nothing happens hides everything.
PIECES = [1000, 2000, 3000] * 8 + [7000, 500]
WHOLE = [None] * 30 + [6000, 12_000, 100]
HAGGLES = [
    (-100, 0), (-100, 0), (-37, 12), (250, 0), (0, 1), (0, 1), (0, 550), (-900, 0), (0, 100_000),
]  # fmt: skip
BARGAINS = [(-1000, 0), (-2500, 0), (-1500, 0), (-4000, 0), (-10, 200)]


mostly, rarely = st.sampled_from([True] * 3 + [False]), st.sampled_from([False] * 5 + [True])
sometimes = st.sampled_from([False, False, True])
amounts = st.sampled_from([1000, 2000, 5000, 10_000]) | st.integers(1, 30_000)
"""For so many cents of sugar."""


@st.composite
def wishes(draw: st.DrawFn, haggles: Sequence[tuple[int, int]] = ((0, 0),)) -> Wish:
    sku, pack = draw(st.sampled_from(ARTICLES))
    loose = sku in DIVISIBLE and pack is None
    thousandths = draw(st.integers(1, 3000) if loose else st.sampled_from(PIECES))
    haggled, discount = draw(st.sampled_from(haggles))
    amount = draw(amounts) if loose and draw(sometimes) else draw(st.sampled_from(WHOLE))
    return Wish(sku, pack, thousandths, haggled, discount, amount)


hagglers: st.SearchStrategy[Who] = st.sampled_from(["owner", "owner", "manager", "manager", "cashier"])
generous: st.SearchStrategy[Who] = st.sampled_from(["owner"] * 5 + ["manager"])
reasons = st.sampled_from(["Crushed", "For my neighbour"] * 3 + [""])
newcomers = st.sampled_from(
    [
        ("Zawadi", "+254722000333"),
        ("ZAWADI", "+254722000333"),
        ("Zuhura", "+254722000333"),
        ("Mwende", None),
        ("mwende", None),
        ("wanjiku", None),
        ("Atieno", "+254722000444"),
    ]
)
"""Some of them again, some with the phone of another."""
baskets = st.lists(wishes(), min_size=1, max_size=3)
haggled = st.lists(wishes(HAGGLES), min_size=1, max_size=2)
let_go = st.lists(wishes(BARGAINS), min_size=1, max_size=2)
codes = st.integers(0, 25).map("QBC2DE3F{:02}".format)
customers = st.sampled_from(["Wanjiku", "Achieng", "Juma", None])
debtors = st.sampled_from(["Wanjiku", "Wanjiku", "Achieng", "Achieng", "Juma"])
moments = st.sampled_from([None, 0, 90, 7 * 60, 26 * 60, 26 * 60, -3, -30, 8 * 24 * 60])
"""So many minutes ago; None is now."""
terms = st.sampled_from([None, None, 0, 14, 400])
"""Due in so many days."""
counted = st.sampled_from([sku for sku in SKUS if sku != "AIRTIME"])
base_quantities = st.sampled_from([1, 3, 12, 250, 999, 4000])
refunds = st.sampled_from(["cash", "cash", "mpesa"])
payments = st.sampled_from(["cash", "mpesa", "bank"] * 4 + ["on_account"])
shares = st.sampled_from([100, 100, 50, 33, 120, 0])
"""So many percent of what is owed."""

Way = Callable[[int, str], list[Means]]


def _way(*parts: Callable[[int, str], Means]) -> Way:
    return lambda total, code: [means for part in parts if (means := part(total, code)).amount > 0]


def _all(kind: str, more: int = 0) -> Callable[[int, str], Means]:
    return lambda total, code: Means(kind, total + more, code if kind == "mpesa" else "")


def _half(kind: str) -> Callable[[int, str], Means]:
    return lambda total, code: Means(kind, total // 2, code if kind == "mpesa" else "")


def _rest(kind: str, more: int = 0) -> Callable[[int, str], Means]:
    return lambda total, code: Means(kind, total - total // 2 + more, code if kind == "mpesa" else "")


PAID: dict[str, Way] = {
    "cash": _way(_all("cash")),
    "cash and change": _way(_all("cash", more=4000)),
    "M-Pesa": _way(_all("mpesa")),
    "card": _way(_all("card")),
    "M-Pesa and cash": _way(_half("mpesa"), _rest("cash")),
    "M-Pesa, cash and change": _way(_half("mpesa"), _rest("cash", more=500)),
}
OWED: dict[str, Way] = {
    "on account": _way(_all("on_account")),
    "on account and cash": _way(_half("on_account"), _rest("cash")),
    "on account and M-Pesa": _way(_half("on_account"), _rest("mpesa")),
    "on account, cash and change": _way(_half("on_account"), _rest("cash", more=200)),
}
ODD: dict[str, Way] = {
    "cash": PAID["cash"],
    "on account": OWED["on account"],
    "too little": _way(_all("cash", more=-100)),
    "too much by M-Pesa": _way(_all("mpesa", more=100)),
    "one code twice": _way(_half("mpesa"), _rest("mpesa")),
    "on account twice": _way(_half("on_account"), _rest("on_account")),
}
paid_ways, owed_ways = st.sampled_from(sorted(PAID)), st.sampled_from(sorted(OWED))
odd_ways = st.sampled_from(["cash"] * 4 + ["on account"] * 4 + sorted(ODD))


def sent_back(kind: str, code: str) -> Means:
    """How money goes back; M-Pesa has a code of its own."""
    return Means(kind, 0, code if kind == "mpesa" else "")


Portion = tuple[int, str, bool]
portions = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["all", "half", "half", "least", "least", "too much"]), st.booleans()
    ),
    min_size=1,
    max_size=2,
)


def wanted(sale: SaleMade, drawn: Sequence[Portion]) -> list[tuple[int, int, bool]]:
    """The drawn portions of the lines that the sale has; of each line one."""
    chosen = {}
    for at, portion, is_damaged in drawn:
        place = at % len(sale.lines)
        left = sale.lines[place].quantity - sale.lines[place].returned
        size = {"all": left, "half": max(left // 2, 1), "least": 1, "too much": left + 1}[portion]
        chosen[place] = (place, size, is_damaged)
    return list(chosen.values())
