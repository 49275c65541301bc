"""How the end of a period is shown, in one way for the house. Periods are kept with the moment from which they no longer
count: what holds until 31 December ends on 1 January at 00:00. Shown is the last day, and midnight as its 24:00. Pages take
the filters in web/templatetags/ends.py, words and papers these functions."""

from datetime import date, datetime, time, timedelta

from django.utils.dateformat import format as formatted
from django.utils.timezone import localtime


def last_day(until: datetime) -> date:
    """The day a period ends on: midnight is 24:00 of the day before."""
    local = localtime(until)
    return local.date() - timedelta(days=1) if local.time() == time(0) else local.date()


def end_in_words(until: datetime, form: str = "n月j日 H:i") -> str:
    """ "12月31日 24:00", "12月3日 18:00". `form`: as of the filter `date`."""
    local = localtime(until)
    if local.time() != time(0):
        return formatted(local, form)
    return formatted(last_day(until), form.replace("H:i", "24:00"))
