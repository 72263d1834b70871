"""7 days, 5 weeks and 12 months are kept, and no wrong clock or month without trade costs a good backup."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartduka.backups.manifest import Cause, Manifest
from smartduka.backups.retention import DAYS_OF_CHANGES, kept
from smartduka.tests.backupfiles import a_manifest

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def made(at: datetime, *, verified: bool = True, cause: Cause = "daily") -> Manifest:
    return a_manifest(made_at=at, is_verified=verified, cause=cause)


def made_on(*days: str, **changes: Any) -> dict[str, Manifest]:
    """One at 19:00 in Nairobi of each day, by its day."""
    return {day: made(datetime.fromisoformat(f"{day}T16:00:00+00:00"), **changes) for day in days}


def daily(last: str, count: int) -> dict[str, Manifest]:
    """One on each of so many days, up to the last."""
    end = datetime.fromisoformat(last)
    return made_on(*(f"{end - timedelta(days=back):%Y-%m-%d}" for back in range(count)))


def kept_now(backups: dict[str, Manifest]) -> list[str]:
    return sorted(kept(backups, NAIROBI, NOW))


def test_two_years_of_days_become_days_weeks_and_months():
    assert kept_now(daily("2026-11-20", 730)) == [
        *("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"),
        *("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30"),
        *("2026-10-25", "2026-10-31", "2026-11-01", "2026-11-08"),
        *(f"2026-11-{day}" for day in range(14, 21)),
    ]


def test_a_year_without_trade_loses_nothing():
    years_ago = kept_now(daily("2026-11-20", 400))
    backups = {day: made_on(day)[day] for day in years_ago}
    assert sorted(kept(backups, NAIROBI, NOW + timedelta(days=1000))) == years_ago


def test_a_week_is_that_of_the_calendar_also_across_the_new_year():
    """30 December and 3 January are of one week, so that of 20 December is the fifth."""
    days = [f"2027-02-0{day}" for day in range(1, 8)]
    weeks = ["2027-01-10", "2027-01-03", "2026-12-30", "2026-12-27", "2026-12-20"]
    found = kept(made_on(*days, *weeks, "2026-12-13"), NAIROBI, datetime(2027, 3, 1, tzinfo=UTC))
    assert found == {*days, *weeks}


def test_a_day_is_that_of_the_shop():
    """Midnight in Nairobi is 21:00 UTC."""
    late, early = datetime(2026, 11, 18, 20, 59, tzinfo=UTC), datetime(2026, 11, 18, 21, 1, tzinfo=UTC)
    backups = {"18": made(late), "19": made(early), "19 too": made(early + timedelta(hours=3)), "20": made(NOW)}
    assert kept(backups, NAIROBI, NOW) == {"18", "19 too", "20"}


def test_of_a_day_the_newest_verified_one_is_kept():
    noon = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    of_the_day = {hour: made(noon + timedelta(hours=hour), verified=hour != 3) for hour in range(4)}
    assert kept({**of_the_day, 9: made(NOW)}, NAIROBI, NOW) == {2, 9}


def test_all_of_the_newest_day_are_kept_verified_or_not():
    today = {hour: made(NOW - timedelta(hours=hour), verified=hour % 2 == 0) for hour in range(6)}
    assert kept(today, NAIROBI, NOW) == set(today)


def test_as_long_as_none_is_verified_all_are_kept():
    backups = {day: made(NOW - timedelta(days=day), verified=False) for day in range(100)}
    assert kept(backups, NAIROBI, NOW) == set(backups)


def test_the_newest_verified_one_is_kept_however_many_bad_ones_follow():
    backups = {day: made(NOW - timedelta(days=day), verified=day == 300) for day in range(301)}
    found = kept(backups, NAIROBI, NOW)
    assert 300 in found
    assert len(found) == 21


def test_unverified_ones_push_no_verified_one_out():
    good = daily("2026-11-10", 60)
    bad = {f"bad {day}": made(NOW - timedelta(days=day), verified=False) for day in range(9)}
    assert kept(good, NAIROBI, NOW) <= kept(good | bad, NAIROBI, NOW)


def test_of_those_since_the_last_verified_one_as_many_days_are_kept():
    """When the books have not tied out for a week, yesterday's may be all that is left of a day's sales."""
    bad = made_on("2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", verified=False)
    assert kept_now(made_on("2026-11-16") | bad) == ["2026-11-16", *bad]


def test_unverified_ones_go_when_a_later_one_is_verified():
    bad = made_on("2026-11-17", "2026-11-18", "2026-11-19", verified=False)
    assert kept_now(bad | made_on("2026-11-20")) == ["2026-11-20"]


def test_what_was_there_before_a_restore_is_kept_for_a_week_of_regret():
    """Nobody verified it, and every good backup that was made since is of the wrong books."""
    good, before = daily("2026-11-20", 6), made_on("2026-11-14", verified=False, cause="before restore")
    assert kept_now(good | before) == sorted(good | before)


def test_control_any_other_of_that_day_would_go():
    good, other = daily("2026-11-20", 6), made_on("2026-11-14", verified=False)
    assert kept_now(good | other) == sorted(good)


def test_of_restores_on_one_day_each_is_kept_for_only_the_first_had_the_books_of_that_day():
    hours = [datetime(2026, 11, 18, hour, tzinfo=UTC) for hour in (14, 15, 16)]
    before = {f"{hour:%H}": made(hour, verified=False, cause="before restore") for hour in hours}
    assert kept_now(before | daily("2026-11-20", 2)) == ["14", "15", "16", "2026-11-19", "2026-11-20"]


def test_before_an_upgrade_is_kept_beside_a_later_one_of_that_day():
    before = {"upgrade": made(datetime(2026, 11, 18, 6, tzinfo=UTC), cause="before upgrade")}
    assert "upgrade" in kept_now(before | daily("2026-11-20", 5))


def test_of_changes_the_last_seven_days_that_saw_one_are_kept():
    before = made_on(*(f"2026-11-0{day}" for day in range(1, 10)), verified=False, cause="before restore")
    assert kept_now(before | made_on("2026-11-20")) == [*(f"2026-11-0{day}" for day in range(3, 10)), "2026-11-20"]


# --- Wrong clocks ----------------------------------------------------------------------------------------


def test_what_is_dated_ahead_pushes_no_good_one_out():
    good, ahead = daily("2026-11-20", 60), daily("2036-01-31", 30)
    assert kept(good | ahead, NAIROBI, NOW) == kept(good, NAIROBI, NOW) | ahead.keys()


def test_control_a_clock_that_is_believed_pushes_out_the_days_of_trade():
    good, ahead = daily("2026-11-20", 60), daily("2036-01-31", 30)
    found = kept(good | ahead, NAIROBI, datetime(2037, 1, 1, tzinfo=UTC))
    assert not found.issuperset(f"2026-11-{day}" for day in range(14, 20))


def test_a_clock_that_stands_in_the_past_removes_nothing():
    """A computer whose battery is flat takes every backup for one that is still to come."""
    good, first = daily("2026-11-20", 60), made_on("1970-01-01")
    assert kept(good | first, NAIROBI, datetime(1970, 1, 2, tzinfo=UTC)) == good.keys() | first.keys()


# --- For every shelf -------------------------------------------------------------------------------------

BACKUPS = st.dictionaries(
    st.integers(0, 400),
    st.builds(
        lambda minutes, verified, cause: made(NOW + timedelta(minutes=minutes), verified=verified, cause=cause),
        st.integers(-60 * 24 * 800, 60 * 24 * 30),
        st.booleans(),
        st.sampled_from(get_args(Cause)),
    ),
    max_size=80,
)


@given(backups=BACKUPS)
def test_the_newest_verified_one_is_always_kept(backups):
    verified = [key for key in backups if backups[key].is_verified and backups[key].made_at <= NOW]
    found = kept(backups, NAIROBI, NOW)
    if verified:
        newest = max(backups[key].made_at for key in verified)
        assert any(backups[key].made_at == newest for key in found.intersection(verified))
    else:
        assert found == set(backups)


@given(backups=BACKUPS)
def test_what_was_kept_is_kept_the_next_time(backups):
    found = kept(backups, NAIROBI, NOW)
    assert kept({key: backups[key] for key in backups if key in found}, NAIROBI, NOW) == found


@given(backups=BACKUPS)
def test_what_is_kept_is_bounded(backups):
    """24, and those of the newest day, of 7 days with changes, and ahead; 24 more where the newest are unverified."""
    past = {key: each for key, each in backups.items() if each.made_at <= NOW}
    verified = [each.made_at for each in past.values() if each.is_verified]
    if not verified:
        return
    since = [each for each in past.values() if each.made_at > max(verified)]
    days = {key: each.made_at.astimezone(NAIROBI).date() for key, each in past.items()}
    newest_day = [key for key in past if days[key] == max(days.values())]
    changes = [day for key, day in days.items() if backups[key].cause.startswith("before")]
    of_changes = [day for day in changes if day in sorted(set(changes))[-DAYS_OF_CHANGES:]]
    bound = len(newest_day) + len(of_changes) + (48 if since else 24)
    assert len(kept(backups, NAIROBI, NOW) & past.keys()) <= bound


@pytest.mark.parametrize("zone", ["Africa/Nairobi", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_the_edges_of_time_are_reckoned_in_every_zone(zone):
    backups = {year: made(datetime(year, 1, 1, tzinfo=UTC)) for year in (1970, 2026, 9998)}
    assert kept(backups, ZoneInfo(zone), datetime(9998, 12, 31, tzinfo=UTC)) == set(backups)
