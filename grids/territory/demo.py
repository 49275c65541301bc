"""The 五长 of the demonstration: 20 片区 with a county leader each, down to the staircases of its doors; joint duty and a
safety notice. Goes when the demonstration goes (grids/demo.py)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.utils import timezone

from accounts.models import User
from grids.models import Building, Grid, Level, Post, Territory, TerritoryLevel, TerritoryPost
from grids.police import duty, safety
from grids.territory import tree as territory_tree
from grids.tree.nested import Branch

AREAS = 20
ORDINALS = "一二三四五六七八九十"
HOTLINE = "12345"
"""The only phone that is published on the demonstration: the government's own hotline."""


def share(total: int, among: int, index: int) -> int:
    """`total` things handed out to `among` in turn: how many `index` gets."""
    return total // among + (index < total % among)


def seed_demo_territory(*, at: datetime, people: list[User]) -> None:
    """20 片区 handed out to the communities in turn, the 小区 of each to its 片区; `people` are the county leaders."""
    _seed_nodes()
    _seed_posts(at, people)
    _seed_police_work(at)


def _seed_nodes() -> None:
    communities = list(Grid.objects.current().filter(level=Level.COMMUNITY, children__isnull=False).distinct())
    communities.sort(key=lambda community: community.code)
    for index, community in enumerate(communities):
        number = share(AREAS, len(communities), index)
        areas = [
            territory_tree.add_area(
                name=f"{community.name.removesuffix('社区')}第{ORDINALS[each]}片区", community=community
            )
            for each in range(number)
        ]
        estates = community.get_children().order_by("lft")
        lanes: dict[int, list[Branch]] = {area.pk: [] for area in areas}
        for turn, estate in enumerate(estates):
            lanes[areas[turn % number].pk].append(Branch(f"{estate.name}巷", tuple(_neighbourhoods(estate))))
        for area in areas:
            territory_tree.plant(parent=area, branches=lanes[area.pk])
    Territory.objects.filter(parent=None).update(duty_phone=HOTLINE)
    Grid.objects.filter(level=Level.ESTATE).update(duty_phone=HOTLINE)


def _neighbourhoods(estate: Grid) -> Iterator[Branch]:
    """A 邻里 for each party group, with the 楼栋 whose first door its grids answer for, and their staircases."""
    doors = Building.objects.filter(estate=estate).select_related("grid__parent").order_by("pk")
    blocks: dict[int, list[Branch]] = {}
    for name, units in groupby(doors, key=lambda door: door.name):
        first, *others = units
        staircases = tuple(Branch(door.unit) for door in (first, *others))
        blocks.setdefault(first.answering_grid.parent_id, []).append(Branch(name, staircases))
    for number, group in enumerate(estate.get_children().order_by("lft")):
        name = f"{estate.name}第{ORDINALS[number]}邻里"
        yield Branch(name, tuple(blocks.get(group.pk, ())), {"grid": estate})


def _seed_posts(at: datetime, county_leaders: list[User]) -> None:
    """County leaders have the 片区; below it those who lead there on the party tree have both posts."""
    held = Post.objects.held_at(at).filter(role__in=("branch_secretary", "group_leader", "grid_leader"))
    leader_of = dict(held.values_list("grid", "person"))
    doors = {door.territory_id: door for door in Building.objects.exclude(territory=None)}
    leaders = iter(county_leaders)
    posts = []
    for tree in Territory.objects.filter(parent=None).order_by("tree_id"):
        nodes = list(tree.get_descendants(include_self=True))
        below: dict[int, int] = {}  # node -> who leads the first door below it
        for node in reversed(nodes):
            door = doors.get(node.pk)
            person = leader_of[door.grid_id] if door is not None else below.get(node.pk)
            if node.parent_id and person:
                below[node.parent_id] = person
            holder = _leading(node, leader_of, person, leaders)
            if holder is not None:
                posts.append(TerritoryPost(person_id=holder, node=node, from_at=at))
    TerritoryPost.objects.bulk_create(posts)


def _leading(node: Territory, leader_of: dict[int, int], person: int | None, leaders: Iterator[User]) -> int | None:
    if node.level == TerritoryLevel.AREA:
        return next(leaders).pk
    if node.level == TerritoryLevel.LANE:
        linked = node.get_children().exclude(grid=None).first()
        return leader_of.get(linked.grid_id) if linked else None
    return person


def _seed_police_work(at: datetime) -> None:
    """Tomorrow evening's joint duty in each community, and one safety notice."""
    evening = timezone.localtime(at + timedelta(days=1)).replace(hour=19, minute=0, second=0, microsecond=0)
    for community in Grid.objects.current().filter(level=Level.COMMUNITY, children__isnull=False).distinct():
        police = Post.objects.held_at(at).filter(grid=community).select_related("person", "grid")
        officer, patrol = police.filter(role="police_officer").first(), police.filter(role="patrol").first()
        leaders = duty.posts_for_duty(community, at=at).filter(role="grid_leader").order_by("grid__lft")
        if officer is None or patrol is None:
            continue
        duty.plan_shift(
            community=community,
            posts=[officer, patrol, *leaders[:1]],
            begins_at=evening,
            ends_at=evening + timedelta(hours=3),
            note="巡查沿街店铺和楼道",
            by=officer.person,
            at=at,
        )
        if community.name == "宜和社区":
            safety.publish(
                grid=community,
                title="谨防冒充客服退款诈骗",
                by=officer.person,
                at=at,
                from_at=at,
                until_at=at + timedelta(days=30),
                words="接到自称客服、要您转账或共享屏幕才能退款的电话，请挂断并拨打 96110 核实。",
            )
