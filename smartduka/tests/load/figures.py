"""How fast it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from sales.benchmark.tills import Answer


@dataclass(frozen=True)
class Pace:
    """Sales in a second, and how long the middle one, the slowest twentieth and the slowest one took."""

    per_second: float
    median: float
    p95: float
    worst: float

    def __str__(self) -> str:
        times = f"p50 {self.median:.3f} s, p95 {self.p95:.3f} s, slowest {self.worst:.3f} s"
        return f"{connection.display_name}: {self.per_second:.0f} sales/s, {times}"


def pace(answers: Sequence[Answer], seconds: float) -> Pace:
    times = sorted(answer.seconds for answer in answers)
    return Pace(len(times) / seconds, times[len(times) // 2], times[int(len(times) * 0.95)], times[-1])
