"""Counting time as 民法典 201–203 says, on the real calendar. docs/time-limits.md shows the same table to people."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.limits.clock import (
    DEFAULT_SHIFTS,
    ZONE,
    Calendar,
    Limit,
    Unit,
    add,
    at_in_words,
    halfway,
    left_in_words,
    working_time_between,
)
from cases.limits.holidays import known_years

KNOWN = list(known_years(since=2024))
CALENDAR = Calendar(
    off=frozenset(day.date for day in KNOWN if day.kind == "off"),
    working=frozenset(day.date for day in KNOWN if day.kind == "working"),
    announced_until=date(2026, 12, 31),
)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


TABLE = [
    # from, amount, unit, until, why
    ("2026-11-23 09:00", 1, "work_day", "2026-11-24 18:00", "开始当日不算"),
    ("2026-11-23 23:30", 1, "work_day", "2026-11-24 18:00", "夜里提交与白天一样"),
    ("2026-11-27 17:00", 1, "work_day", "2026-11-30 18:00", "周末不算"),
    ("2026-11-28 10:00", 1, "work_day", "2026-11-30 18:00", "周六提交，周一为第一天"),
    ("2026-11-23 09:00", 5, "work_day", "2026-11-30 18:00", "五个工作日"),
    ("2026-09-30 16:00", 1, "work_day", "2026-10-08 18:00", "国庆七天不算"),
    ("2026-09-18 16:00", 1, "work_day", "2026-09-20 18:00", "调休上班的周日算工作日"),
    ("2026-02-13 16:00", 1, "work_day", "2026-02-14 18:00", "春节前调休上班的周六"),
    ("2026-02-14 16:00", 1, "work_day", "2026-02-24 18:00", "春节九天不算"),
    ("2026-11-23 09:00", 4, "work_hour", "2026-11-23 15:30", "午休不算"),
    ("2026-11-23 17:00", 4, "work_hour", "2026-11-24 11:30", "下班后从次日接着算"),
    ("2026-11-27 17:00", 4, "work_hour", "2026-11-30 11:30", "周五到周一"),
    ("2026-11-23 13:00", 1, "work_hour", "2026-11-23 15:30", "午休里提交，从上班起算"),
    ("2026-11-28 03:00", 24, "hour", "2026-11-29 03:00", "小时不分昼夜节假日"),
    ("2026-11-23 09:00", 7, "day", "2026-12-01 00:00", "最后一日 24:00 止"),
    ("2026-11-21 09:00", 7, "day", "2026-12-01 00:00", "最后一日是周六，顺延到周一"),
    ("2026-09-27 09:00", 7, "day", "2026-10-09 00:00", "最后一日在国庆里，顺延到节后第一个工作日"),
    ("2026-12-31 09:00", 1, "work_day", "2027-01-04 18:00", "未公布的年份按法定日期暂算：元旦不算"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "until", "why"), TABLE)
def test_the_table(start, amount, unit, until, why):
    assert add(CALENDAR, moment(start), Limit(amount, Unit(unit))) == moment(until), why


def test_days_of_a_year_that_is_not_announced_are_provisional():
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # Read off the almanac: 除夕 and 春节, 清明, 端午, 中秋, and the fixed ones.
        (2027, "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03"),
        (2028, "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03"),
    ],
)
def test_festivals_are_off_before_their_year_is_announced(year, days):
    nights = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    off = {day for day in nights if day.year == year and day.weekday() < 5 and not CALENDAR.is_working_day(day)}
    weekdays = {day for month_day in days.split() if (day := date.fromisoformat(f"{year}-{month_day}")).weekday() < 5}
    assert off == weekdays


def test_a_limit_over_the_spring_festival_to_come():
    # Thursday 4 February 2027: the 5th is 除夕, 6–8 are 春节 (the 8th a Monday), so two working days are the 9th and 10th.
    end = add(CALENDAR, moment("2027-02-04 09:00"), Limit(2, Unit.WORK_DAY))
    assert end == moment("2027-02-10 18:00")


def test_the_package_is_asked_only_for_years_it_knows():
    assert {day.date.year for day in KNOWN} == {2024, 2025, 2026}


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(ZONE))
UNITS = st.sampled_from(Unit)


@given(start=MOMENTS, amount=st.integers(1, 60), unit=UNITS)
def test_a_limit_ends_after_it_begins_and_more_is_never_sooner(start, amount, unit):
    end = add(CALENDAR, start, Limit(amount, unit))
    assert end > start
    assert add(CALENDAR, start, Limit(amount + 1, unit)) >= end  # both may move to the same working day


@given(start=MOMENTS, later=st.timedeltas(timedelta(), timedelta(days=30)), amount=st.integers(1, 20), unit=UNITS)
def test_who_begins_later_ends_no_sooner(start, later, amount, unit):
    limit = Limit(amount, unit)
    assert add(CALENDAR, start + later, limit) >= add(CALENDAR, start, limit)


@given(start=MOMENTS, amount=st.integers(1, 60))
def test_working_hours_are_worked(start, amount):
    end = add(CALENDAR, start, Limit(amount, Unit.WORK_HOUR))
    assert working_time_between(CALENDAR, start, end) == timedelta(hours=amount)


@given(start=MOMENTS, amount=st.integers(1, 30), unit=st.sampled_from([Unit.WORK_DAY, Unit.DAY]))
def test_days_end_on_a_working_day(start, amount, unit):
    end = add(CALENDAR, start, Limit(amount, unit)) - timedelta(minutes=1)
    assert CALENDAR.is_working_day(end.date())


@given(start=MOMENTS, amount=st.integers(1, 30), unit=UNITS)
def test_half_time_lies_between(start, amount, unit):
    end = add(CALENDAR, start, Limit(amount, unit))
    half = halfway(CALENDAR, start, end, unit)
    assert start <= half <= end
    if unit is Unit.WORK_HOUR:
        assert working_time_between(CALENDAR, start, half) == timedelta(hours=amount) / 2


@given(first=MOMENTS, other=MOMENTS)
def test_working_time_is_never_negative(first, other):
    worked = working_time_between(CALENDAR, first, other)
    assert timedelta() <= worked <= max(timedelta(), other - first)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_is_positive(amount):
    with pytest.raises(ValueError, match="positive"):
        Limit(amount, Unit.DAY)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        add(CALENDAR, datetime(2026, 11, 23), Limit(1, Unit.DAY))


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-23 18:00", "今天 18:00 前"),
        ("2026-11-24 18:00", "明天 18:00 前"),
        ("2026-11-25 18:00", "后天 18:00 前"),
        ("2026-11-27 18:00", "周五 18:00 前"),
        ("2026-12-01 00:00", "11月30日（周一） 24:00 前"),
        ("2027-01-04 18:00", "2027年1月4日（周一） 18:00 前"),
        ("2026-11-20 18:00", "11月20日（周五） 18:00 前"),
        ("2026-11-26 18:00", "周四 18:00 前"),
        ("2026-11-29 18:00", "周日 18:00 前"),
        ("2026-11-30 00:00", "周日 24:00 前"),
        ("2026-11-22 18:00", "11月22日（周日） 18:00 前"),
        ("2027-11-29 18:00", "2027年11月29日（周一） 18:00 前"),
    ],
)
def test_a_moment_in_words(due, words):
    assert at_in_words(moment(due), moment("2026-11-23 09:00")) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-30 18:00", "还剩 5 个工作日"),
        ("2026-11-25 09:00", "还剩 2 个工作日"),
        ("2026-11-23 21:01", "还剩 12 小时"),
        ("2026-11-23 20:59", "还剩 11 小时 59 分"),
        ("2026-11-23 10:00", "还剩 1 小时"),
        ("2026-11-23 09:59", "还剩 59 分钟"),
        ("2026-11-23 09:01", "还剩 1 分钟"),
        ("2026-11-23 09:00", "已超时 1 分钟"),
        ("2026-11-23 08:58", "已超时 2 分钟"),
        ("2026-11-21 09:01", "已超时 47 小时"),
        ("2026-11-21 09:00", "已超时 2 天"),
        ("2026-11-24 18:00", "还剩 33 小时"),
        ("2026-11-23 12:20", "还剩 3 小时 20 分"),
        ("2026-11-23 09:05", "还剩 5 分钟"),
        ("2026-11-23 08:30", "已超时 30 分钟"),
        ("2026-11-20 09:00", "已超时 3 天"),
    ],
)
def test_time_left_in_words(due, words):
    assert left_in_words(CALENDAR, moment("2026-11-23 09:00"), moment(due)) == words


def test_a_week_over_the_turn_of_the_year_is_one_week():
    assert at_in_words(moment("2027-01-01 18:00"), moment("2026-12-28 09:00")) == "周五 18:00 前"


@pytest.mark.parametrize(
    ("start", "hours", "until"),
    [
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),  # just what is left of the shift
        ("2026-11-23 12:00", 1, "2026-11-23 15:30"),
        ("2026-11-23 07:00", 1, "2026-11-23 09:30"),
        ("2026-11-23 08:30", 7, "2026-11-23 18:00"),
        ("2026-11-23 18:00", 1, "2026-11-24 09:30"),
    ],
)
def test_working_hours_at_the_edges_of_a_shift(start, hours, until):
    assert add(CALENDAR, moment(start), Limit(hours, Unit.WORK_HOUR)) == moment(until)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 08:30", "2026-11-23 12:00", 210),
        ("2026-11-23 11:59", "2026-11-23 14:31", 2),
        ("2026-11-23 12:00", "2026-11-23 14:30", 0),
        ("2026-11-23 17:59", "2026-11-24 08:31", 2),
        ("2026-11-23 09:00", "2026-11-23 09:00", 0),
        ("2026-11-23 10:00", "2026-11-23 09:00", 0),
        ("2026-11-27 18:00", "2026-11-30 08:30", 0),
    ],
)
def test_what_was_worked_between(start, end, minutes):
    assert working_time_between(CALENDAR, moment(start), moment(end)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "due", "unit", "half"),
    [
        ("2026-11-23 09:00", "2026-11-24 09:00", "hour", "2026-11-23 21:00"),
        ("2026-11-23 09:00", "2026-11-25 09:00", "day", "2026-11-24 09:00"),
        ("2026-11-23 08:30", "2026-11-24 18:00", "work_day", "2026-11-23 18:00"),
        ("2026-11-23 09:00", "2026-11-23 15:30", "work_hour", "2026-11-23 11:00"),
        ("2026-11-28 08:00", "2026-11-28 10:00", "work_day", "2026-11-28 09:00"),  # nothing of it is worked
    ],
)
def test_half_of_a_limit(start, due, unit, half):
    assert halfway(CALENDAR, moment(start), moment(due), Unit(unit)) == moment(half)


def test_a_day_that_is_said_to_be_worked_is():
    saturday, monday = date(2026, 11, 28), date(2026, 11, 30)
    assert not Calendar(announced_until=monday).is_working_day(saturday)
    assert Calendar(announced_until=monday).is_working_day(monday)
    assert not Calendar(off=frozenset({monday}), announced_until=monday).is_working_day(monday)
    both = Calendar(off=frozenset({saturday}), working=frozenset({saturday}))
    assert both.is_working_day(saturday)
    new_year = date(2027, 1, 1)
    assert not Calendar().is_working_day(new_year)
    assert Calendar(announced_until=new_year).is_working_day(new_year)  # announced, and not as a day off


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [(1, "hour", "1 小时"), (4, "work_hour", "4 个工作小时"), (5, "work_day", "5 个工作日"), (7, "day", "7 天")],
)
def test_a_limit_in_words(amount, unit, words):
    assert str(Limit(amount, Unit(unit))) == words


def test_the_shifts_are_a_setting():
    night = Calendar(shifts=((DEFAULT_SHIFTS[0][0], DEFAULT_SHIFTS[1][1]),))
    assert add(night, moment("2026-11-23 09:00"), Limit(4, Unit.WORK_HOUR)) == moment("2026-11-23 13:00")
