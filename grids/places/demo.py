"""Demonstration places to the published figures: 69 邻里服务中心 and 12 议事点 over the twelve communities, with hours,
functions, rooms and visits, and a point and households for every demonstration building. Laid out about the county's seat;
where they stand is made up. A few buildings of each estate lie far out, so that the ten-minute circle leaves some to find."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from grids.county.nearby import Point
from grids.models import (
    Building,
    Grid,
    Level,
    OpeningException,
    OpeningHours,
    Place,
    PlaceFunction,
    PlaceKind,
    Room,
    VisitCount,
)
from grids.places.services import open_place

CENTRES = 69
SEAT: Point = (27.3654, 118.8587)
"""The county's seat."""
STREETS = ("榕树下", "桥头", "老街", "河畔", "广场")
LONG_WEEK = ((time(8, 30), time(12)), (time(14, 30), time(20, 30)))
SHORT_WEEK = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
WEEKEND = ((time(9), time(17)),)
ROOMS = (("议事厅", 30, "投影、音响"), ("活动室", 16, "桌椅可移动"))
VISITED_DAYS = 45


@transaction.atomic
def seed_places(*, at: datetime) -> int:
    """Returns how many were made: none when they are there already, or where there is no demonstration tree."""
    communities = list(_communities())
    if not communities or Place.objects.exists():
        return 0
    chance = random.Random(69)
    _place_buildings(communities, chance)
    functions = list(PlaceFunction.objects.filter(is_active=True).order_by("order", "pk"))
    centres = [
        _centre(community, _middle(index), number, functions, chance)
        for index, community in enumerate(communities)
        for number in range(CENTRES // len(communities) + (index < CENTRES % len(communities)))
    ]
    tables = [_tea_table(community, _middle(index)) for index, community in enumerate(communities)]
    _furnish(centres, chance, localdate(at))
    return len(centres) + len(tables)


def _communities() -> Iterator[Grid]:
    estates = Grid.objects.filter(level=Level.ESTATE)
    yield from Grid.objects.filter(pk__in=estates.values("parent")).order_by("tree_id", "lft")


def _middle(index: int) -> Point:
    """Twelve communities in three rows of four, about a kilometre apart."""
    return SEAT[0] + (index // 4 - 1) * 0.0088, SEAT[1] + (index % 4 - 1.5) * 0.0098


def _place_buildings(communities: list[Grid], chance: random.Random) -> None:
    """Rows of houses about each estate; the last house of an estate stands far out."""
    placed = []
    for index, community in enumerate(communities):
        for number, estate in enumerate(Grid.objects.filter(parent=community).order_by("lft")):
            buildings = list(Building.objects.filter(estate=estate).order_by("pk"))
            middle = _beside(_middle(index), 0.0022 * (1 if number % 2 else -1), 0.0024 * (1 if number // 2 else -1))
            last = buildings[-1].name if buildings else ""
            for row, building in enumerate(buildings):
                house = row // 2
                spot = _beside(middle, (house // 3 - 1) * 0.0006, (house % 3 - 1) * 0.0008)
                far = _beside(middle, 0.0062 if index >= 8 else -0.0062, 0.002 * (number + 1))
                building.latitude, building.longitude = far if building.name == last and index % 4 in (0, 3) else spot
                building.households = chance.randint(8, 24)
            placed += buildings
    Building.objects.bulk_update(placed, ["latitude", "longitude", "households"])


def _beside(point: Point, north: float, east: float) -> Point:
    return round(point[0] + north, 6), round(point[1] + east, 6)


def _centre(
    community: Grid, middle: Point, number: int, functions: list[PlaceFunction], chance: random.Random
) -> Place:
    """The first of a community is its own; the others stand here and there in it."""
    away = 0.0 if number == 0 else 0.0030
    spot = _beside(middle, away * chance.uniform(-1, 1), away * chance.uniform(-1, 1))
    street = "" if number == 0 else STREETS[number - 1]
    access = ["ramp", "large_print"] + (["toilet", "lift", "wheelchair"] if number == 0 else [])
    place = open_place(
        name=f"{community.name}{street}邻里服务中心",
        grid=community,
        point=spot,
        opened_date=date(2026, 1, 1),
        address=f"{community.name}{street or '党群服务中心'} {chance.randint(1, 90)} 号",
        access=access,
        duty_phone=f"0599-33{chance.randint(10000, 99999)}",
    )
    offered = functions if number == 0 else chance.sample(functions, min(3, len(functions)))
    place.functions.set(offered)
    return place


def _tea_table(community: Grid, middle: Point) -> Place:
    place = open_place(
        name=f"{community.name}议事点",
        kind=PlaceKind.TEA_TABLE,
        grid=community,
        point=_beside(middle, 0.0004, 0),
        opened_date=date(2026, 1, 1),
        address=f"{community.name}党群服务中心旁",
    )
    Room.objects.create(place=place, name="茶桌", seats=12)
    return place


def _furnish(centres: list[Place], chance: random.Random, today: date) -> None:
    """Hours, a day off ahead here and there, rooms, and how many came in the last weeks."""
    hours, days_off, rooms, visits = [], [], [], []
    for number, place in enumerate(centres):
        weekday = LONG_WEEK if number % 3 else SHORT_WEEK
        for day in range(7):
            stretches = weekday if day < 5 else WEEKEND if number % 2 == 0 or day == 5 else ()
            hours += [OpeningHours(place=place, weekday=day, from_time=a, until_time=b) for a, b in stretches]
        if number % 5 == 0:
            days_off.append(OpeningException(place=place, date=today + timedelta(days=20), words="设备检修，停一天"))
        rooms += [Room(place=place, name=name, seats=seats, equipment=has) for name, seats, has in ROOMS]
        for back in range(1, VISITED_DAYS):
            visits.append(VisitCount(place=place, date=today - timedelta(days=back), count=chance.randint(15, 60)))
    OpeningHours.objects.bulk_create(hours)
    OpeningException.objects.bulk_create(days_off)
    Room.objects.bulk_create(rooms)
    VisitCount.objects.bulk_create(visits)
