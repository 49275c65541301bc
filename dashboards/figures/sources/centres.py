"""Centres: activities that took place there, and who came."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate, localtime

from accounts.models import User
from dashboards.figures.sources.base import Count, Facts, Line, Source, next_of
from grids.models import Place, PlaceKind, VisitCount
from meetings.models import Activity


def _activity_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """Once it is over, on the day it began."""
    facts = {}
    for activity in Activity.objects.current().filter(pk__in=ids, place__kind=PlaceKind.CENTRE).select_related("place"):
        counts = (Count("activities", localdate(activity.from_at)),) if activity.until_at <= at else ()
        facts[activity.pk] = Facts(activity.place.grid_id, counts, look_again_at=next_of(at, activity.until_at))
    return facts


def _activity_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    return {
        activity.pk: Line(
            activity.title,
            f"{localtime(activity.from_at):%Y-%m-%d %H:%M} · {activity.place.name}",
            activity.get_absolute_url(),
        )
        for activity in Activity.objects.filter(pk__in=ids).select_related("place")
    }


def _visit_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    counted = VisitCount.objects.filter(pk__in=ids, place__kind=PlaceKind.CENTRE, count__gt=0).select_related("place")
    return {row.pk: Facts(row.place.grid_id, (Count("visits", row.date, row.count),)) for row in counted}


def _visit_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    counted = VisitCount.objects.filter(pk__in=ids).select_related("place")
    return {row.pk: Line(f"{row.count} 人次", f"{row.date:%Y-%m-%d} · {row.place.name}") for row in counted}


ACTIVITIES = Source(
    "activity",
    "活动",
    _activity_facts,
    _activity_lines,
    lambda: Activity.objects.values_list("pk", flat=True),
    {Activity: "place from_at until_at cancelled_at", Place: "grid kind"},
)
VISITS = Source(
    "visit",
    "来访人次",
    _visit_facts,
    _visit_lines,
    lambda: VisitCount.objects.values_list("pk", flat=True),
    {VisitCount: "place date count", Place: "grid kind"},
)
