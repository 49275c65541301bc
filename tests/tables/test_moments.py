"""The one reader of dates: what names one moment is read as it, the rest is refused in words."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from tables.cells import date_cell
from tables.moments import read_day, read_moment

CHINA = ZoneInfo("Asia/Shanghai")
HALF_PAST_NINE = datetime(2026, 11, 20, 9, 30, tzinfo=CHINA)
DAY = HALF_PAST_NINE.replace(hour=0, minute=0)

MOMENTS = {
    "2026-11-20 09:30": HALF_PAST_NINE,
    "2026-11-20 9:30": HALF_PAST_NINE,
    "2026-11-20  9:30 ": HALF_PAST_NINE,
    "2026-11-20\n09:30": HALF_PAST_NINE,
    "2026-11-20 09:30:15": HALF_PAST_NINE.replace(second=15),
    "2026-11-20 09:30:15.123": HALF_PAST_NINE.replace(second=15, microsecond=123_000),
    "2026/11/20 09:30": HALF_PAST_NINE,
    "2026.11.20 9:30": HALF_PAST_NINE,
    "2026-11-20 09：30": HALF_PAST_NINE,
    "２０２６-１１-２０ ０９：３０": HALF_PAST_NINE,
    "2026-11-20T09:30:00": HALF_PAST_NINE,
    "2026-11-20T09:30:00+08:00": HALF_PAST_NINE,
    "2026-11-20T09:30:00+0800": HALF_PAST_NINE,
    "2026-11-20T01:30:00Z": HALF_PAST_NINE,
    "2026-11-20T01:30:00.000Z": HALF_PAST_NINE,
    "2026-11-19T20:30:00-05:00": HALF_PAST_NINE,
    "20261120093000": HALF_PAST_NINE,
    "202611200930": HALF_PAST_NINE,
    "20261120": DAY,
    "2026年11月20日9时30分": HALF_PAST_NINE,
    "2026年11月20日 09:30": HALF_PAST_NINE,
    "2026年11月20日上午9点30分": HALF_PAST_NINE,
    "2026年11月20日（星期五）9:30": HALF_PAST_NINE,
    "2026/11/20 周五 9:30": HALF_PAST_NINE,
    "2026/11/20 上午9:30": HALF_PAST_NINE,
    "2026/11/20 9:30 AM": HALF_PAST_NINE,
    "2026/11/20 9:30:00 pm": HALF_PAST_NINE + timedelta(hours=12),
    "2026/11/20 下午9:30": HALF_PAST_NINE + timedelta(hours=12),
    "2026/11/20 下午21:30": HALF_PAST_NINE + timedelta(hours=12),
    "2026/11/20 12:30 AM": DAY + timedelta(minutes=30),
    "2026年11月20日中午12点": DAY + timedelta(hours=12),
    "2026年11月20日晚上8点整": DAY + timedelta(hours=20),
    "2026-11-20": DAY,
    "2026年11月20日": DAY,
    "2026-11-20 24:00": DAY + timedelta(days=1),
    "2026-12-31 24:00:00": datetime(2027, 1, 1, tzinfo=CHINA),
}

REFUSED = {
    "46346.3958": "日期序号",
    "46346": "日期序号",
    "20/11/2026 09:30": "分不清哪个是日、哪个是月",
    "11-20-2026": "分不清哪个是日、哪个是月",
    "26-11-20": "看不懂时间“26-11-20”",
    "11月20日 9:30": "看不懂时间",
    "2026-11": "看不懂时间",
    "2026-02-30": "看不懂时间",
    "2026-13-01": "看不懂时间",
    "20261320": "看不懂时间",
    "2026-11/20": "看不懂时间",
    "2026-11-20 25:00": "看不懂时间",
    "2026-11-20 24:01": "看不懂时间",
    "2026-11-20 09:60": "看不懂时间",
    "2026-11-2009:30": "看不懂时间",
    "2026年11月20日上午12点": "看不懂时间",
    "2026年11月20日上午15:30": "看不懂时间",
    "2026年11月20日晚上12点": "看不懂时间",
    "2026-11-20T09:30:00+08:75": "看不懂时间",
    "1763602200000": "看不懂时间",
    "0026-11-20": "看不懂时间",
    "2026-11-20 09:30 至 10:30": "看不懂时间",
    "昨天": "看不懂时间“昨天”",
    "09:30": "看不懂时间",
    " ": "没有时间",
    "": "没有时间",
}


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_what_names_one_moment_is_read_as_it(text, moment):
    assert read_moment(text) == moment
    assert read_moment(text).utcoffset() == timedelta(hours=8)  # written down, it says Chinese time


@pytest.mark.parametrize(("text", "words"), REFUSED.items())
def test_the_rest_is_refused_in_words(text, words):
    with pytest.raises(ValidationError, match=words):
        read_moment(text)


def test_cells_that_are_dates():
    assert read_moment(date_cell(datetime(2026, 11, 20, 9, 30))) == HALF_PAST_NINE
    assert type(read_moment(date_cell(datetime(2026, 11, 20, 9, 30)))) is datetime
    assert read_day(date_cell(datetime(2026, 11, 20, 23, 59))) == date(2026, 11, 20)


def test_a_day_is_the_day_in_china():
    assert read_day("2026-11-20T20:00:00Z") == date(2026, 11, 21)
    assert read_day("2026-12-01 00:00:00") == date(2026, 12, 1)
    late = datetime(2026, 11, 20, 23, tzinfo=timezone(timedelta(hours=-8)))
    assert read_day(date_cell(late.replace(tzinfo=None))) == date(2026, 11, 20)
    with pytest.raises(ValidationError, match="看不懂日期“下周一”，请写成 2027-01-01"):
        read_day("下周一")
