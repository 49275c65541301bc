"""The hours in which nobody's phone rings but for danger (settings.QUIET_HOURS). Pure."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils.timezone import localtime, make_aware


def is_quiet(hour: int) -> bool:
    begin, end = settings.QUIET_HOURS
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


def end_of_quiet(at: datetime) -> datetime | None:
    """None: it is not quiet."""
    now = localtime(at)
    if not is_quiet(now.hour):
        return None
    end = settings.QUIET_HOURS[1]
    day = now.date() + timedelta(days=1) if now.hour >= end else now.date()
    return make_aware(datetime.combine(day, time(end)))
