"""Trade at random against a model of the trade, and find every bug that is planted.

The trade is the same in every run. When it fails, the report is the list of steps that led there; they can be
replayed as a program: `state = Trade(rows, Counter())`, and then line by line.
"""

from collections import Counter

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from smartduka.tests.model.bugs import BUGS, Bug
from smartduka.tests.model.comparison import Comparison, Difference
from smartduka.tests.model.duka import Rows, open_shop
from smartduka.tests.model.machine import Trade
from smartduka.tests.scale import scaled

pytestmark = pytest.mark.django_db

IS_WHOLE = connection.vendor == "sqlite"
"""What is held against the model is the program more than its engine: the others get half of the steps."""
STEPS = 10_000 if IS_WHOLE else 5_000
STEPS_A_SHOP = 25

MUST_HAPPEN = {
    "sell: done", "sell: credit_limit", "sell: insufficient_stock", "sell: price_below_floor", "sell by shillings",
    "sell below the floor", "introduce: done", "ask again: done", "take back: done", "void: done", "pay: done",
    "receive: done", "write off: done", "count: done", "close the day", "open a drawer: done", "move cash: done",
    "close a drawer: done",
}  # fmt: skip


@pytest.fixture
def rows(db: None) -> Rows:
    return open_shop()


def trade(rows: Rows, *, steps: int) -> Counter[str]:
    """At least so many steps; how often what was done and what was refused."""
    tally: Counter[str] = Counter()
    chosen = settings(
        max_examples=-(-steps // STEPS_A_SHOP) + steps // 250,
        stateful_step_count=STEPS_A_SHOP,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    # Without the last argument, Hypothesis ends many a shop after its first step.
    run_state_machine_as_test(lambda: Trade(rows, tally), settings=chosen, _min_steps=STEPS_A_SHOP)
    return tally


def test_the_program_does_what_the_model_does(rows):
    steps = scaled(STEPS)
    tally = trade(rows, steps=steps)
    print(f"The machine: {dict(sorted(tally.items()))}")
    assert tally["steps"] >= steps
    assert set(tally) >= MUST_HAPPEN or not IS_WHOLE


@pytest.mark.once
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_machine_finds_a_planted_bug(bug: Bug, rows, monkeypatch):
    bug.plant(monkeypatch)
    # The comparison of each step has to find it; the audit after it would only take most of the time.
    monkeypatch.setattr(Comparison, "audit", lambda self: None)
    # It ends at the first difference; there is room, so that a new rule, which changes all that is drawn, hides none.
    with pytest.raises(Difference, match=bug.shows):
        trade(rows, steps=scaled(50_000))
