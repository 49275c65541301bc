"""The tree itself, who is in post, 片区 and places: how many there are now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from dashboards.figures.sources.base import Count, Facts, Line, Source, beginning_of, next_of
from grids.models import Grid, Level, Place, PlaceKind, Post, Territory, TerritoryLevel

OF_LEVEL = {
    Level.STREET: "streets",
    Level.COMMUNITY: "communities",
    Level.ESTATE: "estates",
    Level.GROUP: "groups",
    Level.HOUSEHOLD: "grids",
}
OF_ROLE = {
    "grid_leader": "grid_leaders",
    "police_officer": "officers",
    "police_auxiliary": "auxiliaries",
    "patrol": "patrols",
}
OF_PLACE = {PlaceKind.CENTRE: "centres", PlaceKind.TEA_TABLE: "tea_tables"}


def _node_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    """A grid is led while somebody is its 网格长."""
    current = Grid.objects.current().filter(pk__in=ids).values_list("pk", "level")
    leaders: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    posts = Post.objects.filter(grid__in=ids, role="grid_leader").values_list("grid", "from_at", "until_at")
    for grid, from_at, until_at in posts:
        leaders[grid].append((from_at, until_at))
    facts = {}
    for pk, level in current:
        counts = [Count(OF_LEVEL[Level(level)])]
        if level == Level.HOUSEHOLD and any(_is_held(*times, at) for times in leaders[pk]):
            counts.append(Count("led"))
        change = next_of(at, *(moment for times in leaders[pk] for moment in times))
        facts[pk] = Facts(pk, tuple(counts), look_again_at=change)
    return facts


def _is_held(from_at: datetime, until_at: datetime | None, at: datetime) -> bool:
    return from_at <= at and (until_at is None or until_at > at)


def _node_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    nodes = Grid.objects.filter(pk__in=ids).select_related("parent")
    return {node.pk: Line(node.name, node.parent.name if node.parent else node.level_label) for node in nodes}


def _post_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    posts = Post.objects.filter(pk__in=ids, role__in=OF_ROLE, grid__isnull=False)
    facts = {}
    for post in posts:
        is_held = _is_held(post.from_at, post.until_at, at)
        counts = (Count(OF_ROLE[post.role]),) if is_held else ()
        facts[post.pk] = Facts(post.grid_id, counts, look_again_at=next_of(at, post.from_at, post.until_at))
    return facts


def _post_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    """By title: who it is stands where residents are told who answers for them."""
    posts = Post.objects.filter(pk__in=ids).select_related("grid__parent")
    return {post.pk: Line(post.title, post.grid.parent.name if post.grid.parent else "") for post in posts}


def _area_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    areas = Territory.objects.current().filter(pk__in=ids, level=TerritoryLevel.AREA)
    return {area.pk: Facts(area.grid_id, (Count("areas"),)) for area in areas}


def _area_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    areas = Territory.objects.filter(pk__in=ids).select_related("grid")
    return {area.pk: Line(area.name, area.grid.name) for area in areas}


def _place_facts(ids: Sequence[int], at: datetime) -> dict[int, Facts]:
    facts = {}
    for place in Place.objects.filter(pk__in=ids):
        counts = (Count(OF_PLACE[PlaceKind(place.kind)]),) if place.runs_on(localdate(at)) else ()
        change = next_of(at, beginning_of(place.opened_date), beginning_of(place.closed_date))
        facts[place.pk] = Facts(place.grid_id, counts, look_again_at=change)
    return facts


def _place_lines(ids: Sequence[int], reader: User | None) -> dict[int, Line]:
    places = Place.objects.filter(pk__in=ids).select_related("grid")
    return {
        place.pk: Line(
            place.name,
            f"{place.grid.name} · {place.address}",
            reverse("meetings:centre", args=[place.pk]) if place.kind == PlaceKind.CENTRE else "",
        )
        for place in places
    }


OF_POSTS = "grid role from_at until_at"
NODES = Source(
    "grid",
    "网格",
    _node_facts,
    _node_lines,
    lambda: Grid.objects.values_list("pk", flat=True),
    {Grid: "parent retired_at", Post: OF_POSTS},
)
POSTS = Source(
    "post",
    "任职",
    _post_facts,
    _post_lines,
    lambda: Post.objects.filter(role__in=OF_ROLE).values_list("pk", flat=True),
    {Post: OF_POSTS},
)
AREAS = Source(
    "area",
    "片区",
    _area_facts,
    _area_lines,
    lambda: Territory.objects.values_list("pk", flat=True),
    {Territory: "grid retired_at"},
)
PLACES = Source(
    "place",
    "阵地",
    _place_facts,
    _place_lines,
    lambda: Place.objects.values_list("pk", flat=True),
    {Place: "grid kind opened_date closed_date"},
)
