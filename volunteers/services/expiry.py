"""Points that lapse at the end of a year, where published rules say so: told a month ahead, taken by a counter-entry.

What is spent is spent from the oldest points first, so that nobody loses what they would have used up."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from cases.limits.clock import ZONE
from notices.services import News, notify
from volunteers.models import PointsEntry, PointsExpiry

TOLD_AHEAD = timedelta(days=30)


def rule_for(year: int) -> PointsExpiry | None:
    """The rule in force on the last day of that year; None: nothing lapses."""
    rule = PointsExpiry.objects.filter(from_date__lte=date(year, 12, 31)).order_by("-from_date").first()
    return rule if rule is not None and rule.years is not None else None


def run(*, at: datetime) -> int:
    """Take what lapsed with the last year, tell who will lose some with this one; returns how many lost some. Safe to
    run again and in many workers: an entry a person and year, a message a person and year."""
    today = timezone.localdate(at)
    lost = expire(year=today.year - 1, at=at)
    if today + TOLD_AHEAD > date(today.year, 12, 31):
        tell(year=today.year, at=at)
    return lost


def expire(*, year: int, at: datetime) -> int:
    """The counter-entries for the end of `year`."""
    rule = rule_for(year)
    if rule is None:
        return 0
    done = PointsEntry.objects.filter(expiry__isnull=False, key__startswith=f"expire:{year}:").values("person")
    due = lapsing(year=year, rule=rule).exclude(person__in=done).values_list("person", flat=True)
    return sum(_expire_one(person, year, rule, at) for person in list(due))


def _expire_one(person: int, year: int, rule: PointsExpiry, at: datetime) -> bool:
    with transaction.atomic():
        # As redeeming does: the same points are not spent meanwhile.
        User.objects.select_for_update(no_key=True).get(pk=person)
        row = lapsing(year=year, rule=rule).filter(person=person).first()
        if row is None:
            return False
        _, is_new = PointsEntry.objects.get_or_create(
            key=f"expire:{year}:{person}",
            defaults={
                "person_id": person,
                "points": -row["left"],
                "noted_at": at,
                "expiry": rule,
                "words": f"{year - (rule.years or 0)} 年及以前的积分到期",
            },
        )
        return is_new


def tell(*, year: int, at: datetime) -> int:
    """Whoever will lose points at the end of this year hears of it once, while they can still be used."""
    rule = rule_for(year)
    if rule is None:
        return 0
    rows = list(lapsing(year=year, rule=rule))
    people = User.objects.in_bulk([row["person"] for row in rows])
    told = [
        News(
            kind="points.lapse",
            people=[people[row["person"]]],
            path="/volunteers/rewards/",
            cause=f"year:{year}",
            at=at,
            facts={"points": row["left"], "year": year},
        )
        for row in rows
    ]
    notify(*told)
    return len(rows)


def lapsing(*, year: int, rule: PointsExpiry) -> QuerySet[PointsEntry, Any]:
    """Per person: what is left, at the end of `year`, of points earned too long ago; only where something is left.

    earned: awards for services of that age with their corrections, as far as they were there by the year's end. spent:
    exchanged, given back and lapsed until the year's end, and exchanged since (whoever came before the nightly run was not
    too late)."""
    ends, since = _new_year(year + 1), _new_year(year + 1 - (rule.years or 0))
    awarded = Q(redemption=None, expiry=None)
    of_that_age = Q(earned_at__lt=since) & (Q(corrects=None, noted_at__lt=ends) | Q(corrects__noted_at__lt=ends))
    spent = ~awarded & Q(noted_at__lt=ends) | Q(redemption__isnull=False, corrects=None, noted_at__gte=ends)
    earned_at = Coalesce("case__service__begins_at", "corrects__noted_at", "noted_at")
    sums = (
        PointsEntry.objects.annotate(earned_at=earned_at)
        .values("person")
        .annotate(
            earned=Coalesce(Sum("points", filter=awarded & of_that_age), Value(0)),
            spent=Coalesce(Sum("points", filter=spent), Value(0)),
        )
    )
    return sums.annotate(left=F("earned") + F("spent")).filter(left__gt=0).order_by("person")


def lapsing_of(person: User, *, year: int) -> int:
    """How many points this person loses at the end of `year`, as it stands."""
    rule = rule_for(year)
    row = lapsing(year=year, rule=rule).filter(person=person).first() if rule else None
    return int(row["left"]) if row else 0


def _new_year(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time(0), ZONE)
