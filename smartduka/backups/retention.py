"""Which backups are kept: 7 of days, 5 of weeks, 12 of months; all of the newest day, and all before a change.

A change is a restore or an upgrade, and that it was a mistake may be noticed a week later.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, tzinfo
from typing import TypeVar

from smartduka.backups.manifest import Cause, Manifest

K = TypeVar("K")

PERIODS: tuple[tuple[int, Callable[[date], Hashable]], ...] = (
    (7, lambda day: day),
    (5, lambda day: day.isocalendar()[:2]),
    (12, lambda day: (day.year, day.month)),
)
DAYS_OF_CHANGES = 7
_CHANGES: tuple[Cause, ...] = ("before restore", "before upgrade")


def kept(backups: Mapping[K, Manifest], zone: tzinfo, now: datetime) -> set[K]:
    """Those to keep; the others may go.

    Of each of the last days, weeks and months that have a verified backup, the newest verified one; so a month
    without trade costs nothing. Those since the newest verified one are kept by the same count among themselves:
    nobody knows yet whether they are needed. As long as none is verified, all are kept.

    What stood there before a restore or an upgrade stands nowhere else. Of the last days that saw one, all are kept,
    verified or not: whoever tries one backup after the other has the books of that morning only in the first.

    A date ahead of `now` says that the clock was wrong then, or is wrong now. Such a backup is kept and counts for
    nothing: it pushes no other one out.
    """
    past = sorted((key for key in backups if backups[key].made_at <= now), key=lambda key: backups[key].made_at)
    past.reverse()
    verified = [key for key in past if backups[key].is_verified]
    if not verified:
        return set(backups)
    days = {key: backups[key].made_at.astimezone(zone).date() for key in past}
    since = past[: past.index(verified[0])]
    newest_day = {key for key in past if days[key] == days[past[0]]}
    ahead = backups.keys() - days.keys()
    changes = _of_last_days([key for key in past if backups[key].cause in _CHANGES], days)
    return {*ahead, *newest_day, *changes, *_newest_of_periods(verified, days), *_newest_of_periods(since, days)}


def _of_last_days(newest_first: list[K], days: Mapping[K, date]) -> list[K]:
    last = list(dict.fromkeys(days[key] for key in newest_first))[:DAYS_OF_CHANGES]
    return [key for key in newest_first if days[key] in last]


def _newest_of_periods(newest_first: list[K], days: Mapping[K, date]) -> set[K]:
    found: set[K] = set()
    for count, period_of in PERIODS:
        newest: dict[Hashable, K] = {}
        for key in newest_first:
            newest.setdefault(period_of(days[key]), key)
        found.update(list(newest.values())[:count])
    return found
