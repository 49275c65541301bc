"""What waits before it leaves the house: for the end of the quiet hours, or for the hour at which a person wants all in one.
On the site it can be read meanwhile; what was read there goes nowhere else."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localtime, make_aware

from notices.delivery import push
from notices.models import Notice
from notices.quiet import end_of_quiet
from notices.services import News, notify
from notices.texts import is_duty

LONGEST = timedelta(days=1)
DIGEST, DIGEST_OF_DUTY = "notices.digest", "notices.digest.holder"
"""Kinds that stand for many: the second where one's duty is among them, so that it is told as duty is."""


def until(notice: Notice, ways: push.Ways, *, at: datetime) -> datetime | None:
    """Not before this moment; None: now, or nothing has to go out."""
    if notice.is_urgent or push.is_over(notice, ways):
        return None
    hour = _digest_hour(notice)
    if hour is None:
        return end_of_quiet(at)
    return hour if at < hour else None


def _digest_hour(notice: Notice) -> datetime | None:
    """The first hour after it was told at which this person wants what came; None: at once."""
    choices = getattr(notice.person, "notice_choices", None)
    if choices is None or not choices.digest_hours or notice.kind in {DIGEST, DIGEST_OF_DUTY}:
        return None
    told = localtime(notice.told_at)
    hours = sorted(choices.digest_hours)
    day = told.date()
    for hour in (*hours, hours[0] + 24):
        moment = make_aware(datetime.combine(day + timedelta(days=hour // 24), time(hour % 24)))
        if moment > told:
            return moment
    raise AssertionError("the first hour of tomorrow is later than now")


def gather(notice: Notice, ways: push.Ways, *, at: datetime) -> bool:
    """Where several waited for this person's hour and were not read meanwhile, they are one message. Whoever comes here with
    another of them finds it told already. False: it goes alone, or not at all."""
    hour = None if notice.is_urgent or push.is_over(notice, ways) else _digest_hour(notice)
    if hour is None:
        return False
    waited = Notice.objects.filter(person=notice.person, told_at__lt=hour, is_urgent=False, held_until=hour)
    kinds = list(waited.filter(read_at=None).values_list("kind", flat=True))
    if len(kinds) < 2:
        return False
    news = News(
        kind="notices.digest.holder" if any(map(is_duty, kinds)) else "notices.digest",
        people=[notice.person],
        path="/notices/",
        cause=f"digest:{hour.isoformat()}",
        at=at,
        facts={"total": len(kinds)},
    )
    with transaction.atomic():
        notify(news)
        waited.filter(sent_at=None).update(sent_at=at, leased_until=None, failed="")
    return True
