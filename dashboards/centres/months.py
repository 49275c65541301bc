"""三常 of each centre, a community or all, in one month. 活动常态 and 居民常来 are kept figures (meetings/centres/measures.py); a
centre's are a cut of them. 大门常开 is reckoned from its published hours when looked at, for no row stands behind it: days on
which it was open, and how many hours; days to come do not count."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

from dashboards.figures.areas import Area, read_area
from dashboards.figures.cuts import Cut
from dashboards.figures.splits import Split
from dashboards.figures.sums import Number, Sums
from grids.models import Place, VisitCount
from grids.places.opening import Hours, in_words
from grids.places.services import hours_of
from meetings.models import Activity
from web.params import whole_number

BEHIND = "dashboards:centres-behind"
KEPT = ("activities", "visits")


def _activities() -> QuerySet[Any]:
    return Activity.objects.annotate(thing=F("pk"), value=F("place")).filter(value__isnull=False)


def _visits() -> QuerySet[Any]:
    return VisitCount.objects.annotate(thing=F("pk"), value=F("place"))


def _centre(text: str, area: Area) -> tuple[int, str]:
    place: Place = get_object_or_404(Place.objects.centres(), pk=whole_number(text), grid__in=area.nodes)
    return place.pk, place.name


CENTRES = Split("place", {"activities": (_activities,), "visits": (_visits,)}, _centre)


@dataclass(frozen=True)
class Three:
    """The three figures of one centre, or of several together."""

    open_days: int
    open_hours: float
    activities: Number
    visits: Number
    days: int
    """Days of the month that are over or running."""

    @property
    def kept(self) -> list[Number]:
        return [self.activities, self.visits]

    @property
    def activities_a_week(self) -> float | None:
        return self.activities.amount * 7 / self.days if self.days else None


@dataclass(frozen=True)
class Row:
    place: Place
    three: Three


def days_of(cut: Cut, today: date) -> list[date]:
    """Those of its month that are over or running; none of one to come."""
    assert cut.period is not None, "三常 are of a month"
    last = min(today, cut.period.last)
    return [cut.period.first + timedelta(days=n) for n in range((last - cut.period.first).days + 1)]


def months(cut: Cut, *, today: date) -> tuple[Three, list[Row]]:
    """All together, and every centre that was in use in the month. The same queries however many centres."""
    days = days_of(cut, today)
    places = _centres_in(cut, today)
    hours, sums = hours_of(places), CENTRES.table(cut.place, KEPT, cut.days)
    rows = [
        Row(
            place,
            _three(
                replace(cut, node=None, split=CENTRES, value=place.pk, name=place.name),
                sums.get(place.pk, Sums()),
                [hours[place.pk]],
                days,
            ),
        )
        for place in places
    ]
    came = read_area(cut.place, cut.days)
    return _three(cut, came, list(hours.values()), days), rows


def _three(cut: Cut, came: Any, hours: list[Hours], days: list[date]) -> Three:
    spans = [each.hours_on(day) for each in hours for day in days]
    activities, visits = (cut.number(measure, came.of(measure)) for measure in KEPT)
    return Three(sum(1 for span in spans if span), sum(spans), activities, visits, len(days))


def _centres_in(cut: Cut, today: date) -> list[Place]:
    """In use in the month; in one to come, those in use today."""
    assert cut.period is not None, "三常 are of a month"
    until = min(today, cut.period.last)
    places = Place.objects.centres().filter(grid__in=cut.place.nodes.order_by(), opened_date__lte=until)
    places = places.exclude(closed_date__lte=cut.period.first).select_related("grid")
    return list(places.prefetch_related("hours", "exceptions").order_by("grid__tree_id", "grid__lft", "pk"))


def opened(place: Place, days: list[date]) -> list[tuple[date, str]]:
    """The days on which it was open, each with its hours in words."""
    hours = hours_of([place])[place.pk]
    return [(day, in_words(hours.on(day))) for day in days if hours.on(day)]
