"""How much of a long test runs: all of it with SMARTDUKA_TEST_SCALE=1, a tenth by default."""

import os

SCALE = float(os.environ.get("SMARTDUKA_TEST_SCALE") or 0.1)


def scaled(full: int) -> int:
    """So many rounds of the `full` count, at least one."""
    return max(1, round(full * SCALE))
