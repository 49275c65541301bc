"""How a moment is said in this room. Pure."""

from datetime import datetime

from django.utils.timezone import localtime

WEEKDAYS = "一二三四五六日"


def spoken(at: datetime) -> str:
    """ "11月26日 周四 09:00"."""
    local = localtime(at)
    return f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def spoken_period(from_at: datetime, until_at: datetime) -> str:
    """ "11月26日 周四 09:00–10:00"."""
    return f"{spoken(from_at)}–{localtime(until_at):%H:%M}"
