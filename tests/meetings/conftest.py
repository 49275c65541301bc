"""A centre in 宜和社区 with a room, open every day, and an activity in it."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.models import User
from grids.models import Building, Grid, OpeningHours, Place, PlaceFunction, Room
from grids.places.services import open_place
from meetings.activities.services import make_activity
from meetings.defaults import load_defaults
from meetings.models import Activity, ActivityKind, Vote
from tests.meetings.neighbours import URN, a_person, adopted, announced, settle
from tests.support.cast import MONDAY, Town

CENTRE = (27.3654, 118.8587)
TUESDAY = MONDAY + timedelta(days=1)


def a_centre(
    grid: Grid, *, name: str = "宜和社区邻里服务中心", point: tuple[float, float] = CENTRE, **more: Any
) -> Place:
    """Open from eight to nine in the evening, every day."""
    opened_date = more.pop("opened_date", date(2026, 1, 1))
    functions = more.pop("functions", ())
    place = open_place(name=name, grid=grid, point=point, opened_date=opened_date, address="宜和佳苑 3 幢一层", **more)
    place.functions.set(PlaceFunction.objects.filter(name__in=functions))
    OpeningHours.objects.bulk_create(
        OpeningHours(place=place, weekday=day, from_time=time(8), until_time=time(21)) for day in range(7)
    )
    return place


def an_activity(by: User, room: Room | None, grid: Grid, *, at: datetime = MONDAY, **more: Any) -> Activity:
    from_at = more.pop("from_at", TUESDAY + timedelta(hours=6))
    kind = ActivityKind.objects.get(name=more.pop("kind", "健康义诊"))
    return make_activity(
        title=more.pop("title", "家庭医生义诊"),
        kind=kind,
        grid=grid,
        from_at=from_at,
        until_at=more.pop("until_at", from_at + timedelta(hours=2)),
        seats=more.pop("seats", 2),
        room=room,
        by=by,
        at=at,
        **more,
    )


@pytest.fixture
def centre(town: Town) -> Place:
    load_defaults()
    return a_centre(town.community, functions=["便民服务", "老年活动"])


@pytest.fixture
def room(centre: Place) -> Room:
    return Room.objects.create(place=centre, name="议事厅", seats=30, longest_hours=3)


@pytest.fixture
def activity(defaults: None, room: Room, worker_at_desk: User, town: Town) -> Activity:
    return an_activity(worker_at_desk, room, town.community)


@pytest.fixture
def placed(town: Town) -> Building:
    """王秀英's door, 200 m north of the centre."""
    town.building.latitude, town.building.longitude, town.building.households = CENTRE[0] + 0.0018, CENTRE[1], 12
    town.building.save()
    return town.building


@pytest.fixture
def people(db):
    return [a_person(n) for n in range(6)]


@pytest.fixture
def desk(staff):
    return staff["community_worker"]


@pytest.fixture
def owners_vote(defaults, town, desk, people) -> Vote:
    settle(town, people, ["100", "100", "100", "100", "100", "100"])
    return announced(adopted(town, desk), desk)


@pytest.fixture
def secret(defaults, town, desk, people) -> Vote:
    settle(town, people)
    topic = adopted(town, desk, "涉及全体居民利益的重要问题", grid=town.community)
    return announced(topic, desk, basis="adults", **URN)
