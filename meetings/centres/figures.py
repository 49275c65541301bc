"""三常: 大门常开, 活动常态, 居民常来, for each centre, a community or all, in one month. Computed when looked at, each from the
rows that its list shows.

  大门常开   days on which a centre was open by its published hours, and how many hours; days to come do not count
  活动常态   activities that took place there (over, not called off), and how many a week: activities ÷ days × 7
  居民常来   visits counted at the door, at check-ins and by the desk; numbers without names, so one person may count
             more than once"""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils.timezone import localdate, localtime

from grids.models import Place, VisitCount
from grids.models.querysets import GridQuerySet
from grids.places.opening import Hours, in_words
from grids.places.services import hours_of
from meetings.models import Activity


@dataclass(frozen=True)
class Month:
    """The days of a month that are over or running, as of a day."""

    first: date
    last: date
    """Of the days that count; before `first` in a month to come."""

    @classmethod
    def of(cls, year: int, month: int, today: date) -> "Month":
        first = date(year, month, 1)
        return cls(first, min(today, date(year, month, monthrange(year, month)[1])))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class Three:
    """The three figures of one centre, or of several together."""

    open_days: int
    open_hours: float
    activities: int
    visits: int
    days: int
    """Days of the month that count."""

    @property
    def activities_a_week(self) -> float | None:
        return self.activities * 7 / self.days if self.days else None

    def __add__(self, other: "Three") -> "Three":
        return Three(
            self.open_days + other.open_days,
            self.open_hours + other.open_hours,
            self.activities + other.activities,
            self.visits + other.visits,
            self.days,
        )


@dataclass(frozen=True)
class Row:
    place: Place
    three: Three


def rows(area: GridQuerySet, *, month: Month, at: datetime) -> list[Row]:
    """Every centre of the area that was in use in the month. Five queries, however many centres."""
    places = centres_in(area, month)
    hours = hours_of(places)
    held = Counter(_held(places, month, at).values_list("place", flat=True))
    came = dict(_visits(places, month).values_list("place").annotate(Sum("count")).order_by())
    return [Row(place, _three(hours[place.pk], held[place.pk], came.get(place.pk, 0), month)) for place in places]


def total(rows: Sequence[Row], month: Month) -> Three:
    return sum((row.three for row in rows), Three(0, 0, 0, 0, len(month.days)))


def centres_in(area: GridQuerySet, month: Month) -> list[Place]:
    places = Place.objects.centres().filter(grid__in=area.order_by(), opened_date__lte=month.last)
    places = places.exclude(closed_date__lte=month.first).select_related("grid")
    return list(places.prefetch_related("hours", "exceptions").order_by("grid__tree_id", "grid__lft", "pk"))


def _three(hours: Hours, held: int, came: int, month: Month) -> Three:
    spans = [hours.hours_on(day) for day in month.days]
    return Three(sum(1 for span in spans if span), sum(spans), held, came, len(month.days))


def _held(places: Sequence[Place], month: Month, at: datetime) -> QuerySet[Activity]:
    days = {"from_at__date__gte": month.first, "from_at__date__lte": month.last}
    return Activity.objects.held_by(at).filter(place__in=places, **days)


def _visits(places: Sequence[Place], month: Month) -> QuerySet[VisitCount]:
    return VisitCount.objects.filter(place__in=places, date__range=(month.first, month.last))


def behind(which: str, place: Place, *, month: Month, at: datetime) -> list[tuple[str, str]]:
    """What one figure of one centre counts, row by row: (what, how much)."""
    if which == "open":
        hours = hours_of([place])[place.pk]
        return [(_day(day), in_words(hours.on(day))) for day in month.days if hours.on(day)]
    if which == "activities":
        held = _held([place], month, at).order_by("from_at", "pk")
        return [
            (f"{_day(localdate(activity.from_at))} {localtime(activity.from_at):%H:%M}", activity.title)
            for activity in held
        ]
    return [
        (_day(visit_count.date), f"{visit_count.count} 人次")
        for visit_count in _visits([place], month).order_by("date")
    ]


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


FIGURES = {"open": "大门常开", "activities": "活动常态", "visits": "居民常来"}
