"""What the till says of tenders and of a customer's credit, compared with the books where they decide the same."""

import random
from datetime import date
from decimal import Decimal

import pytest

from sales import tenders
from sales.tenders import TYPES, Tendered
from smartduka import money
from smartduka.refusals import Refusal

pytestmark = pytest.mark.browser

KINDS = {
    code: {"type": code, "label": kind.label, "is_cash": kind.is_cash, "is_on_account": kind.is_on_account}
    for code, kind in TYPES.items()
}

SETTLE = """async (cases) => {
  const { excess, settle } = await import("/tenders.js");
  return cases.map(([rows, total]) => ({ ...settle(rows, total), excess: excess(rows, total) }));
}"""

STANDING = """async (cases) => {
  const { standing } = await import("/credit.js");
  return cases.map(([balance, credit_limit, more]) => standing({ balance, credit_limit }, more));
}"""


def rows(*typed):
    return [{"kind": KINDS[kind], "text": text} for kind, text in typed]


@pytest.fixture
def settled(modules):
    """What the till makes of rows of (kind, text), against a total in cents."""
    return lambda total, *typed: modules.evaluate(SETTLE, [[rows(*typed), total]])[0]


@pytest.mark.parametrize(
    ("typed", "amounts", "state", "difference"),
    [
        ([("cash", "")], [6500], "exact", 0),
        ([("cash", "100")], [10_000], "change", 3500),
        ([("cash", "50")], [5000], "missing", 1500),
        ([("cash", "20"), ("mpesa", "")], [2000, 4500], "exact", 0),
        ([("cash", ""), ("mpesa", "")], [6500, 0], "exact", 0),
        ([("cash", "20"), ("mpesa", "50")], [2000, 5000], "change", 500),
        ([("cash", "5"), ("mpesa", "65")], [500, 6500], "too much", 500),
        ([("mpesa", "70")], [7000], "too much", 500),
        ([("cash", "6161100110011")], [None], "unreadable", 0),
        ([("cash", "6161100110")], [616_110_011_000], "too much", 616_110_004_500),
        ([("cash", "1,000.5")], [100_050], "change", 93_550),
        ([("cash", "x"), ("mpesa", "65")], [None, 6500], "unreadable", 0),
    ],
)
def test_an_empty_amount_takes_what_is_left(settled, typed, amounts, state, difference):
    said = settled(6500, *typed)
    assert (said["amounts"], said["state"], said["difference"]) == (amounts, state, difference)


@pytest.mark.parametrize(
    ("typed", "text", "cure"),
    [
        ([("mpesa", "1000")], "M-Pesa is 50 more than is due", (0, 95_000)),
        ([("cash", "50"), ("mpesa", "1000")], "M-Pesa is 100 more than is due", (1, 90_000)),
        ([("mpesa", "500"), ("card", "500")], "Card is 50 more than is due", (1, 45_000)),
        ([("mpesa", "950"), ("cash", "20")], "All is paid without the cash", (1, 0)),
        ([("mpesa", "30"), ("card", "960"), ("bank", "35")], "Card is 75 more than is due", (1, 88_500)),
        (
            [("mpesa", "475"), ("card", "475"), ("cash", "500"), ("bank", "1")],
            "This is 501 more than is due",
            (-1, 0),
        ),
        ([("cash", "200000")], "Nobody gets so much change", (-1, 0)),
    ],
)
def test_too_much_is_explained_and_cured(settled, typed, text, cure):
    said = settled(95_000, *typed)["excess"]
    assert said["text"].startswith(text)
    assert (said["at"], said["amount"]) == cure
    if said["at"] >= 0:
        typed[said["at"]] = (typed[said["at"]][0], str(said["amount"] / 100))
        assert settled(95_000, *typed)["state"] in ("exact", "change")


def test_nothing_is_explained_while_it_is_not_too_much(settled):
    assert settled(6500, ("cash", "100"))["excess"] is None
    assert settled(6500, ("cash", "x"))["excess"] is None


def test_the_till_settles_as_the_books_do(modules):
    dice = random.Random(11)  # noqa: S311 – examples, not secrets
    kinds = ["cash", "mpesa", "card", "bank"]
    cases = []
    for _ in range(200):
        total = dice.randint(1, 2000) * 100
        typed = [(kind, str(dice.randint(1, 1500))) for kind in dice.sample(kinds, dice.randint(1, 4))]
        cases += [(typed, total), (typed, sum(int(text) for _, text in typed) * 100)]
    said = modules.evaluate(SETTLE, [[rows(*typed), total] for typed, total in cases])

    def decided(typed, total):
        given = [Tendered(TYPES[kind], Decimal(text), f"QBC2DE3F{at:02}") for at, (kind, text) in enumerate(typed)]
        try:
            change = tenders.settle(given, money.to_cents(Decimal(total) / 100))[len(given) :]
        except Refusal as refusal:
            return "missing" if "missing" in refusal.message else "too much"
        return "change" if change else "exact"

    assert [each["state"] for each in said] == [decided(*case) for case in cases]
    assert {each["state"] for each in said} == {"change", "missing", "too much", "exact"}


@pytest.mark.parametrize(
    ("balance", "limit", "more", "line", "problem"),
    [
        ("0.00", "5000.00", 13_000, "Owes nothing · may owe 5,000 · 5,000 left", ""),
        ("4870.00", "5000.00", 13_000, "Owes 4,870 · may owe 5,000 · 130 left", ""),
        (
            "4870.00", "5000.00", 13_001, "Owes 4,870 · may owe 5,000 · 130 left",
            "130.01 on account is 0.01 more than the limit leaves.",
        ),
        (
            "5200.00", "5000.00", 5_000, "Owes 5,200 · may owe 5,000 · nothing left",
            "50 on account is 50 more than the limit leaves.",
        ),
        ("5200.00", "5000.00", 0, "Owes 5,200 · may owe 5,000 · nothing left", ""),
        ("-300.50", "5000.00", 0, "Has 300.50 to their credit · may owe 5,000 · 5,300.50 left", ""),
        ("0.00", "0.00", 0, "Owes nothing · cash only", ""),
        (
            "0.00", "0.00", 1, "Owes nothing · cash only",
            "This customer has no credit limit, so nothing goes on account.",
        ),
        ("-100.00", "0.00", 10_000, "Has 100 to their credit · cash only beyond that", ""),
    ],
)  # fmt: skip
def test_a_customers_credit_is_said_before_it_is_used(modules, balance, limit, more, line, problem):
    assert modules.evaluate(STANDING, [[balance, limit, more]]) == [{"line": line, "problem": problem}]


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 6, 23), ["2026-06-23", "2026-06-30", "2026-06-30"]),
        (date(2026, 12, 31), ["2026-12-31", "2027-01-07", "2026-12-31"]),
        (date(2028, 2, 25), ["2028-02-25", "2028-03-03", "2028-02-29"]),
    ],
)
def test_a_debt_is_due_tonight_in_a_week_or_at_the_months_end(modules, today, days):
    presets = """async (today) => {
      const { presets } = await import("/credit.js");
      return Object.values(presets(new Date(...today)));
    }"""
    assert modules.evaluate(presets, [today.year, today.month - 1, today.day, 23, 59]) == days
