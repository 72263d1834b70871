"""Which backups are kept: 7 of days, 5 of weeks, 12 of months, and those of the day of the newest one."""

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, tzinfo
from typing import TypeVar

from smartduka.backups.manifest import Manifest

K = TypeVar("K")

PERIODS: tuple[tuple[int, Callable[[date], Hashable]], ...] = (
    (7, lambda day: day),
    (5, lambda day: day.isocalendar()[:2]),
    (12, lambda day: (day.year, day.month)),
)


def kept(backups: Mapping[K, Manifest], zone: tzinfo, now: datetime) -> set[K]:
    """Those to keep; the others may go.

    Of each of the last days, weeks and months that have a verified backup, the newest verified one; so a month
    without trade costs nothing. Those since the newest verified one are kept by the same count among themselves:
    nobody knows yet whether they are needed. As long as none is verified, all are kept.

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
    return {*ahead, *newest_day, *_newest_of_periods(verified, days), *_newest_of_periods(since, days)}


def _newest_of_periods(newest_first: list[K], days: Mapping[K, date]) -> set[K]:
    found: set[K] = set()
    for count, period_of in PERIODS:
        newest: dict[Hashable, K] = {}
        for key in newest_first:
            newest.setdefault(period_of(days[key]), key)
        found.update(list(newest.values())[:count])
    return found
