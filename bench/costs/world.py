"""Where it is acted: 熊山街道 of the demonstration with its tree and all its staff, and residents of the bench's own."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from bench import _database

DEFAULTS = ("load_defaults", "load_dispute_defaults", "load_volunteer_defaults", "load_meeting_defaults")
TEMPLATE = "bench_world"
RESIDENTS = 600
"""So many that none of them files too often (accounts/limiter.py)."""
WORDS = "3 幢 1 单元楼道灯坏了三天，晚上老人上下楼看不见。"


@dataclass
class World:
    town: Any
    """tests.support.cast.Town, of the demonstration's nodes."""
    residents: list[Any]


def plant(database: str) -> World:
    """Makes the database and uses it."""
    _database.copy(_template(), database)
    _database.use(database)
    return World(_town(), _residents())


@cache
def _template() -> str:
    """Planted once a run, copied for each row."""
    _database.own(TEMPLATE, *DEFAULTS, "seed_zhenghe")
    return TEMPLATE


def clear() -> None:
    if _template.cache_info().currsize:
        _database.drop(TEMPLATE)


def _town() -> Any:
    from grids.models import Building, Grid
    from tests.support.cast import Town

    building = Building.objects.filter(estate__name="宜和佳苑").select_related("grid", "estate").order_by("pk")[0]
    assert building.grid is not None
    group = building.grid.parent
    assert group is not None
    community = building.estate.parent
    other = Grid.objects.filter(parent=community.parent).exclude(pk=community.pk)[0]
    return Town(
        street=community.parent,
        community=community,
        estate=building.estate,
        group=group,
        grid=building.grid,
        next_grid=group.get_children().exclude(pk=building.grid.pk)[0],
        building=building,
        other_street=community.parent,
        other_community=other,
        other_grid=other.get_leafnodes()[0],
    )


def _residents() -> list[Any]:
    from accounts.models import User
    from accounts.models.user import phone_index

    phones = [f"135{serial:08d}" for serial in range(RESIDENTS)]
    return User.objects.bulk_create(
        User(phone=phone, phone_index=phone_index(phone), name=f"居民{serial}", password="!")
        for serial, phone in enumerate(phones)
    )


def worker(community: Any) -> Any:
    """At the desk of this community."""
    from grids.models import Post

    return (
        Post.objects.filter(grid=community, role="community_worker").select_related("person").order_by("pk")[0].person
    )


def draw(case: Any, verb: str, by: Any, *, at: datetime, words: str = "已处理", **more: Any) -> None:
    """Draw an arrow as a fresh page does."""
    from cases.engine.turns import Given
    from cases.services import act

    case.refresh_from_db()
    act(case=case, verb=verb, by=by, at=at, version=case.version, given=Given(words), **more)


def in_post(role: str) -> Any:
    """Somebody of the demonstration in this role, the first there is."""
    from grids.models import Post

    return Post.objects.filter(role=role).select_related("person").order_by("pk")[0].person
