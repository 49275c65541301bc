"""The ten-minute circle of the county's own doors and centres: rows for grids/county/nearby.py, figures for pages.

Centres of a neighbouring community count: people walk across its border. Doors without coordinates are told apart,
never counted as reached or left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import localdate, localtime

from grids.county import nearby
from grids.county.nearby import Door, Ground, Share, Suggestion, Walk
from grids.models import Building, Grid, Level, Place, PlaceFunction
from grids.models.querysets import GridQuerySet, PlaceQuerySet
from grids.places.opening import Hours
from grids.places.services import hours_of


def walk() -> Walk:
    return Walk(settings.WALK_MINUTES, settings.WALK_SPEED, settings.DETOUR_PERCENT / 100)


def ground() -> Ground:
    south, _, north, _ = settings.COUNTY_BOUNDS
    return Ground((south + north) / 2)


@dataclass(frozen=True)
class Walked:
    """A centre, how far it is, how long one walks, and whether it is open."""

    place: Place
    metres: int
    """Along the way, not as the crow flies; to 10 m, which is what the detour factor is good for."""
    minutes: int
    is_open: bool
    open_words: str


def centres_on(day: date, function: PlaceFunction | None = None) -> PlaceQuerySet:
    centres = Place.objects.centres().running_on(day)
    return centres if function is None else centres.filter(functions=function)


def nearest_centres(building: Building, *, at: datetime, wanted: int = 3) -> list[Walked]:
    """The centres nearest to a door, as `parts/nearest_centres.html` shows them; none where the door has no coordinates."""
    if building.latitude is None or building.longitude is None:
        return []
    return nearest_to((building.latitude, building.longitude), at=at, wanted=wanted)


def nearest_to(point: nearby.Point, *, at: datetime, wanted: int = 3) -> list[Walked]:
    """The centres nearest to a point. Three queries."""
    places = centres_on(localdate(at)).prefetch_related("hours", "exceptions").order_by("pk")
    nearest = nearby.nearest(point, places, point_of=lambda place: place.point, ground=ground())[:wanted]
    hours = hours_of(place for _, place in nearest)
    return [_walked(place, straight, hours[place.pk], localtime(at)) for straight, place in nearest]


def _walked(place: Place, straight: float, hours: Hours, at: datetime) -> Walked:
    way = walk()
    metres = int(round(straight * way.detour / 10) * 10)
    minutes = max(1, round(way.minutes_for(straight)))
    return Walked(place, metres, minutes, hours.is_open(at), hours.now_words(at))


@dataclass(frozen=True)
class Circle:
    """Who has a centre (with some function) within the walk."""

    doors: list[Door[int]]
    out: list[Door[int]]
    unplaced: int
    """Doors without coordinates."""

    @property
    def share(self) -> Share:
        return nearby.share(self.doors, self.out)

    def best_spot(self) -> Suggestion[int] | None:
        return nearby.best_spot(self.out, walk=walk(), ground=ground())


def circle(area: GridQuerySet, *, on: date, function: PlaceFunction | None = None) -> Circle:
    """The circle of all doors of an area's estates."""
    buildings = list(Building.objects.filter(estate__in=area.order_by()).order_by("pk"))
    doors = _doors(buildings)
    return Circle(doors, _out(doors, _points(on, function)), len(buildings) - len(doors))


@dataclass(frozen=True)
class Row:
    """One community: its share for all centres, then for each function."""

    community: Grid
    unplaced: int
    shares: list[Share]


def by_community(area: GridQuerySet, *, on: date, functions: Iterable[PlaceFunction]) -> list[Row]:
    """Each community of the area. Doors are read once, centres once for each function."""
    communities = list(area.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft"))
    buildings = list(Building.objects.filter(estate__in=area.order_by()).select_related("estate").order_by("pk"))
    points = [_points(on, None), *(_points(on, function) for function in functions)]
    rows = []
    for community in communities:
        own = [building for building in buildings if community.covers(building.estate)]
        doors = _doors(own)
        shares = [nearby.share(doors, _out(doors, some)) for some in points]
        rows.append(Row(community, len(own) - len(doors), shares))
    return rows


def _points(on: date, function: PlaceFunction | None) -> list[nearby.Point]:
    return list(centres_on(on, function).values_list("latitude", "longitude"))


def _out(doors: list[Door[int]], centres: list[nearby.Point]) -> list[Door[int]]:
    return nearby.left_out(doors, centres, walk=walk(), ground=ground())


def _doors(buildings: Iterable[Building]) -> list[Door[int]]:
    return [_door(building) for building in buildings if building.latitude is not None]


def _door(building: Building) -> Door[int]:
    assert building.latitude is not None
    assert building.longitude is not None
    return Door(building.pk, (building.latitude, building.longitude), building.households)
