"""The shop's days: which day an instant belongs to, and which instants belong to a day."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.timesince import timesince


def shop_day(instant: datetime, *, turns_at: int = 0) -> date:
    """The shop's day of an aware instant, for a day that turns at the hour `turns_at` (0 to 23).

    A bar whose day turns at 4 counts a sale at 02:30 on the 5th to the 4th.
    """
    return (timezone.localtime(instant) - timedelta(hours=turns_at)).date()


def day_bounds(day: date, *, turns_at: int = 0) -> tuple[datetime, datetime]:
    """The half-open range of instants `[start, end)` of a shop's day."""

    def turn(on: date) -> datetime:
        return timezone.make_aware(datetime.combine(on, time(hour=turns_at)))

    return turn(day), turn(day + timedelta(days=1))


def show_instant(instant: datetime) -> str:
    """For people, in the shop's time zone: 23 Jun 2026, 10:00."""
    local = timezone.localtime(instant)
    return f"{local.day} {local:%b %Y, %H:%M}"


def show_age(instant: datetime) -> str:
    """How long ago that was, roughly, for people: "3 hours", "1 day"; "a moment" in the first minute."""
    age = timesince(instant, depth=1).replace("\xa0", " ")
    return "a moment" if age == "0 minutes" else age
