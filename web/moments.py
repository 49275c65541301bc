"""How a moment is said in this room, and how signs are that people copy from paper. Pure."""

import re
from datetime import datetime

from django.utils.timezone import localtime

from web.period_ends import end_in_words, last_day

WEEKDAYS = "一二三四五六日"


def spoken(at: datetime) -> str:
    """ "11月26日 周四 09:00"."""
    local = localtime(at)
    return f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def spoken_period(from_at: datetime, until_at: datetime) -> str:
    """ "11月26日 周四 09:00–10:00"."""
    return f"{spoken(from_at)}–{end_in_words(until_at, 'H:i')}"


def spoken_end(until: datetime) -> str:
    """ "11月29日 周日 24:00"."""
    day = last_day(until)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]} {end_in_words(until, 'H:i')}"


def yes_or_no(answer: bool) -> str:
    return "是" if answer else "否"


def in_fours(signs: str) -> str:
    """ "7K3M-9QXT-4HDP": easier to copy."""
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def signs_of(typed: str) -> str:
    """What was copied, without blanks and dashes, in capitals."""
    return re.sub(r"[\s\-—–]", "", typed).upper()
