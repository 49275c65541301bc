from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grids.places.opening import Hours, in_words, overlap, weekly_words

WORKDAY = ((time(8, 30), time(12)), (time(14, 30), time(18)))
HOURS = Hours(
    weekly={day: WORKDAY for day in range(5)} | {5: ((time(9), time(17)),)},
    otherwise={date(2026, 11, 25): (), date(2026, 11, 29): ((time(10), time(12)),)},
    opened=date(2026, 11, 2),
    closed=date(2027, 1, 1),
)


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute)


@pytest.mark.parametrize(
    ("moment", "is_open", "words"),
    [
        (at(23, 8, 0), False, "今天 08:30 开门"),
        (at(23, 8, 30), True, "正在开放，12:00 关门"),
        (at(23, 12, 0), False, "今天 14:30 开门"),
        (at(24, 18, 0), False, "周四 08:30 开门"),  # the 25th goes otherwise
        (at(25, 9, 0), False, "明天 08:30 开门"),
        (at(28, 17, 0), False, "明天 10:00 开门"),  # a Sunday that goes otherwise
        (at(29, 11, 59), True, "正在开放，12:00 关门"),
        (at(31, 18, 0, month=12), False, "暂不开放"),  # closed for good
    ],
)
def test_it_says_whether_it_is_open(moment, is_open, words):
    assert HOURS.is_open(moment) is is_open
    assert HOURS.now_words(moment) == words


def test_before_it_is_in_use_it_is_closed():
    assert HOURS.on(date(2026, 10, 30)) == ()


@pytest.mark.parametrize(
    ("begins", "ends", "fits"),
    [
        (at(23, 9), at(23, 11), True),
        (at(23, 8, 30), at(23, 12), True),
        (at(23, 11), at(23, 15), False),  # over the noon break
        (at(23, 8), at(23, 9), False),
        (at(25, 9), at(25, 10), False),
        (at(23, 17), at(24, 9), False),  # overnight
        (at(22, 10), at(22, 11), False),  # a Sunday
    ],
)
def test_a_booking_lies_within_one_stretch(begins, ends, fits):
    assert HOURS.covers(begins, ends) is fits


def test_stretches_that_touch_are_one():
    hours = Hours({0: ((time(8), time(12)), (time(12), time(14)))})
    assert hours.covers(at(23, 11), at(23, 13))


def test_alike_days_are_one_line():
    assert weekly_words(HOURS) == [
        ("周一至周五", "08:30–12:00、14:30–18:00"),
        ("周六", "09:00–17:00"),
        ("周日", "不开放"),
    ]
    assert in_words(()) == "不开放"


minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
stretch = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])


@given(st.lists(stretch, max_size=4))
@settings(max_examples=300)
def test_overlaps_are_found_as_minute_by_minute(stretches):
    taken = [0] * 24 * 60
    for begins, ends in stretches:
        for minute in range(begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute):
            taken[minute] += 1
    assert overlap(stretches) is (max(taken) > 1)


@given(stretch, st.datetimes(datetime(2026, 11, 23), datetime(2026, 11, 23, 23, 59)))
def test_open_is_what_covers_a_moment(opening, moment):
    moment = moment.replace(second=0, microsecond=0)
    hours = Hours({0: (opening,)})
    ends = moment + timedelta(minutes=1)
    if ends.date() == moment.date():
        assert hours.is_open(moment) is hours.covers(moment, ends)
