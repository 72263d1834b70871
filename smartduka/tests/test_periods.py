"""A shop's day is the local day, from the hour at which it turns to that hour of the next one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from smartduka import periods

HOURS = st.integers(0, 23)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("utc", "turns_at", "day"),
    [
        ("2026-06-23T20:59:59+00:00", 0, "2026-06-23"),
        ("2026-06-23T21:00:00+00:00", 0, "2026-06-24"),
        ("2026-06-24T00:59:59+00:00", 4, "2026-06-23"),
        ("2026-06-24T01:00:00+00:00", 4, "2026-06-24"),
        ("2026-06-30T21:30:00+00:00", 23, "2026-06-30"),
        ("2025-12-31T21:00:00+00:00", 0, "2026-01-01"),
    ],
)
def test_the_day_is_that_of_nairobi_and_turns_at_the_shops_hour(utc, turns_at, day):
    assert periods.shop_day(datetime.fromisoformat(utc), turns_at=turns_at).isoformat() == day


def test_a_day_is_a_half_open_range_of_instants():
    start, end = periods.day_bounds(date(2026, 6, 23), turns_at=4)
    assert start == datetime(2026, 6, 23, 1, 0, tzinfo=UTC)
    assert end == datetime(2026, 6, 24, 1, 0, tzinfo=UTC)


@given(instant=INSTANTS, turns_at=HOURS)
def test_an_instant_is_within_its_day(instant, turns_at):
    start, end = periods.day_bounds(periods.shop_day(instant, turns_at=turns_at), turns_at=turns_at)
    assert start <= instant < end


@given(day=DAYS, turns_at=HOURS)
def test_days_follow_each_other_without_a_gap(day, turns_at):
    end = periods.day_bounds(day, turns_at=turns_at)[1]
    assert periods.day_bounds(day + timedelta(days=1), turns_at=turns_at)[0] == end
    assert periods.shop_day(end, turns_at=turns_at) == day + timedelta(days=1)


def test_an_instant_is_shown_in_the_shops_time_zone():
    assert periods.show_instant(datetime(2026, 6, 3, 22, 5, tzinfo=UTC)) == "4 Jun 2026, 01:05"
    with timezone.override(UTC):
        assert periods.show_instant(datetime(2026, 6, 3, 22, 5, tzinfo=UTC)) == "3 Jun 2026, 22:05"


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=59), "a moment"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(days=1, hours=2), "1 day"),
    ],
)
def test_an_age_is_told_roughly(passed, shown):
    now = datetime(2026, 6, 23, 9, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        assert periods.show_age(now - passed) == shown
