"""Places: made, closed, kept where the tree goes; visits counted; a place's hours from its rows."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from grids.county import shapes as county
from grids.models import Building, Grid, Level, Place
from grids.places.opening import Hours, Stretch
from grids.tree.observers import Follower

MOST_AT_ONCE = 500
HOLDS_OPEN: list[Callable[[Place, date], str]] = []
"""Rooms above say here why a place cannot close from that day on; "" when nothing is in the way."""


def new_door_code() -> str:
    """On the sign at the door: unguessable, easy to read out."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))


def check_place(place: Place) -> None:
    """Raises ValidationError at the field: outside the county, at no community or estate, or closing while something is
    still to take place there."""
    if place.latitude is not None and place.longitude is not None:
        county.check_inside(place.point)
    if place.grid_id is not None and place.grid.level not in {Level.COMMUNITY, Level.ESTATE}:
        raise ValidationError({"grid": "阵地设在社区或小区，请选社区或小区。"})
    day = place.closed_date
    if place.pk is None or day is None:
        return
    if reasons := [reason for holds_open in HOLDS_OPEN if (reason := holds_open(place, day))]:
        raise ValidationError({"closed_date": "；".join(reasons)})


def open_place(*, name: str, grid: Grid, point: tuple[float, float], opened_date: date, **more: object) -> Place:
    """A new centre or tea table. Raises ValidationError at the field that is wrong."""
    place = Place(
        name=name,
        grid=grid,
        latitude=point[0],
        longitude=point[1],
        opened_date=opened_date,
        door_code=new_door_code(),
        **more,
    )
    check_place(place)
    place.full_clean()
    place.save(force_insert=True)
    return place


def place_door(*, building: Building, latitude: float | None, longitude: float | None, households: int | None) -> None:
    """Where a building stands and how many households live in it, for the ten-minute circle; None: not known.

    Raises ValidationError at `latitude`: only one of the two, or outside the county."""
    if (latitude is None) != (longitude is None):
        raise ValidationError({"latitude": "纬度和经度要么都填，要么都不填。"})
    if latitude is not None and longitude is not None:
        county.check_inside((latitude, longitude))
    Building.objects.filter(pk=building.pk).update(latitude=latitude, longitude=longitude, households=households)


def hours_of(places: Iterable[Place]) -> dict[int, Hours]:
    """Place id -> when it is open. The places come with `hours` and `exceptions` prefetched, else two queries each."""
    return {place.pk: _hours(place) for place in places}


def _hours(place: Place) -> Hours:
    weekly: dict[int, list[Stretch]] = {}
    for hours in place.hours.all():
        weekly.setdefault(hours.weekday, []).append((hours.from_time, hours.until_time))
    otherwise = {
        exception.date: ((exception.from_time, exception.until_time),)
        if exception.from_time and exception.until_time
        else ()
        for exception in place.exceptions.all()
    }
    in_order = {weekday: tuple(sorted(stretches)) for weekday, stretches in weekly.items()}
    return Hours(in_order, otherwise, place.opened_date, place.closed_date)


def count_visits(*, place: Place, on: date, how_many: int = 1) -> None:
    """So many more came that day; nobody's name is asked. Exact however many count at once.

    Raises ValidationError at `how_many`: none or too many at once; or the place is closed for good."""
    if not 1 <= how_many <= MOST_AT_ONCE:
        raise ValidationError({"how_many": f"请填写 1 到 {MOST_AT_ONCE} 之间的人数。"})
    if not place.runs_on(on):
        raise ValidationError(f"{place.name}已停用，不再登记来访。")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO grids_visitcount (place_id, date, count) VALUES (%s, %s, %s)
            ON CONFLICT (place_id, date) DO UPDATE SET count = grids_visitcount.count + EXCLUDED.count
            """,
            [place.pk, on, how_many],
        )


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    Place.objects.filter(grid=old).update(grid=new)


FOLLOWER = Follower(
    label="阵地",
    count=lambda ids: Place.objects.filter(grid__in=ids).count(),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
