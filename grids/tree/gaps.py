"""What the two trees are missing: posts that nobody holds or that several people hold, doors that lie in no grid or in no
楼栋 of the 五长 tree. Read anew each time, from rows alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from grids.models import Building, Grid, Level, Post, Territory, TerritoryPost
from grids.models.querysets import GridQuerySet
from grids.roles import LEADERS, ROLES, spoken_title

LEADING: dict[int, str] = {level: code for code in LEADERS for level in ROLES[code].levels if level is not None}
"""Level of the party tree -> the role that answers there; county posts sit on none."""
SHARED = frozenset({Level.STREET})
"""Where several people hold the leading role by right: 街道干部."""


@dataclass(frozen=True)
class Gap:
    kind: str
    """A key of KINDS."""
    model: str
    key: int
    """What it is about: "grid", "territory" or "building", and which."""
    what: str
    """ "3幢楼栋长", "宜和佳苑 3幢1单元"."""
    where: str
    """Names of the nodes above."""
    note: str
    repair: str
    """Address of the page that mends it."""


KINDS = {
    "vacant": "岗位空缺",
    "doubled": "一岗多人",
    "no_grid": "楼栋没有网格",
    "no_territory": "楼栋没有五长",
}


def gaps(*, nodes: GridQuerySet, at: datetime) -> list[Gap]:
    """Every gap in this area (nodes of the party tree), and in the 五长 tree of its communities; by kind, in the order of
    the trees. Some ten queries, whatever its size."""
    gaps_found = [*_party_posts(nodes, at), *_territory_posts(nodes, at), *_doors(nodes)]
    order = list(KINDS)
    return sorted(gaps_found, key=lambda gap: order.index(gap.kind))


def counted(gaps: list[Gap]) -> dict[str, int]:
    return {kind: sum(gap.kind == kind for gap in gaps) for kind in KINDS}


def _party_posts(nodes: GridQuerySet, at: datetime) -> Iterator[Gap]:
    nodes_now = list(nodes.current().order_by("tree_id", "lft"))
    held = Post.objects.held_at(at).filter(role__in=LEADERS, grid__in=[node.pk for node in nodes_now])
    names = _names_by_node(held.select_related("person").values_list("grid", "role", "person__name"))
    paths = _paths(Grid, nodes_now)
    for node in nodes_now:
        role = LEADING[node.level]
        people = names.get((node.pk, role), [])
        title = spoken_title(node.name, ROLES[role].label)
        if not people:
            repair = f"{reverse('admin:grids_post_add')}?{urlencode({'grid': node.pk, 'role': role})}"
            note = "由上一级代为负责" if node.parent_id else "由县级代为负责"
            yield Gap("vacant", "grid", node.pk, title, paths[node.pk], note, repair)
        elif len(people) > 1 and node.level not in SHARED:
            repair = f"{reverse('admin:grids_post_changelist')}?{urlencode({'q': node.name, 'role__exact': role})}"
            yield Gap("doubled", "grid", node.pk, title, paths[node.pk], "、".join(people), repair)


def _territory_posts(nodes: GridQuerySet, at: datetime) -> Iterator[Gap]:
    roots = Territory.objects.filter(parent=None, grid__in=nodes.order_by().values("pk"))
    nodes_now = list(Territory.objects.current().filter(tree_id__in=roots.values("tree_id")).order_by("tree_id", "lft"))
    held = TerritoryPost.objects.held_at(at).filter(node__in=[node.pk for node in nodes_now])
    names = _names_by_node((node, "", name) for node, name in held.values_list("node", "person__name"))
    paths = _paths(Territory, nodes_now)
    for node in nodes_now:
        people = names.get((node.pk, ""), [])
        title = spoken_title(node.name, node.post_label)
        if not people:
            repair = f"{reverse('admin:grids_territorypost_add')}?{urlencode({'node': node.pk})}"
            note = "由上一级代为负责" if node.parent_id else "片区长由县级管理员任命"
            yield Gap("vacant", "territory", node.pk, title, paths[node.pk], note, repair)
        elif len(people) > 1:
            repair = f"{reverse('admin:grids_territorypost_changelist')}?{urlencode({'q': node.name})}"
            yield Gap("doubled", "territory", node.pk, title, paths[node.pk], "、".join(people), repair)


def _names_by_node(held: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str], list[str]]:
    """(node, role, name) of posts -> the names at each node and role."""
    names: dict[tuple[int, str], list[str]] = {}
    for node, role, name in held:
        names.setdefault((node, role), []).append(name)
    return names


def _paths(model: Any, nodes: list[Any]) -> dict[int, str]:
    """Node -> names of those above it. One query."""
    rows = model.objects.filter(tree_id__in={node.tree_id for node in nodes}).values_list("pk", "parent", "name")
    above = {pk: (parent, name) for pk, parent, name in rows}

    def path(pk: int | None) -> list[str]:
        return [] if pk is None else [*path(above[pk][0]), above[pk][1]]

    return {node.pk: " ".join(path(node.parent_id)) for node in nodes}


def _doors(nodes: GridQuerySet) -> Iterator[Gap]:
    area = nodes.order_by().values("pk")
    lying = Building.objects.filter(Q(estate__in=area) | Q(grid__in=area)).select_related("estate", "grid", "territory")
    for door in lying.order_by("estate__tree_id", "estate__lft", "pk"):
        change = reverse("admin:grids_building_change", args=[door.pk])
        if door.grid is None or door.grid.retired_at is not None:
            yield Gap("no_grid", "building", door.pk, door.label, door.estate.name, "由小区代为负责", change)
        if door.territory is None or door.territory.retired_at is not None:
            yield Gap("no_territory", "building", door.pk, door.label, door.estate.name, "由邻里或片区代为负责", change)
