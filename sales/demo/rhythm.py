"""When people come: more on Fridays, Saturdays and when wages are paid; in the morning, and after work."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

BY_WEEKDAY = (0.9, 0.9, 0.9, 0.95, 1.15, 1.35, 0.85)
WAGES = 1.2
BY_HOUR = {6: 5, 7: 9, 8: 8, 9: 5, 10: 4, 11: 4, 12: 6, 13: 6, 14: 4, 15: 4, 16: 6, 17: 9, 18: 11, 19: 10, 20: 6}


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a time on the shop's clock."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute, second)))


def is_month_end(day: date) -> bool:
    """From two days before the month's last day to the second of the next one: wages are in people's pockets."""
    return day.day <= 2 or (day + timedelta(days=3)).day <= 3


def moments(day: date, per_day: int, rng: Random) -> list[datetime]:
    """When the sales of a day are made, of which there are `per_day` on average."""
    busy = BY_WEEKDAY[day.weekday()] * (WAGES if is_month_end(day) else 1)
    count = max(1, round(per_day * busy * rng.uniform(0.9, 1.1)))
    hours = rng.choices(list(BY_HOUR), weights=list(BY_HOUR.values()), k=count)
    return sorted(at(day, hour, rng.randrange(60), rng.randrange(60)) for hour in hours)
