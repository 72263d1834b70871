"""What became of the suites, and the last lines that tell it."""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

NOTHING_COLLECTED = 5


@dataclass
class Outcome:
    """What became of one suite on its engine."""

    engine: str
    missing: str = ""
    exit_code: int = 0
    seconds: float = 0
    counts: Counter[str] = field(default_factory=Counter)
    ran: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def is_bad(self) -> bool:
        return self.exit_code not in {0, NOTHING_COLLECTED}

    def __str__(self) -> str:
        if self.missing:
            return f"{self.engine:<24} not run: {self.missing}"
        counts = f"{self.counts['passed']} passed, {self.counts['failed']} failed, {len(self.skipped)} skipped"
        ending = f", pytest ended with code {self.exit_code}" if self.is_bad else ""
        return f"{self.engine:<24} {counts} in {self.seconds:.0f} s{ending}"


def tell(outcomes: Sequence[Outcome]) -> int:
    """Print what ran and what did not; the exit code of it all."""
    not_run = _ran_nowhere(outcomes)
    totals = sum((outcome.counts for outcome in outcomes), Counter[str]())
    print("\n===== What ran =====")
    for outcome in outcomes:
        print(outcome)
    for reason, count in not_run.items():
        print(f"Not run on any engine: {count} tests: {reason}")
    incomplete = bool(not_run) or any(outcome.missing for outcome in outcomes)
    refused = incomplete and os.environ.get("CI", "").lower() == "true"
    if refused:
        print("CI=true: what was not run counts as a failure.")
    print(f"{totals['passed']} passed, {totals['failed']} failed")
    bad = any(outcome.is_bad for outcome in outcomes) or all(
        outcome.missing or outcome.exit_code == NOTHING_COLLECTED for outcome in outcomes
    )
    return 1 if bad or refused else 0


def _ran_nowhere(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """The tests that were skipped on every engine they belong to, counted by reason."""
    ran = {test for outcome in outcomes for test in outcome.ran}
    reasons: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for test, reason in outcome.skipped.items():
            if test not in ran:
                reasons[reason].add(test)
    return {reason: len(tests) for reason, tests in reasons.items()}
